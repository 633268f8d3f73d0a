"""Pictures of the photo with one region marked in each: what a claim is about."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from beauty_vlm import overlay
from beauty_vlm.measurement.pieces import by_shade
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING, exposed

# Beside the material, as `beauty_vlm.report.Evidence.region` names them; the first that is there is shown first.
SURROUNDINGS = {"packaging": PACKAGING, "background": BACKGROUND}
SIDE = 800  # px: sharp at the size that the page shows, and a few ten kilobytes each
QUALITY = 80


@dataclass(frozen=True, slots=True)
class Place:
    """A picture of the photo with `region` marked, as a data address; region None is the photo as it is."""

    region: str | None
    address: str


def places(image: Image.Image, regions: NDArray[np.uint8]) -> tuple[Place, ...]:
    """The photo, and a picture for each region of `regions` (H, W) that is there, all of one size; of the material, of
    where its shade was read, and of pieces of other shades.

    The photo (RGB) is shrunk to at most SIDE pixels a side first. Raises ValueError when the sizes differ.
    """
    if regions.shape != (image.height, image.width):
        raise ValueError(f"regions of shape {regions.shape} do not fit an image of {image.height} x {image.width}")
    picture = image.convert("RGB")
    picture.thumbnail((SIDE, SIDE))
    smaller = np.asarray(Image.fromarray(regions).resize(picture.size, Image.Resampling.NEAREST))
    read, *others = by_shade(exposed(smaller), np.asarray(picture))
    masks = {"material": read, "others": np.any(others, axis=0) if others else np.zeros_like(read)}
    masks |= {name: smaller == number for name, number in SURROUNDINGS.items()}
    marked = [Place(name, _address(_marked(picture, mask))) for name, mask in masks.items() if mask.any()]
    return (Place(None, _address(picture)), *marked)


def _marked(picture: Image.Image, mask: NDArray[np.bool_]) -> Image.Image:
    return overlay.draw(picture, np.where(mask, MATERIAL, BACKGROUND).astype(np.uint8))


def _address(picture: Image.Image) -> str:
    data = io.BytesIO()
    picture.save(data, "WEBP", quality=QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(data.getvalue()).decode()}"
