"""Real rooms and skies: the light they give to a product, and how they look, out of focus, behind it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.ndimage import map_coordinates
from scipy.signal import fftconvolve
from skimage.transform import resize

from data.draw import Draw

ENVIRONMENTS = Path(__file__).with_name("environments.npz")
PEAK = 12.0  # times the mean: brighter texels of the lighting map would need many more samples
COLOUR_KEPT = 0.5  # of a room's colour differences between directions, once its mean is neutral


@lru_cache(maxsize=1)
def environments() -> dict[str, np.ndarray]:
    """Panoramas (rows, columns, 3) of linear radiance by name, of mean 1; columns run as in `data.studio`."""
    with np.load(ENVIRONMENTS) as file:
        return {name: file[name].astype(np.float32) for name in sorted(file.files) if name != "licence"}


def room(draw: Draw) -> np.ndarray:
    """One of the panoramas turned by any angle about the vertical, neutral as a camera would balance it."""
    panorama = environments()[draw.choice(*environments())]
    panorama = np.roll(panorama, draw.integer(0, panorama.shape[1] - 1), axis=1)
    return np.asarray(panorama / _front(panorama))


def lighting(panorama: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The panorama as an environment map (rows, columns, 3) whose light on a product's front is white of radiance 1."""
    small = resize(panorama, (rows, columns, 3), order=1, anti_aliasing=True)
    small = np.clip(small, 0, PEAK * small.mean())
    grey = small.mean(2, keepdims=True)
    small = grey + COLOUR_KEPT * (small - grey)
    return np.asarray(small / _front(small))


def _front(panorama: np.ndarray) -> np.ndarray:
    """Mean radiance (3,) that falls on surfaces which face the camera (+z) or up."""
    rows, columns = panorama.shape[:2]
    theta = (np.arange(rows) + 0.5)[:, None] / rows * np.pi
    phi = (np.arange(columns) + 0.5)[None] / columns * 2 * np.pi - np.pi
    lobe = np.clip(np.sin(theta) * np.cos(phi), 0, None) + np.clip(np.cos(theta), 0, None)
    weight = (lobe * np.sin(theta))[..., None]
    return np.asarray((panorama * weight).sum((0, 1)) / weight.sum())


def view(draw: Draw, panorama: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """What rays (H, W, 3) see of the panorama through an open lens: linear (H, W, 3), highlights grown to discs."""
    size = rays.shape[0]
    radius = draw.uniform(0.02, 0.08) * size
    margin = int(np.ceil(radius))
    wide = np.pad(rays, ((margin, margin), (margin, margin), (0, 0)), mode="reflect", reflect_type="odd")
    x, y, z = (wide[..., k] / np.linalg.norm(wide, axis=2) for k in range(3))
    rows, columns = panorama.shape[:2]
    row = np.arccos(np.clip(y, -1, 1)) / np.pi * rows - 0.5
    column = (np.arctan2(-x, z) / (2 * np.pi) + 0.5) * columns - 0.5
    seen = np.stack([map_coordinates(panorama[..., k], [row, column], order=1, mode="grid-wrap") for k in range(3)], 2)
    seen = np.clip(seen / np.median(seen.mean(2)), 0, 40)
    v, u = np.mgrid[-margin : margin + 1, -margin : margin + 1]
    disc = np.clip(radius - np.hypot(u, v) + 0.5, 0, 1)
    disc *= 1 + draw.uniform(0, 0.5) * (np.hypot(u, v) / radius) ** 4  # lenses draw discs with a brighter rim
    disc /= disc.sum()
    return np.stack([fftconvolve(seen[..., k], disc, mode="valid") for k in range(3)], 2).clip(0)
