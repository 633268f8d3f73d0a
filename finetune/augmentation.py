"""Augmentation of a batch of renders that keeps what the captions say true.

The captions name shades, the tagger's texts repeat them: hue is never turned, colour never taken away, and
brightness and white balance move by less than one can tell. Masks do not depend on colour, so the segmenter's
recipe may go further. One affine resampling does crop, zoom, turn and flip; what it uncovers takes the edge's
colour.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

BLUR_TAPS = 7


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Ranges. `zoom` scales the picture (below 1: smaller, on padding); shares are of the images of a batch."""

    zoom: tuple[float, float] = (0.75, 1.3)  # photos are framed less evenly than renders
    aspect: float = 0.08  # log of width over height: lenses and resized shop photos
    shift: float = 0.08  # of the side
    degrees: float = 12.0  # people hold cameras askew; more would lay products down
    flip: float = 0.5
    blur: float = 0.2  # share
    blur_sigma: tuple[float, float] = (0.4, 1.6)  # pixels
    noise: float = 0.3  # share
    noise_sigma: float = 0.03  # most, of the range
    jpeg: float = 0.2  # share; the one step that runs image by image
    jpeg_quality: tuple[int, int] = (35, 90)
    exposure: float = 0.04  # log2, ± : a tenth of the step between two shade names
    white_balance: float = 0.015  # log2 a channel, ±
    contrast: float = 0.0  # ±
    saturation: float = 0.0  # ±
    hue: float = 0.0  # turns of the colour circle, ±


def pixels_to_floats(images: np.ndarray, size: int) -> torch.Tensor:
    """uint8 (B, S, S, 3) to float (B, 3, size, size) in 0..1, unaugmented."""
    pixels = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    if pixels.shape[-1] == size:
        return pixels
    return functional.interpolate(pixels, size=(size, size), mode="bicubic", antialias=True).clamp(0, 1)


def augment(
    images: np.ndarray,
    size: int,
    ranges: Augmentation,
    generator: torch.Generator,
    regions: np.ndarray | None = None,
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """uint8 (B, S, S, 3) to float (B, 3, size, size) in 0..1; `regions` uint8 (B, S, S) to int64 (B, size,
    size).
    """
    batch = len(images)
    grid = _grid(batch, size, ranges, generator)
    pixels = torch.from_numpy(_recompressed(images, ranges, generator)).permute(0, 3, 1, 2).float() / 255
    pixels = functional.grid_sample(pixels, grid, mode="bilinear", padding_mode="border", align_corners=False)
    masks = None
    if regions is not None:
        classes = torch.from_numpy(regions)[:, None].float()
        # Outside the render is background (0), whatever stood at its edge.
        classes = functional.grid_sample(classes, grid, mode="nearest", padding_mode="zeros", align_corners=False)
        masks = classes[:, 0].round().long()
    pixels = _blurred(_recoloured(pixels, ranges, generator), ranges, generator)
    strength = _uniform(batch, 0, ranges.noise_sigma, generator) * _chosen(batch, ranges.noise, generator)
    noise = torch.randn(pixels.shape, generator=generator)
    return (pixels + noise * strength[:, None, None, None]).clamp(0, 1), masks


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def _chosen(count: int, share: float, generator: torch.Generator) -> torch.Tensor:
    return (torch.rand(count, generator=generator) < share).float()


def _grid(batch: int, size: int, ranges: Augmentation, generator: torch.Generator) -> torch.Tensor:
    """The sampling grid (B, size, size, 2) of a random crop or zoom-out, turn and flip."""
    low, high = (math.log(value) for value in ranges.zoom)
    zoom = _uniform(batch, low, high, generator).exp()
    stretch = _uniform(batch, -ranges.aspect / 2, ranges.aspect / 2, generator).exp()
    angle = _uniform(batch, -1, 1, generator) * math.radians(ranges.degrees)
    side = 1 - 2 * _chosen(batch, ranges.flip, generator)
    shift = [_uniform(batch, -2 * ranges.shift, 2 * ranges.shift, generator) for _ in range(2)]
    across, down = stretch / zoom, 1 / (stretch * zoom)
    rows = [
        torch.stack([side * across * angle.cos(), -down * angle.sin(), shift[0]], dim=1),
        torch.stack([side * across * angle.sin(), down * angle.cos(), shift[1]], dim=1),
    ]
    return functional.affine_grid(torch.stack(rows, dim=1), [batch, 3, size, size], align_corners=False)


def _recompressed(images: np.ndarray, ranges: Augmentation, generator: torch.Generator) -> np.ndarray:
    """The batch with a share of its images put through JPEG."""
    images = images.copy()
    for row in _chosen(len(images), ranges.jpeg, generator).nonzero()[:, 0].tolist():
        quality = int(torch.randint(*ranges.jpeg_quality, (1,), generator=generator))
        file = io.BytesIO()
        Image.fromarray(images[row]).save(file, "JPEG", quality=quality)
        images[row] = Image.open(file)
    return images


def _recoloured(pixels: torch.Tensor, ranges: Augmentation, generator: torch.Generator) -> torch.Tensor:
    """Exposure, white balance, contrast, saturation and hue, on sRGB values: a jitter, not photometry."""
    batch = len(pixels)
    balance = ranges.white_balance
    gain = torch.stack([_uniform(batch, -balance, balance, generator) for _ in range(3)], dim=1)
    gain = (gain + _uniform(batch, -ranges.exposure, ranges.exposure, generator)[:, None]).exp2()
    pixels = pixels * gain[:, :, None, None]
    if ranges.contrast:
        amount = 1 + _uniform(batch, -ranges.contrast, ranges.contrast, generator)
        mean = pixels.mean(dim=(1, 2, 3), keepdim=True)
        pixels = mean + (pixels - mean) * amount[:, None, None, None]
    if ranges.saturation or ranges.hue:
        # Colour as a vector about the grey axis: its length is the saturation, its turn the hue (Rodrigues).
        amount = 1 + _uniform(batch, -ranges.saturation, ranges.saturation, generator)
        angle = _uniform(batch, -ranges.hue, ranges.hue, generator) * 2 * math.pi
        cosine, sine = (
            (amount * angle.cos())[:, None, None, None],
            (amount * angle.sin())[:, None, None, None],
        )
        grey = pixels.mean(dim=1, keepdim=True)
        colour = pixels - grey
        turned = (colour.roll(1, dims=1) - colour.roll(-1, dims=1)) / math.sqrt(3)
        pixels = grey + cosine * colour + sine * turned
    return pixels.clamp(0, 1)


def _blurred(pixels: torch.Tensor, ranges: Augmentation, generator: torch.Generator) -> torch.Tensor:
    """A share of the batch under a Gaussian blur."""
    rows = _chosen(len(pixels), ranges.blur, generator).nonzero()[:, 0]
    if not len(rows):
        return pixels
    sigma = _uniform(len(rows), *ranges.blur_sigma, generator)
    taps = torch.arange(BLUR_TAPS) - BLUR_TAPS // 2
    kernel = torch.exp(-(taps**2) / (2 * sigma[:, None] ** 2))
    kernel = (kernel / kernel.sum(dim=1, keepdim=True)).repeat_interleave(3, dim=0)
    side = BLUR_TAPS // 2
    some = functional.pad(pixels[rows], (side,) * 4, mode="replicate").flatten(0, 1)[None]
    some = functional.conv2d(some, kernel[:, None, None, :], groups=len(kernel))
    some = functional.conv2d(some, kernel[:, None, :, None], groups=len(kernel))
    pixels = pixels.clone()
    pixels[rows] = some[0].unflatten(0, (len(rows), 3))
    return pixels
