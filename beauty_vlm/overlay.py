"""A picture of where the shade was measured: the material as it is, outlined, and the rest set back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from beauty_vlm.measurement.regions import MATERIAL

# What is not material keeps this part of its light and of its colour: set back, still recognisable.
KEPT_LIGHT = 0.55
KEPT_COLOUR = 0.35
# Rec. 709 luma weights.
LUMA = np.array([0.2126, 0.7152, 0.0722])
# A light line inside a dark one stands out on any photo; each is this part of the shorter side wide.
LINE = 0.006
LIGHT_LINE = (255, 255, 255)
DARK_LINE = (20, 20, 24)


def draw(image: Image.Image, regions: NDArray[np.uint8]) -> Image.Image:
    """The photo with its MATERIAL pixels outlined and all others set back; RGB of the same size.

    Without material the photo is returned unchanged, as a copy. Raises ValueError when the sizes differ.
    """
    if regions.shape != (image.height, image.width):
        size = f"{image.height} x {image.width}"
        raise ValueError(f"regions of shape {regions.shape} do not fit an image of {size}")
    pixels = np.asarray(image.convert("RGB"))
    material = regions == MATERIAL
    if not material.any():
        return Image.fromarray(pixels.copy())
    marked = np.where(material[..., None], pixels, _set_back(pixels))
    width = max(1, round(LINE * min(material.shape)))
    # Both lines lie outside the material, so that none of the measured colour is covered.
    light = _grown(material, width)
    marked[_grown(material, 2 * width)] = DARK_LINE
    marked[light] = LIGHT_LINE
    marked[material] = pixels[material]
    return Image.fromarray(marked)


def _set_back(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The pixels (H, W, 3) darker and greyer."""
    grey = (pixels @ LUMA)[..., None]
    return np.rint(KEPT_LIGHT * (grey + KEPT_COLOUR * (pixels - grey))).astype(np.uint8)


def _grown(mask: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    return np.asarray(ndimage.maximum_filter(mask, size=2 * width + 1))
