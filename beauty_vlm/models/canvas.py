"""The square picture that every model sees, its numbers, and the way back from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image

Box = tuple[int, int, int, int]


def square(image: Image.Image, size: int) -> tuple[Image.Image, Box]:
    """`image` (RGB, any shape) fitted whole into `size` x `size`, and its box there: left, top, right,
    bottom.

    The rest is filled with the median colour of the photo's border: product photos stand on a plain
    background, which so goes on, where squashing would bend the product and cropping would cut it.
    """
    scale = size / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    inner = image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)
    if (width, height) == (size, size):
        return inner, (0, 0, size, size)
    left, top = (size - width) // 2, (size - height) // 2
    canvas = Image.new("RGB", (size, size), _border_colour(inner))
    canvas.paste(inner, (left, top))
    return canvas, (left, top, left + width, top + height)


def as_pixels(canvases: Sequence[Image.Image], processor: Any) -> torch.Tensor:
    """What a network sees of squares (RGB) of its own size: float32 (N, 3, size, size), channels innermost in memory.

    The numbers are those that the transformers image processor makes; for a square it has nothing else to do, and
    takes ten times as long.
    """
    mean, spread = (
        torch.tensor(values if processor.do_normalize else [neutral] * 3)
        for values, neutral in ((processor.image_mean, 0.0), (processor.image_std, 1.0))
    )
    factor = processor.rescale_factor if processor.do_rescale else 1.0
    bytes_ = torch.from_numpy(np.stack([np.asarray(canvas) for canvas in canvases]))
    return ((bytes_ * factor - mean) / spread).permute(0, 3, 1, 2)


def canvas_size(processor: Any) -> int:
    """The side in pixels that a transformers image processor (BLIP's or CLIP's) prepares."""
    size = processor.crop_size if getattr(processor, "do_center_crop", False) else processor.size
    return int(size.height or size.shortest_edge)


def _border_colour(image: Image.Image) -> tuple[int, int, int]:
    pixels = np.asarray(image)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = (int(value) for value in np.median(border, axis=0))
    return red, green, blue
