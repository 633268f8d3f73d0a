"""Put a trained model among the embedded ones: fp16 safetensors in small shards, and a model card.

    python -m finetune.export NAME TRAINED --data-command "python -m data.render ..." [--data DIR] [--to DIR]

NAME is captioner, captioner-lora, tagger or segmenter; TRAINED the --out folder of its training. With --data, the
model's worst held-out renders are drawn for the card.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, BlipForConditionalGeneration, VisionTextDualEncoderModel

from beauty_vlm.models.segmentation_network import BeautySegmenter
from beauty_vlm.vocabulary import product_types, shade_terms
from finetune import failures
from finetune.dataset import DataMissing, Renders, load
from finetune.packages import FOCUS, LITE0, LITE2, MINILM, Weights
from finetune.training import METRICS_FILE, RECIPES
from finetune.zero_shot import heads

EMBEDDED = Path(__file__).parents[1] / "beauty_vlm" / "models" / "embedded"
CARD = Path(__file__).parent / "card.md"
SHARD = "9MB"  # hosts of code refuse or warn about files of 10 MB and more
TEXT_BATCH = 64
LEAST_RIDGE = 1e-9  # of the mean variance: lets the system be solved
LARGEST_FILE = 10_000_000  # bytes
LEFT_BEHIND = ("*.safetensors", "*.safetensors.index.json", "README.md")  # written anew


@dataclass(frozen=True, slots=True)
class Kind:
    """How one embedded model is loaded, what its recipe is called, and what it started from."""

    loader: Any  # None: an adapter, whose file is converted as it is
    recipe: str
    title: str
    starts: tuple[Weights, ...]
    limits: str


KINDS = {
    "captioner": Kind(
        BlipForConditionalGeneration,
        "captioner",
        "compact BLIP captioner",
        (FOCUS, MINILM, LITE2),
        "It knows the sentences of one grammar and nothing of the world: on photos unlike the renders "
        "it still names a product, often the wrong one. Its words are to be checked, which "
        "`beauty_vlm/writing` does. It names no brand, ingredient or benefit, because no caption of its did.",
    ),
    "captioner-lora": Kind(
        None,
        "lora",
        "LoRA adapter of the compact BLIP captioner",
        (),
        "It adds the detailed sentences (undertone, depth, texture, package, background) to the captioner and shares "
        "its limits; details are wrong more often than the type or the shade, and are checked too.",
    ),
    "tagger": Kind(
        VisionTextDualEncoderModel,
        "tagger",
        "zero-shot tagger",
        (LITE2, MINILM),
        "Between products that differ by their label alone (lipstick, gloss and concealer tubes; closed pencils; jars) "
        "it guesses; liquid lipsticks and glosses it cannot tell apart. Labels of its "
        "user are matched by what cosmetics taught it: outside of them expect little.",
    ),
    "segmenter": Kind(
        BeautySegmenter,
        "segmenter",
        "segmenter of a product's material",
        (LITE0,),
        "It takes fluid behind a coloured or printed tube for packaging, skin of a foundation's tone for product now "
        "and then, and loses tips that are thinner than three pixels at 224 px.",
    ),
}


class ExportError(Exception):
    """The trained folder is incomplete, or a tensor is larger than a shard may be."""


def export(
    name: str,
    trained: Path,
    data_command: str,
    to: Path,
    evaluation: Path | None = None,
    renders: Renders | None = None,
) -> Path:
    """Write `to`/`name` anew and return it; with `renders` its failures among them are drawn. Raises ExportError."""
    kind, model = KINDS[name], trained / "model"
    if not model.is_dir() or not (trained / METRICS_FILE).is_file():
        raise ExportError(f"{trained} holds no finished training: model/ or {METRICS_FILE} is missing.")
    folder = to / name
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(model, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    if kind.loader is None:
        save_half_adapter(model, folder)
    else:
        loaded = kind.loader.from_pretrained(model, dtype=torch.float32)
        check_finite(loaded.state_dict())
        if isinstance(loaded, VisionTextDualEncoderModel):
            halve_towers(loaded, AutoTokenizer.from_pretrained(model))
        else:
            loaded.half()
        loaded.save_pretrained(folder, max_shard_size=SHARD)
    if large := [path.name for path in folder.iterdir() if path.stat().st_size > LARGEST_FILE]:
        raise ExportError(f"{', '.join(large)} is larger than {LARGEST_FILE} bytes: one tensor is too large.")
    text = card(kind, trained, data_command, folder)
    if renders is not None:
        path = failures.write(failures.of(name, folder, renders), folder)
        text += f"\n## Failures\n\nRenders of the validation part, the worst first:\n\n![Failures]({path.name})\n"
    if evaluation is not None:
        text += f"\n## On photos of real products\n\n{evaluation.read_text(encoding='utf-8').strip()}\n"
    (folder / "README.md").write_text(text, encoding="utf-8")
    return folder


@torch.no_grad()
def halve_towers(model: VisionTextDualEncoderModel, tokenizer: Any) -> None:
    """Round a tagger to fp16 in place, but for its projections, and solve that of the texts anew.

    It takes out what all texts share, which is large against what tells them apart: what rounding does to the tower's
    outputs is small against the first and not against the second. The new projection (least squares in float64) gives
    the vocabulary's texts the embeddings that they had.
    """
    texts = _vocabulary_texts()
    before = _pooled(model, tokenizer, texts)
    wanted = before @ model.text_projection.weight.double().T
    for part in (model.vision_model, model.text_model):
        part.half().float()
    after = _pooled(model, tokenizer, texts)
    spread = after.T @ after
    ridge = LEAST_RIDGE * spread.diagonal().mean() * torch.eye(len(spread), dtype=spread.dtype)
    model.text_projection.weight.copy_(torch.linalg.solve(spread + ridge, after.T @ wanted).T)
    for part in (model.vision_model, model.text_model):
        part.half()


def _pooled(model: VisionTextDualEncoderModel, tokenizer: Any, texts: Sequence[str]) -> torch.Tensor:
    """What the text tower makes of texts before its projection (T, E), float64."""
    found = []
    for start in range(0, len(texts), TEXT_BATCH):
        batch = list(texts[start : start + TEXT_BATCH])
        tokens = tokenizer(batch, padding=True, truncation=True, return_tensors="pt")
        output = model.text_model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"])
        found.append(output.pooler_output.double())
    return torch.cat(found)


def _vocabulary_texts() -> list[str]:
    """All prompts of the tagger's questions, and every type in every shade."""
    texts = [text for classes in heads().values() for prompts in classes.texts for text in prompts]
    return texts + [f"a {term.label} in {shade.name}" for term in product_types() for shade in shade_terms()]


