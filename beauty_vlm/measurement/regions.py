"""The three kinds of pixel that the segmentation model tells apart, and where the product stands among them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

BACKGROUND, PACKAGING, MATERIAL = 0, 1, 2
MARGIN = 0.12  # of the product's longer side, left about it: its shadow, and what the mask missed
SMALLEST = 8  # pixels: less is a speck

Box = tuple[int, int, int, int]


def product_box(regions: NDArray[np.uint8]) -> Box | None:
    """Left, top, right and bottom of the square about all packaging and material, cut at the photo's borders.

    `regions` is (H, W). None where there is no product, or one of less than SMALLEST pixels a side.
    """
    product = regions != BACKGROUND
    rows, columns = np.flatnonzero(product.any(axis=1)), np.flatnonzero(product.any(axis=0))
    if not len(rows):
        return None
    left, right, top, bottom = int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1
    half = max(right - left, bottom - top) * (0.5 + MARGIN)
    across, down = (left + right) / 2, (top + bottom) / 2
    height, width = regions.shape
    box = (
        max(0, int(across - half)),
        max(0, int(down - half)),
        min(width, math.ceil(across + half)),
        min(height, math.ceil(down + half)),
    )
    return box if min(box[2] - box[0], box[3] - box[1]) >= SMALLEST else None


def share(regions: NDArray[np.uint8], region: int) -> float:
    """The part of the photo, 0..1, that is of one region."""
    return np.count_nonzero(regions == region) / regions.size if regions.size else 0.0
