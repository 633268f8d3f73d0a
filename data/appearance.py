"""The colour that a picture shows of a product, as a person would read it: where it stands free, if anywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from beauty_vlm.measurement.colour import Array, srgb_to_lab
from beauty_vlm.measurement.regions import exposed


def appearance(image: Image.Image, regions: NDArray[np.uint8]) -> Array:
    """The median CIELAB (3,) of the exact material, in `regions` (H, W), of an RGB picture; of what stands free of its
    package where there is such and other (`beauty_vlm.measurement.regions.exposed`).
    """
    return np.asarray(np.median(srgb_to_lab(np.asarray(image)[exposed(regions)]), axis=0))
