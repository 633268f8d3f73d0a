"""Renders made as hard as photos: on other grounds, lettered, framed askew, blurred and badly compressed.

As the tagger's training makes its strong views (finetune/recipes/tagger.yaml), but for light and colour, which stay:
what is true of a render, its shade included, is true of its view.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from pyarrow import Table, parquet

from beauty_vlm.evaluation.truths import Truth
from beauty_vlm.measurement.regions import MATERIAL, MIN_MATERIAL
from data.described import Place, pictures
from finetune.augmentation import Augmentation, augment
from finetune.dataset import SIDE
from finetune.recipe import RECIPES, augmentation, read_recipe, restaging
from finetune.restaging import Restaging, restage

RECIPE = RECIPES / "tagger.yaml"
LIGHT = ("exposure", "white_balance", "contrast", "saturation", "hue")  # these would change the shade


@lru_cache(maxsize=1)
def ranges() -> tuple[Augmentation, Restaging]:
    """The recipe's strong ranges, light and colour by the defaults, which keep captions true."""
    recipe, kept = read_recipe(RECIPE), Augmentation()
    strong = augmentation(recipe, "strong_augmentation")
    return replace(strong, **{name: getattr(kept, name) for name in LIGHT}), restaging(recipe, "strong_restaging")


def views(places: Sequence[Place], seed: int) -> Iterator[tuple[Truth, Image.Image]]:
    """A hard view (RGB, SIDE x SIDE) of each render at these places, with its truth; the same for the same seed.

    A view that leaves out the material which its render shows is none of that truth, and left out.
    """
    found = [
        (truth, image.resize((SIDE, SIDE)), _regions(place)) for place in places for truth, image in pictures([place])
    ]
    if not found:
        return
    images, regions = np.stack([np.asarray(image) for _, image, _ in found]), np.stack([region for *_, region in found])
    strong, staging = ranges()
    staged = restage(images, regions, staging, np.random.default_rng(seed))
    pixels, seen = augment(staged, SIDE, strong, torch.Generator().manual_seed(seed), regions)
    assert seen is not None
    for (truth, _, exact), view, left in zip(found, pixels, seen.numpy(), strict=True):
        if (exact == MATERIAL).mean() >= MIN_MATERIAL > (left == MATERIAL).mean():
            continue
        yield truth, Image.fromarray((view.permute(1, 2, 0).numpy() * 255).round().astype(np.uint8))


def _regions(place: Place) -> np.ndarray:
    """The exact regions of a render, uint8 (SIDE, SIDE)."""
    file, row = place
    (cell,) = _shard(file).slice(row, 1)["regions"].to_pylist()
    image = Image.open(io.BytesIO(cell["bytes"])).convert("L")
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.NEAREST))


@lru_cache(maxsize=1)
def _shard(path: Path) -> Table:
    return parquet.read_table(path, columns=["regions"])
