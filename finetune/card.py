"""Model cards: what each embedded model is for, where it came from, and the card's text around its figures.

Front matter as the Hugging Face hub reads it (huggingface.co/docs/hub/model-cards). The figures of evaluations come
later, into marked places: see `finetune.figures`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml
from huggingface_hub import ModelCardData

from finetune.packages import FOCUS, LITE0, LITE2, MINILM, Weights
from finetune.recipe import RECIPES

CARD_FILE = "README.md"
TEMPLATE = Path(__file__).parent / "card.md"
LICENCE = "apache-2.0"
DATASET = "beauty-vlm-renders"


class CardError(Exception):
    """A card lacks a place for figures, or a report is not what it should be."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card says of a model whatever its training.

    `measures` are the rows of an evaluation that this model decides, each with the hub's name of its metric; the first
    KEY of them go into the front matter. `by_type`: whether the table by product type is shown too. `own` are the
    titles of evaluations of this model alone, by their place in the card.
    """

    recipe: str
    title: str
    library: str
    pipeline: str
    tags: tuple[str, ...]
    measures: tuple[tuple[str, str], ...]
    by_type: bool
    own: Mapping[str, str]
    starts: tuple[Weights, ...]
    lineage: str
    uses: str
    code: str
    limits: str


KEY = 3
TYPES = (
    ("Product type, top 1", "accuracy"),
    ("Product type, top 3", "accuracy"),
    ("Product type, macro recall", "recall"),
    ("Expected calibration error (15 bins)", "ece"),
    ("Beauty products accepted", "recall"),
    ("Other things rejected", "recall"),
    ("Finish", "accuracy"),
    ("Packaging material", "accuracy"),
    ("Packaging state (open, closed, swatch, worn)", "accuracy"),
    ("CLIPScore by the profile's own tagger", "clip_score"),
)
SHADES = (
    ("Main shade, median CIEDE2000", "ciede2000"),
    ("Main shade, mean CIEDE2000", "ciede2000"),
    ("Main shade within 6", "accuracy"),
    ("Main shade within 3", "accuracy"),
    ("Main shade not found", "error_rate"),
    ("No shade to be seen, F1", "f1"),
)
CLAIMS = (
    ("Claims that are right, raw caption", "precision"),
    ("Claims that are right, description", "precision"),
    ("Labelled facts that it says", "recall"),
    ("– a broader word for the type counted", "recall"),
    ("– of its types, by their own names", "precision"),
    ("– of its types, by a broader word", "precision"),
    ("– of its colours", "precision"),
    ("– of its finishes", "precision"),
    ("– of its packages", "precision"),
    ("– how it stands (open, closed, a swatch, worn)", "precision"),
    ("– that the shade cannot be seen", "precision"),
    ("BLEU-4 of sentences against references", "bleu"),
    ("CIDEr against references", "cider"),
)
DESCRIBE = 'import beauty_vlm\n\nreport = beauty_vlm.describe("photo.jpg", length="{length}")\n{shown}'

SUBJECTS = {
    "captioner": Subject(
        recipe="captioner",
        title="compact BLIP captioner",
        library="transformers",
        pipeline="image-to-text",
        tags=("blip", "image-captioning", "cosmetics"),
        measures=CLAIMS,
        by_type=False,
        own={},
        starts=(FOCUS, MINILM),
        lineage="Its image tower was taught beside the captions by the features of the tagger in `../tagger` "
        "(Apache-2.0), whose own image tower started from EfficientNet-Lite2 (ImageNet, Apache-2.0).",
        uses="It writes short and normal captions of one beauty product in a photo. They are candidates: the app "
        "holds each claim against what it measures. Not meant for other things or people, or to be believed unchecked.",
        code=DESCRIBE.format(length="normal", shown="report.caption, report.description"),
        limits="It knows the sentences of one grammar and nothing of the world: on photos unlike the renders "
        "it still names a product, often the wrong one. Its words are to be checked, which "
        "`beauty_vlm/writing` does. It names no brand, ingredient or benefit, because no caption of its did.",
    ),
    "captioner-lora": Subject(
        recipe="lora",
        title="LoRA adapter of the compact BLIP captioner",
        library="peft",
        pipeline="image-to-text",
        tags=("lora", "blip", "image-captioning", "cosmetics"),
        measures=CLAIMS,
        by_type=False,
        own={"own": "Against its base", "types": "What its tower says of the product type"},
        starts=(),
        lineage="- the captioner in `../captioner`, Apache-2.0, whose card names what that started from",
        uses="It adds detailed captions to the captioner in `../captioner`, on which alone it fits; it can be merged "
        "into it (`PeftModel.merge_and_unload`). Its words are candidates as the captioner's are. `types.safetensors` "
        "beside it is no part of it: a linear classifier of the product type on what the captioner's vision tower, "
        "with the adapter, sees; its opinion is pooled with the tagger's.",
        code=DESCRIBE.format(length="detailed", shown="report.caption, report.description"),
        limits="It adds the detailed sentences (undertone, depth, texture, package, background) to the captioner and "
        "shares its limits; details are wrong more often than the type or the shade, and are checked too.",
    ),
    "tagger": Subject(
        recipe="tagger",
        title="zero-shot tagger",
        library="transformers",
        pipeline="zero-shot-image-classification",
        tags=("clip", "dual-encoder", "cosmetics"),
        measures=TYPES,
        by_type=True,
        own={},
        starts=(LITE2, MINILM),
        lineage="",
        uses="It says how likely a photo shows each of 21 product types or something else, and the finish, the "
        "package's material and its state; any other labels can be offered to it. `calibration.json` holds its "
        "temperatures and thresholds.",
        code=DESCRIBE.format(length="normal", shown="report.product_type, report.finish"),
        limits="Between products that differ by their label alone (lipstick, gloss and concealer tubes; closed "
        "pencils; jars) it guesses; liquid lipsticks and glosses it cannot tell apart. Labels of its user are matched "
        "by what cosmetics taught it: outside of them expect little.",
    ),
    "segmenter": Subject(
        recipe="segmenter",
        title="segmenter of a product's material",
        library="transformers",
        pipeline="image-segmentation",
        tags=("segformer", "efficientnet", "cosmetics"),
        measures=SHADES,
        by_type=True,
        own={"own": "Regions of held-out renders"},
        starts=(LITE0,),
        lineage="",
        uses="It marks the pixels of a photo that are the product's own material, of its packaging, and of neither; "
        "the app measures the shade on the first. The figures of shades below are of that whole way, with light and "
        "clusters.",
        code=DESCRIBE.format(length="normal", shown="report.shade"),
        limits="It takes fluid behind a coloured or printed tube for packaging, skin of a foundation's tone for "
        "product now and then, and loses tips that are thinner than three pixels at 224 px, to which a small product's "
        "box is blown up.",
    ),
}


@dataclass(frozen=True, slots=True)
class Training:
    """How exported weights came about. `runs` are the metrics (`metrics.json`) of its stages, in their order."""

    data_command: str
    hardware: str
    runs: tuple[Mapping[str, Any], ...]
    remark: str = ""


def text(name: str, training: Training, size: int, curves: str, failures: str) -> str:
    """The card of the embedded model `name`, its places for figures still empty.

    `size` is that of its weights in bytes, `curves` the file of its curves, `failures` the Markdown on its failures.
    """
    subject = SUBJECTS[name]
    starts = [f"- {w.name}: `{w.package}=={w.version}`, {w.licence}, sha256 `{w.sha256}`" for w in subject.starts]
    body = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=subject.title,
        megabytes=f"{size / 1e6:.1f}",
        uses=subject.uses,
        code=subject.code,
        limits=subject.limits,
        starts="\n\n".join(part for part in ("\n".join(starts), subject.lineage) if part),
        data_command=training.data_command,
        training=_training(subject, training),
        curves=curves,
        metrics=json.dumps(dict(training.runs[-1]), indent=2),
        minutes=f"{sum(float(run['minutes']) for run in training.runs):.0f}",
        hardware=training.hardware,
        evaluation=_places(subject),
        failures=failures,
        recipe=_recipe(subject).strip(),
    )
    front = ModelCardData(
        license=LICENCE,
        language="en",
        library_name=subject.library,
        pipeline_tag=subject.pipeline,
        datasets=[DATASET],
        metrics=list(dict.fromkeys(metric for _, metric in subject.measures)),
        tags=list(subject.tags),
        model_name=f"Beauty VLM: {subject.title}",
    )
    return f"---\n{front.to_yaml()}\n---\n{body}"


def filled(card: str, place: str, content: str) -> str:
    """The card with `content` between the marks of `place`. Raises CardError when they are not there."""
    begin, end = _marks(place)
    before, found, rest = card.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise CardError(f"The card has no place for figures between {begin} and {end}; export the model anew.")
    return f"{before}{begin}\n\n{content.strip()}\n\n{end}{after}"


def _marks(place: str) -> tuple[str, str]:
    return f"<!-- {place} -->", f"<!-- end of {place} -->"


def _places(subject: Subject) -> str:
    """Titles and empty marked places for the figures."""
    titles = {"photos": "On photos of real products", "renders": "On held-out renders"}
    titles |= subject.own
    empty = "Not measured since these weights were exported."
    return "\n\n".join(
        f"### {title}\n\n" + "\n\n".join((_marks(p)[0], empty, _marks(p)[1])) for p, title in titles.items()
    )


def _training(subject: Subject, training: Training) -> str:
    """The command, what it takes, and how these weights were made."""
    folders = re.findall(r"--out (\S+)", training.data_command) or ["renders"]
    base = " --base runs/captioner/model" if subject.recipe == "lora" else ""
    command = f"python -m finetune.{subject.recipe} --data {' '.join(dict.fromkeys(folders))}{base}"
    command += f" --out runs/{subject.recipe}"
    spent = [f"{run['steps']} steps in {float(run['minutes']):.0f} minutes" for run in training.runs]
    if len(spent) == 1:
        made = f"It made these weights: {spent[0]} on {training.hardware}."
    else:
        budget = yaml.safe_load(_recipe(subject))["minutes"]
        made = (
            f"By the recipe below that is one training of {budget} minutes. These weights were not made by it, but by "
            f"{len(spent)} trainings, each going on (`--start`) from the end of the one before with a budget and a "
            f"schedule of its own: {', then '.join(spent)}, on {training.hardware}."
        )
    resumed = "With `--resume` a training that was killed goes on from its last checkpoint."
    return f"```\n{command}\n```\n\n{' '.join(part for part in (made, training.remark, resumed) if part)}"


def _recipe(subject: Subject) -> str:
    return (RECIPES / f"{subject.recipe}.yaml").read_text(encoding="utf-8")


def measured(subject: Subject) -> Sequence[str]:
    """The labels of the rows of an evaluation that the card shows."""
    return [label for label, _ in subject.measures]