def save_half_adapter(model: Path, folder: Path) -> None:
    """The adapter's tensors in fp16 under their own names, and its base's place beside it."""
    tensors = load_file(model / "adapter_model.safetensors")
    check_finite(tensors)
    halves = {name: tensor.half().contiguous() for name, tensor in tensors.items()}
    save_file(halves, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "../captioner"  # where the base lies, not where it was trained
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


def check_finite(tensors: dict[str, torch.Tensor]) -> None:
    """Raises ExportError when a number cannot be written as fp16 (65504 is its largest)."""
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not tensor.half().isfinite().all():
            raise ExportError(f"{name} holds numbers that fp16 cannot.")


def card(kind: Kind, trained: Path, data_command: str, folder: Path) -> str:
    """The model card."""
    metrics = json.loads((trained / METRICS_FILE).read_text())
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    starts = [f"- {w.name}: `{w.package}=={w.version}`, {w.licence}, sha256 `{w.sha256}`" for w in kind.starts]
    return Template(CARD.read_text(encoding="utf-8")).substitute(
        title=kind.title,
        module=kind.recipe,
        megabytes=f"{size / 1e6:.1f}",
        starts="\n".join(starts) or "- the captioner in `../captioner`",
        limits=kind.limits,
        data_command=data_command,
        minutes=metrics["minutes"],
        steps=metrics["steps"],
        hardware=f"{os.cpu_count()} cores ({platform.machine()}), no GPU",
        metrics=json.dumps(metrics, indent=2),
        recipe=(RECIPES / f"{kind.recipe}.yaml").read_text(encoding="utf-8").strip(),
    )


def main() -> None:
    """Export by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.export")
    arguments.add_argument("name", choices=sorted(KINDS))
    arguments.add_argument("trained", type=Path, help="the --out folder of the training")
    arguments.add_argument("--data-command", required=True, help="what rendered the data, for the card")
    arguments.add_argument("--evaluation", type=Path, help="Markdown of `beauty_vlm evaluate`, for the card")
    arguments.add_argument("--data", type=Path, nargs="+", action="extend", metavar="DIR", help="renders to fail on")
    arguments.add_argument("--to", type=Path, default=EMBEDDED)
    parsed = arguments.parse_args()
    try:
        renders = load(parsed.data, "validation") if parsed.data else None
        folder = export(parsed.name, parsed.trained, parsed.data_command, parsed.to, parsed.evaluation, renders)
    except (ExportError, DataMissing) as error:
        raise SystemExit(str(error)) from None
    print(f"{folder}: {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
