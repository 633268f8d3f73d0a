"""The committed sample of renders: that it is what the card says, and that the embedded models see what is on it.

The floors are far below what the model cards report: they catch a broken model, not a weaker one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets import Image as ImageColumn
from datasets import load_dataset
from PIL import Image

from beauty_vlm.colour import ciede2000
from beauty_vlm.measurement import shade as measurement
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.models.loader import Loader
from beauty_vlm.vocabulary import product_types

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
MOST_BYTES = 8_000_000
LOOKED_AT = 60  # of the renders: a few seconds
SIDE = 256


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    files = sorted(str(path) for path in SAMPLE.glob("*.parquet"))
    table = load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path_factory.mktemp("cache")))
    return list(table.cast_column("image", ImageColumn()).cast_column("regions", ImageColumn()))


def test_it_is_small_and_shows_every_type(rows: list[dict[str, Any]]) -> None:
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) <= MOST_BYTES
    assert {row["product_type"] for row in rows} == {term.label for term in product_types()}
    assert len({row["id"] for row in rows}) == len(rows)


def test_masks_and_labels_agree(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        regions = np.asarray(row["regions"])
        assert row["image"].size == (SIDE, SIDE) and regions.shape == (SIDE, SIDE)
        assert set(np.unique(regions)) <= {BACKGROUND, PACKAGING, MATERIAL}
        if row["shade_visible"]:
            assert (regions == MATERIAL).any() and row["shade_name"] in row["caption_detailed"].lower()
        if row["product_type"] == "other":
            assert not (regions == MATERIAL).any() and not row["shade_visible"]


def test_the_label_of_the_shade_is_what_the_masked_pixels_show(rows: list[dict[str, Any]]) -> None:
    differences = []
    for row in [row for row in rows if row["shade_visible"]][:40]:
        shade = measurement.measure(row["image"].convert("RGB"), np.asarray(row["regions"]))
        assert shade.main is not None
        differences.append(float(ciede2000(np.array(shade.main.lab), np.array(row["appearance_lab"]))))
    # The sample was labelled by an earlier rule for which of several colours is the main one.
    assert np.median(differences) < 3 and np.mean(np.array(differences) < 6) > 0.7


def test_the_embedded_segmenter_finds_the_material(rows: list[dict[str, Any]]) -> None:
    segmenter = Loader().segmenter()
    overlaps = []
    for row in [row for row in rows if row["shade_visible"]][:LOOKED_AT]:
        truth = np.asarray(row["regions"]) == MATERIAL
        found = segmenter.regions(row["image"].convert("RGB")) == MATERIAL
        overlaps.append((truth & found).sum() / (truth | found).sum())
    assert np.median(overlaps) > 0.35


def test_the_embedded_tagger_knows_the_types(rows: list[dict[str, Any]]) -> None:
    tagger = Loader().tagger()
    found = [(tagger.product_type(row["image"].convert("RGB")), row["product_type"]) for row in rows[:LOOKED_AT]]
    assert np.mean([said.label == truth for said, truth in found]) > 0.3
    assert np.mean([truth in [score.label for score in said.top] for said, truth in found]) > 0.6
    assert np.mean([said.score for said, _ in found]) > 0.4  # lost precision would make all types alike


def test_measured_shades_are_near_the_true_ones(rows: list[dict[str, Any]]) -> None:
    segmenter = Loader().segmenter()
    differences = []
    for row in [row for row in rows[: 2 * LOOKED_AT] if row["shade_visible"] and len(row["shade_names"]) == 1]:
        image: Image.Image = row["image"].convert("RGB")
        shade = measurement.measure(image, segmenter.regions(image))
        if shade.main is not None:
            differences.append(float(ciede2000(np.array(shade.main.lab), np.array(row["appearance_lab"]))))
    assert len(differences) > 10 and np.median(differences) < 6
