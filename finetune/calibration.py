"""How a tagger's scores are to be read: temperatures and thresholds, fitted on renders it has not learned from.

    python -m finetune.calibration MODEL [--data DIR …] [--unseen DIR …] [--recipe YAML]

MODEL is a tagger's folder; its calibration.json is written anew. The held-out part of --data chose the checkpoint, on
which it errs less there than elsewhere: better are renders that no training saw, --unseen. Temperatures are fitted to
strongly augmented views, as in training: clean renders are easier than photos, and temperatures fitted on them are too
sure of photos. What is accepted as a beauty product is fitted to the renders as they are: products cut off and blurred
pass for other things more often than those that someone photographs, and the threshold would let too much else pass.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import AutoTokenizer, CLIPImageProcessorPil, VisionTextDualEncoderModel

from beauty_vlm.models.canvas import canvas_size
from beauty_vlm.models.tagger import Calibration, likely_word
from beauty_vlm.report import Score
from beauty_vlm.vocabulary import OTHER, type_groups
from data.shards import DataMissing
from finetune.augmentation import Augmentation, augment, pixels_to_floats
from finetune.dataset import Renders, load
from finetune.options import add_untrained
from finetune.recipe import RECIPES, augmentation, read_recipe, restaging
from finetune.restaging import Restaging, restage
from finetune.zero_shot import Logits, heads, truths

TEMPERATURES = np.geomspace(0.2, 5.0, 161)  # 2% steps: finer than a validation part of hundreds can tell
ACCEPTED_SHARE = 0.95  # of the beauty products
RIGHT_SHARE = 0.95  # of the words said of a type: the goal for claims
LIKELIHOODS = np.linspace(0.3, 0.98, 69)  # where `likely` is looked for
VIEWS = 4  # augmented views of each render, so that thresholds rest on more than a thousand pictures;
ENOUGH = 2500  # of many renders, no more than make as many pictures as this
EVALUATED_AT_ONCE = 64
CALIBRATION_FILE = "calibration.json"


def fitted_temperature(logits: torch.Tensor, truth: torch.Tensor) -> float:
    """The divisor of the logits with the least negative log-likelihood (Guo et al., 2017); 1 without
    examples.
    """
    logits, truth = logits[truth >= 0].float().cpu(), truth[truth >= 0].cpu()
    if not len(truth):
        return 1.0
    losses = [float(functional.cross_entropy(logits / value, truth)) for value in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


@dataclass(frozen=True, slots=True)
class Views:
    """Each render `times` times: as it is, or put on other grounds by `staging` and augmented within `ranges`."""

    renders: Renders
    ranges: Augmentation | None = None
    staging: Restaging = field(default_factory=Restaging)
    times: int = 1

    @classmethod
    def strong(cls, renders: Renders, ranges: Augmentation, staging: Restaging) -> Views:
        """So many views of each render that what is fitted to them is steady."""
        return cls(renders, ranges, staging, min(VIEWS, -(-ENOUGH // max(1, len(renders)))))

    def __len__(self) -> int:
        return self.times * len(self.renders)

    @property
    def rows(self) -> np.ndarray:
        """The render of each view (N,)."""
        return np.tile(np.arange(len(self.renders)), self.times)

    def batches(self, size: int) -> Iterator[torch.Tensor]:
        """The views in turn as (B, 3, size, size) in 0..1; always the same ones, of another size too."""
        generator, numbers = torch.Generator().manual_seed(0), np.random.default_rng(0)
        parts = np.array_split(np.arange(len(self.renders)), max(1, -(-len(self.renders) // EVALUATED_AT_ONCE)))
        for _ in range(self.times):
            for rows in parts:
                if self.ranges is None:
                    yield pixels_to_floats(self.renders.images[rows], size)
                    continue
                staged = restage(self.renders.images[rows], self.renders.regions[rows], self.staging, numbers)
                yield augment(staged, size, self.ranges, generator)[0]


def fit(strong: Mapping[str, Logits], plain: Logits, labels: Sequence[str]) -> Calibration:
    """The calibration for zero-shot logits by question (`finetune.zero_shot.heads`) of strong views, and those for the
    product type of the renders as they are; `labels` are the types.
    """
    logits, truth = (part.float().cpu() for part in strong["types"])
    truth = truth.long()
    temperature = fitted_temperature(logits, truth)
    shares = (logits / temperature).softmax(dim=1)
    clean = (plain[0].float().cpu() / temperature).softmax(dim=1)
    return Calibration(
        temperature=temperature,
        finish_temperature=fitted_temperature(*strong["finishes"]),
        material_temperature=fitted_temperature(*strong["materials"]),
        state_temperature=fitted_temperature(*strong["states"]),
        visibility_temperature=fitted_temperature(*strong["visibilities"]),
        product=acceptance(clean, plain[1].cpu().long(), labels.index(OTHER)),
        likely=likely_threshold(shares, truth, labels),
    )


def acceptance(shares: torch.Tensor, truth: torch.Tensor, other: int) -> float:
    """The threshold on 1 - P(other) at which ACCEPTED_SHARE of beauty products are accepted; 0 without any.

    On held-out renders it rejects more of what is no beauty product than a threshold on the best probability, on the
    energy or on the margin to "other" (TRIALS.md).
    """
    scores = torch.where(shares.argmax(dim=1) == other, 0.0, 1 - shares[:, other])[truth != other]
    return float(scores.quantile(1 - ACCEPTED_SHARE)) if len(scores) else 0.0


def write(calibration: Calibration, folder: Path) -> str:
    """Write a tagger's calibration.json; returns its text. `accept` is what `product` stands instead of."""
    values = {name: value for name, value in asdict(calibration).items() if name != "accept"}
    text = json.dumps(values, indent=2) + "\n"
    (folder / CALIBRATION_FILE).write_text(text, encoding="utf-8")
    return text


