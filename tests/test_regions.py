"""Where the product stands, and whether its material can be believed."""

from __future__ import annotations

import numpy as np
import pytest

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING, product_box, share
from beauty_vlm.measurement.visibility import shows_shade
from beauty_vlm.report import ProductType, Score

LIPSTICK = ProductType("lipstick", 0.9, True, ())


def regions(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    found = np.full((100, 200), BACKGROUND, dtype=np.uint8)
    found[top:bottom, left:right] = PACKAGING
    found[top : (top + bottom) // 2, left:right] = MATERIAL
    return found


def test_the_box_is_a_square_about_the_product_with_a_margin() -> None:
    assert product_box(regions(90, 40, 110, 60)) == (87, 37, 113, 63)


def test_the_box_ends_at_the_borders() -> None:
    assert product_box(regions(0, 0, 10, 100)) == (0, 0, 67, 100)
    assert product_box(regions(0, 0, 200, 100)) == (0, 0, 200, 100)


def test_nothing_has_no_box() -> None:
    assert product_box(np.full((50, 50), BACKGROUND, dtype=np.uint8)) is None
    assert product_box(regions(90, 40, 92, 42)) is None


def test_shares_are_of_the_photo() -> None:
    assert share(regions(0, 0, 100, 100), MATERIAL) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("product_type", "state", "material", "shown"),
    [
        (LIPSTICK, Score("open", 0.99), 0.01, True),
        (LIPSTICK, Score("closed", 0.95), 0.01, False),
        (LIPSTICK, Score("closed", 0.95), 0.2, True),
        (LIPSTICK, Score("closed", 0.6), 0.01, True),
        (LIPSTICK, None, 0.01, True),
        (ProductType("other", 0.8, False, ()), Score("open", 0.9), 0.3, False),
        (ProductType("other", 0.4, False, ()), Score("open", 0.9), 0.3, True),
        (ProductType("brush or tool", 0.9, True, ()), Score("open", 0.9), 0.3, False),
        (ProductType("brush or tool", 0.4, True, (), Score("beauty product", 0.9)), Score("open", 0.9), 0.3, True),
    ],
)
def test_a_closed_package_and_a_tool_show_no_shade(
    product_type: ProductType, state: Score | None, material: float, shown: bool
) -> None:
    assert shows_shade(product_type, state, material) is shown
