"""The three kinds of pixel that the segmentation model tells apart, and where the product stands among them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

BACKGROUND, PACKAGING, MATERIAL = 0, 1, 2
MARGIN = 0.12  # of the product's longer side, left about it: its shadow, and what the mask missed
SMALLEST = 8  # pixels: less is a speck
FREE_BORDER = 0.5  # of a piece's outline: beside more background than package it stands free
OUTLINE = 0.012  # of the photo's shorter side: at an edge the classes are unsure for so far
SPECK = 3e-4  # of the photo
# Less material than this part of the photo (100 pixels of 224 x 224) is as likely a segmentation error.
MIN_MATERIAL = 0.002
FREE_PART = 0.05  # of the material: less that stands free is as likely a leak of the mask, onto a hand or cloth
EIGHT = np.ones((3, 3), dtype=bool)  # pixels that touch at a corner belong together

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The kind of each pixel of a photo, uint8 (H, W) of its own size; and the mean probability of being `material` of
    the pixels taken for it, 0 where there are none.
    """

    regions: NDArray[np.uint8]
    material: float


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


def standing_free(regions: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The pieces (H, W) of material that border on the background rather than on a package: an applicator, a bullet, a
    smear. What is left of the material lies in its package, mostly behind a wall.
    """
    material = regions == MATERIAL
    pieces, _ = ndimage.label(material, EIGHT)
    large = np.flatnonzero(np.bincount(pieces.ravel())[1:] >= SPECK * regions.size)
    reach = max(1, round(OUTLINE * min(regions.shape)))
    places = ndimage.find_objects(pieces)
    free = np.zeros_like(material)
    for number in large:
        box = tuple(slice(max(0, side.start - reach), side.stop + reach) for side in places[number])
        piece = pieces[box] == number + 1
        about = regions[box][ndimage.binary_dilation(piece, iterations=reach) & ~material[box]]
        if len(about) and np.count_nonzero(about == BACKGROUND) >= FREE_BORDER * len(about):
            free[box] |= piece
    return free


def exposed(regions: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The material (H, W) whose shade is read: what stands free where some does and some does not, otherwise all.

    On 352 renders that show both, the former's colour is off the material's own (albedo) by 6.3 CIEDE2000 in the
    median, the latter's by 8.0 (`python -m data.check_places` on seeds 21 and 14).
    """
    material, free = regions == MATERIAL, standing_free(regions)
    found, all_ = np.count_nonzero(free), np.count_nonzero(material)
    enough = min(found, all_ - found) >= max(1.0, MIN_MATERIAL * free.size) and found >= FREE_PART * all_
    return free if enough else material