def likely_threshold(shares: torch.Tensor, truth: torch.Tensor, labels: Sequence[str]) -> float:
    """The least threshold for `likely_word` at which RIGHT_SHARE of the words said are right; the highest if none is.

    Over the pictures that are taken for a beauty product. A group is right of every type in it, and no word of "other".
    """
    groups = {group.name: group.types for group in type_groups()}
    rankings = []
    for row, number in zip(shares.tolist(), truth.tolist(), strict=True):
        ranked = sorted((Score(label, share) for label, share in zip(labels, row, strict=True)), key=lambda s: -s.score)
        if ranked[0].label != OTHER:
            rankings.append((ranked, labels[number]))
    for threshold in LIKELIHOODS.tolist():
        words = [(likely_word(ranked, threshold), true) for ranked, true in rankings]
        right = [true in groups.get(word.label, (word.label,)) for word, true in words if word.score >= threshold]
        if right and np.mean(right) >= RIGHT_SHARE:
            return round(float(threshold), 2)
    return float(LIKELIHOODS[-1])


@torch.inference_mode()
def logits_of(folder: Path, views: Views) -> dict[str, Logits]:
    """Zero-shot logits of a saved tagger on views of renders, by question. Raises OSError."""
    model = VisionTextDualEncoderModel.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer, processor = AutoTokenizer.from_pretrained(folder), CLIPImageProcessorPil.from_pretrained(folder)
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (processor.image_mean, processor.image_std))
    images = torch.cat(
        [
            _unit(model.get_image_features(pixel_values=(pixels - mean) / std))
            for pixels in views.batches(canvas_size(processor))
        ]
    )
    asked = heads()
    truth = truths(views.renders, views.rows, asked)
    found = {}
    for name, classes in asked.items():
        tokens = [tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt") for texts in classes.texts]
        means = [_unit(model.get_text_features(t["input_ids"], t["attention_mask"])).mean(dim=0) for t in tokens]
        embedded = functional.normalize(torch.stack(means), dim=-1)
        found[name] = (model.logit_scale.exp() * images @ embedded.T, truth[name])
    return found


def _unit(output: Any) -> torch.Tensor:
    return functional.normalize(output.pooler_output, dim=-1)


def main() -> None:
    """Calibrate a saved tagger by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.calibration")
    arguments.add_argument("model", type=Path, help="folder of a tagger; its calibration.json is written anew")
    add_untrained(arguments)
    arguments.add_argument("--recipe", type=Path, default=RECIPES / "tagger.yaml", help="for its strong augmentation")
    parsed = arguments.parse_args()
    recipe = read_recipe(parsed.recipe)
    ranges, staging = augmentation(recipe, "strong_augmentation"), restaging(recipe, "strong_restaging")
    try:
        renders = load(parsed.data, "validation", parsed.unseen)
        strong = logits_of(parsed.model, Views.strong(renders, ranges, staging))
        plain = logits_of(parsed.model, Views(renders))
    except (DataMissing, OSError) as error:
        raise SystemExit(str(error)) from None
    calibrated = fit(strong, plain["types"], heads()["types"].labels)
    try:
        print(write(calibrated, parsed.model), end="")
    except OSError as error:
        raise SystemExit(
            f"{error.filename} cannot be written: {error.strerror}. It was to hold {calibrated}."
        ) from None


if __name__ == "__main__":
    main()
