"""The measurements of a rendered set, on features and colours whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the packages of requirements-train.txt are not installed")

from data.distribution import FEWEST, gaps, to_markdown
from data.shades import sample_shade
from finetune import realism

TYPES = ("lipstick", "mascara", "powder")
WIDTH = 8


def pictures(seed: int, count: int, shift: float = 0.0) -> tuple[np.ndarray, list[str]]:
    """Features (3 `count`, WIDTH) in one far cluster a type, all moved by `shift` along the last axis."""
    dice = np.random.default_rng(seed)
    types = [name for name in TYPES for _ in range(count)]
    centres = 10 * np.eye(WIDTH)[[TYPES.index(name) for name in types]]
    moved = dice.normal(size=(len(types), WIDTH)) + centres
    moved[:, -1] += shift
    return moved, types


def test_types_that_look_alike_in_both_are_recognised() -> None:
    rendered, photographed = pictures(0, 40), pictures(1, 30)
    result = realism.compare(*rendered, *photographed)
    assert result.top_1.value == 1.0 and result.macro_recall.value == 1.0
    assert result.types["mascara"].photos == 30 and result.types["mascara"].taken_for == ()
    assert result.separability == pytest.approx(0.5, abs=0.15)
    assert "| mascara | 30 | 100.0%" in realism.to_markdown(result)


def test_a_type_that_only_photos_show_is_a_miss_and_the_gap_is_seen() -> None:
    rendered, types = pictures(0, 40)
    photographed, truths = pictures(1, 30, shift=30.0)
    truths = ["concealer" if name == "powder" else name for name in truths]
    result = realism.compare(rendered, types, photographed, truths)
    assert result.types["concealer"].recall.value == 0.0
    assert result.types["concealer"].taken_for[0][1] == 30
    assert result.separability > 0.99


def test_own_shades_lie_as_near_as_two_halves_of_them() -> None:
    dice = np.random.default_rng(0)
    own = [list(sample_shade("blush", dice)) for _ in range(400)]
    grey = [[50.0, 0.0, 0.0 + k / 100] for k in range(400)]
    near, far = gaps(["blush"] * 400 + ["lipstick"] * 400, own + grey, None)[::-1]
    assert (near.product_type, far.product_type) == ("blush", "lipstick")
    assert near.energy < 1.5 < 8 < far.energy
    assert not near.published
    assert "| blush | 400 |" in to_markdown([near])


def test_published_shades_are_the_reference_where_they_are_given() -> None:
    dice = np.random.default_rng(0)
    published = {"blush": np.array([sample_shade("blush", dice) for _ in range(300)])}
    albedos = [list(sample_shade("lipstick", dice)) for _ in range(FEWEST)]
    (gap,) = gaps(["blush"] * FEWEST, albedos, published)
    assert gap.published and gap.energy > 2 * gap.spread
    assert gaps(["blush"] * (FEWEST - 1), albedos[1:], published) == []
