"""Other grounds, packages and words: what is changed, and that nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("accelerate", reason="the packages of requirements-train.txt are not installed")

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from finetune.restaging import Restaging, lettering, restage

SIDE = 64


@pytest.fixture
def scene() -> tuple[np.ndarray, np.ndarray]:
    """Two pictures of a red bullet over a dark package: on white paper with a shadow, and on a busy ground."""
    regions = np.full((2, SIDE, SIDE), BACKGROUND, dtype=np.uint8)
    regions[:, 10:24, 26:38] = MATERIAL
    regions[:, 24:60, 22:42] = PACKAGING
    images = np.full((2, SIDE, SIDE, 3), 230, dtype=np.uint8)
    images[0, 50:60, 42:60] = 185  # a soft shadow
    images[1] = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE, 3))
    images[regions == MATERIAL], images[regions == PACKAGING] = (190, 30, 40), (25, 25, 28)
    return images, regions


def inside(mask: np.ndarray) -> np.ndarray:
    """The mask (B, S, S) without its outermost pixels, which a softened edge may touch."""
    shifted = [np.roll(np.roll(mask, dy, 1), dx, 2) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return np.logical_and.reduce(shifted)


def test_nothing_asked_nothing_changed(scene: tuple[np.ndarray, np.ndarray]) -> None:
    images, regions = scene
    kept = images.copy()
    assert np.array_equal(restage(images, regions, Restaging(), np.random.default_rng(1)), images)
    assert np.array_equal(images, kept)


@pytest.mark.parametrize("ranges", [Restaging(tinted=1.0), Restaging(replaced=1.0)])
def test_another_ground_leaves_the_product(scene: tuple[np.ndarray, np.ndarray], ranges: Restaging) -> None:
    images, regions = scene
    kept = images.copy()
    for seed in range(8):
        found = restage(images, regions, ranges, np.random.default_rng(seed))
        product = inside(regions != BACKGROUND)
        assert np.array_equal(found[product], images[product])
        assert not np.array_equal(found[0][regions[0] == BACKGROUND], images[0][regions[0] == BACKGROUND])
        assert np.array_equal(images, kept)
        if ranges.replaced:  # a busy ground may be hands or things: only paper gives way
            assert np.array_equal(found[1], images[1])


def test_shadows_stay_on_the_new_ground(scene: tuple[np.ndarray, np.ndarray]) -> None:
    images, regions = scene
    found = restage(images, regions, Restaging(tinted=1.0), np.random.default_rng(3)).astype(float)
    ratio = found[0, 52:58, 46:56].mean((0, 1)) / found[0, 2:8, 46:56].mean((0, 1))
    assert np.allclose(ratio, 185 / 230, atol=0.05)


def test_words_stand_on_the_package_alone(scene: tuple[np.ndarray, np.ndarray]) -> None:
    images, regions = scene
    found = restage(images, regions, Restaging(lettered=1.0), np.random.default_rng(5))
    changed = (found != images).any(axis=-1)
    assert changed.any(axis=(1, 2)).all() and not changed[regions != PACKAGING].any()
    again = restage(images, regions, Restaging(lettered=1.0), np.random.default_rng(5))
    assert np.array_equal(found, again)


def test_a_dyed_package_is_as_shaded_as_before_and_alone_changes(scene: tuple[np.ndarray, np.ndarray]) -> None:
    images, regions = scene
    images[:, 30:34, 24:40] = 60  # a light across the package
    alike = 0
    for seed in range(40):
        found = restage(images, regions, Restaging(dyed=1.0), np.random.default_rng(seed))
        assert np.array_equal(found[inside(regions != PACKAGING)], images[inside(regions != PACKAGING)])
        package = found[0, 44:56, 26:38].reshape(-1, 3).astype(float)
        assert (package == package[0]).all() and not np.array_equal(package[0], images[0, 50, 30])
        assert (found[0, 31:33, 26:38].mean(-1) >= package[0].mean()).all()
        red = images[0][regions[0] == MATERIAL][0]
        alike += bool(np.abs(package[0] / package[0].max() - red / red.max()).max() < 0.1)
    assert 10 <= alike <= 35


def test_a_package_too_small_for_words_is_left(scene: tuple[np.ndarray, np.ndarray]) -> None:
    images, regions = scene
    regions[regions == PACKAGING] = BACKGROUND
    regions[:, 30:34, 30:34] = PACKAGING
    assert np.array_equal(restage(images, regions, Restaging(lettered=1.0), np.random.default_rng(5)), images)


def test_words_are_drawn_once_and_readable() -> None:
    words = lettering()
    assert words is lettering() and all(max(word.getextrema()) > 128 for word in words)
