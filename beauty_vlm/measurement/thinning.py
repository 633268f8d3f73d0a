"""Every so manieth pixel of a photo, read without unpacking the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def step_to(side: int, shape: tuple[int, ...]) -> int:
    """The smallest step on which a picture of this shape, (H, W), has at most `side` pixels a side."""
    return -(-max(shape) // side)


def thinned(image: Image.Image, step: int) -> NDArray[np.uint8]:
    """The pixels (h, w, 3) of an RGB image in every `step`-th row and column, from the first on."""
    if step == 1:
        return np.asarray(image)
    # The nearest pixel of each is taken at its middle, half a pixel in; a whole photo would be copied for an array.
    size = (-(-image.width // step), -(-image.height // step))
    first = 0.5 - step / 2
    places = (step, 0, first, 0, step, first)
    return np.asarray(image.transform(size, Image.Transform.AFFINE, places, Image.Resampling.NEAREST))
