"""A photo as models look at it: the squares of several sizes that show it whole."""

from __future__ import annotations

import numpy as np
from PIL import Image

Box = tuple[int, int, int, int]

SPARE = 2  # times the side wanted: so much is left of a photo that is reduced before it is resampled


class Picture:
    """A photo that several models look at: what one has had scaled down the others need not scale again."""

    def __init__(self, image: Image.Image) -> None:
        """`image` (RGB) must not be changed afterwards."""
        self.image = image
        self._reduced: dict[int, Image.Image] = {1: image}
        self._squares: dict[int, tuple[Image.Image, Box]] = {}

    def square(self, size: int) -> tuple[Image.Image, Box]:
        """`square` of the photo. Two threads may both compute it."""
        if size not in self._squares:
            factor = _reduction(self.image, size)
            if factor not in self._reduced:
                self._reduced[factor] = self.image.reduce(factor)
            self._squares[size] = _fitted(self._reduced[factor], factor, self.image.size, size)
        return self._squares[size]


def square(photo: Image.Image | Picture, size: int) -> tuple[Image.Image, Box]:
    """`photo` (RGB, any shape) fitted whole into `size` x `size`, and its box there: left, top, right,
    bottom.

    The rest is filled with the median colour of the photo's border: product photos stand on a plain
    background, which so goes on, where squashing would bend the product and cropping would cut it.
    """
    return (photo if isinstance(photo, Picture) else Picture(photo)).square(size)


def _reduction(image: Image.Image, size: int) -> int:
    """By which power of two an image is averaged first: models of like sizes have it in common."""
    spare = max(image.size) // (SPARE * size)
    return 1 << max(0, spare.bit_length() - 1)


def _fitted(image: Image.Image, factor: int, sides: tuple[int, int], size: int) -> tuple[Image.Image, Box]:
    """`square` of a photo of these sides, which `image` shows reduced by `factor`, its last pixels perhaps in part."""
    scale = size / max(sides)
    width, height = (max(1, round(side * scale)) for side in sides)
    whole = (0.0, 0.0, sides[0] / factor, sides[1] / factor)
    inner = image.resize((width, height), Image.Resampling.BICUBIC, box=whole)
    if (width, height) == (size, size):
        return inner, (0, 0, size, size)
    left, top = (size - width) // 2, (size - height) // 2
    canvas = Image.new("RGB", (size, size), _border_colour(inner))
    canvas.paste(inner, (left, top))
    return canvas, (left, top, left + width, top + height)


def _border_colour(image: Image.Image) -> tuple[int, int, int]:
    pixels = np.asarray(image)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = (int(value) for value in np.median(border, axis=0))
    return red, green, blue
