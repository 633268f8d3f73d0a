"""The colour that a picture shows of a product, as a person would read it: where it stands free, if anywhere, and of
several shades one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from beauty_vlm.colour import Array, srgb_to_lab
from beauty_vlm.measurement.pieces import of_one_shade
from beauty_vlm.measurement.regions import exposed


def appearance(image: Image.Image, regions: NDArray[np.uint8]) -> Array:
    """The median CIELAB (3,) of the exact material, in `regions` (H, W), of an RGB picture; of what stands free of its
    package where there is such and other (`beauty_vlm.measurement.regions.exposed`), and of pieces that differ in
    colour the largest's (`beauty_vlm.measurement.pieces.of_one_shade`).
    """
    pixels = np.asarray(image)
    return np.asarray(np.median(srgb_to_lab(pixels[of_one_shade(exposed(regions), pixels)]), axis=0))
