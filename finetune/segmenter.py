"""Train the segmenter: EfficientNet-Lite0 under SegFormer's head, on the renders' exact regions.

    python -m finetune.segmenter --data DIR --out DIR [--start DIR] [--minutes M] [--resume]

Loss: cross-entropy over the three classes, plus the soft Dice loss of the material (Milletari et al., 2016),
which counts a thin lip liner as much as a wide jar. Renders of what is no beauty product are left out: none of it is
marked as material, and a smear of paint or sauce looks as one of lipstick does. To tell these is the tagger's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import set_seed

from beauty_vlm.measurement.regions import MATERIAL
from beauty_vlm.models.segmentation_network import (
    LABELS,
    BeautySegmenter,
    BeautySegmenterConfig,
    lite0_config,
)
from beauty_vlm.vocabulary import OTHER
from data.shards import DataMissing
from finetune.augmentation import augment, pixels_to_floats
from finetune.dataset import Renders, load
from finetune.efficientnet import efficientnet_lite, fold_batch_norm, image_processor, prepared
from finetune.options import Options, options, parser
from finetune.packages import WeightsMissing
from finetune.recipe import augmentation, read_recipe, restaging
from finetune.restaging import restage
from finetune.training import BudgetTrainer, freeze

EVALUATED_AT_ONCE = 32
DICE_FLOOR = 1.0  # pixels: an image without material, rightly left empty, has no loss


def build(recipe: Mapping[str, Any]) -> BeautySegmenter:
    """The network with ImageNet's encoder and a new head. Raises WeightsMissing."""
    size = int(recipe["size"])
    config = BeautySegmenterConfig(
        encoder_config=lite0_config(image_size=size),
        decoder_hidden_size=int(recipe["head_width"]),
        decoder_dropout=0.0,  # thousands of pixels an image are regular enough; drawing masks takes 5%
    )
    model = BeautySegmenter(config)
    missing, _ = model.encoder.load_state_dict(efficientnet_lite(0, size).state_dict(), strict=False)
    if missing:
        raise ValueError(f"EfficientNet-Lite0 does not fill the encoder: {missing[:3]}")
    return model


def beauty(renders: Renders) -> np.ndarray:
    """The rows (N,) of those that show a beauty product."""
    return np.flatnonzero([product_type != OTHER for product_type in renders.product_types])


def trained(folder: Path) -> BeautySegmenter:
    """A segmenter of an earlier training, to go on from."""
    return BeautySegmenter.from_pretrained(folder, dtype=torch.float32)


def dice_loss(logits: torch.Tensor, regions: torch.Tensor) -> torch.Tensor:
    """1 - the soft Dice overlap of the material, mean over the images. Logits (B, 3, H, W), regions (B, H,
    W).
    """
    shares = logits.softmax(dim=1)[:, MATERIAL].flatten(1)
    truth = (regions == MATERIAL).flatten(1).float()
    overlap = 2 * (shares * truth).sum(dim=1) + DICE_FLOOR
    return (1 - overlap / (shares.sum(dim=1) + truth.sum(dim=1) + DICE_FLOOR)).mean()


def confusion(true: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Pixels (K, K) by their true class, in rows, and the one said; both of one shape, classes 0..K-1."""
    pairs = true.astype(np.int64) * len(LABELS) + said
    return np.bincount(pairs.ravel(), minlength=len(LABELS) ** 2).reshape(len(LABELS), len(LABELS))


def intersections_over_unions(counts: np.ndarray) -> np.ndarray:
    """The IoU of each class (..., K), from counts (..., K, K) with truth in rows; 1 for a class that never occurs."""
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    union = counts.sum(axis=-1) + counts.sum(axis=-2) - hits
    return np.where(union > 0, hits / np.maximum(union, 1), 1.0)


class SegmenterTrainer(BudgetTrainer):
    """Trains the head and the upper blocks of the encoder."""

    def __init__(self, recipe: Mapping[str, Any], chosen: Options, train: Renders, validation: Renders) -> None:
        """Builds the model, or goes on from a trained one. Raises WeightsMissing."""
        self.renders, self.validation = train, validation
        self.shown = beauty(train)
        self.ranges, self.restaging, self.size = augmentation(recipe), restaging(recipe), int(recipe["size"])
        set_seed(int(recipe["seed"]))
        model: Any = trained(chosen.start) if chosen.start else build(recipe)
        fold_batch_norm(model.encoder)
        freeze([model.encoder.embeddings, *model.encoder.encoder.blocks[: int(recipe["frozen_blocks"])]])
        model.to(memory_format=torch.channels_last)
        rates = {"": float(recipe["rate"]), "encoder.": float(recipe["encoder_rate"])}
        super().__init__(model, recipe, chosen, len(self.shown), rates, best="eval_miou")

    def batch(self, rows: np.ndarray) -> dict[str, Any]:
        """Augmented pixels (B, 3, S, S) and regions (B, S, S), of the side that is trained now."""
        rows = self.shown[rows]
        regions = self.renders.regions[rows]
        images = restage(self.renders.images[rows], regions, self.restaging, self.numbers)
        pixels, truth = augment(images, self.size_now(), self.ranges, self.generator, regions)
        return {"pixels": prepared(pixels), "regions": truth}

    def full_logits(self, pixels: torch.Tensor, size: torch.Size) -> torch.Tensor:
        """Float32 logits (B, 3, H, W) at `size`."""
        logits = self.model(pixels).logits.float()
        return functional.interpolate(logits, size=size, mode="bilinear", align_corners=False)

    def compute_loss(self, model: Any, inputs: dict[str, Any], *_: Any, **__: Any) -> torch.Tensor:
        """Cross-entropy plus the weighted Dice loss."""
        regions = inputs["regions"]
        logits = self.full_logits(inputs["pixels"], regions.shape[-2:])
        return functional.cross_entropy(logits, regions) + float(self.recipe["dice_weight"]) * dice_loss(
            logits, regions
        )

    def metrics(self) -> dict[str, float]:
        """IoU of each class over all pixels of the validation part, and their mean."""
        counts = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
        rows = beauty(self.validation)
        for some in np.array_split(rows, max(1, -(-len(rows) // EVALUATED_AT_ONCE))):
            truth = self.validation.regions[some].astype(np.int64)
            pixels = self.placed(prepared(pixels_to_floats(self.validation.images[some], self.size)))
            guess = self.full_logits(pixels, torch.Size(truth.shape[-2:])).argmax(dim=1).cpu().numpy()
            counts += confusion(truth, guess)
        overlaps = intersections_over_unions(counts)
        return {
            "miou": float(overlaps.mean()),
            **{f"iou_{LABELS[k]}": float(v) for k, v in enumerate(overlaps)},
        }

    def save(self, folder: Path) -> None:
        """Write the model folder that `beauty_vlm.models.loader` reads."""
        self.model.save_pretrained(folder)
        image_processor(self.size).save_pretrained(folder)


def main() -> None:
    """Train by the command line; the model lies in OUT/model afterwards."""
    chosen = options(parser("segmenter").parse_args())
    try:
        parts = load(chosen.data, "train"), load(chosen.data, "validation")
        trainer = SegmenterTrainer(read_recipe(chosen.recipe, "segmenter"), chosen, *parts)
    except (DataMissing, WeightsMissing) as error:
        raise SystemExit(str(error)) from None
    trainer.finish()


if __name__ == "__main__":
    main()
