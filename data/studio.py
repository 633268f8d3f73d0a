"""Light: an environment map (less noisy than area lamps) of soft boxes, a bright tent, a window, hard sun or a room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from data.draw import Draw
from data.environment import lighting, room

ROWS, COLUMNS = 64, 128  # of the environment map; soft boxes are larger than its texels of 2.8 degrees
FRONT = 180.0  # azimuth, in the map's degrees, of the direction +z (where the camera stands)
DAYLIGHT_SPREAD = 0.025  # one sigma of each channel's gain: a camera's remaining white-balance error

Kind = Literal["boxes", "tent", "window", "sun", "room"]
ELEVATION = 90 - (np.arange(ROWS) + 0.5)[:, None] / ROWS * 180
AZIMUTH = (np.arange(COLUMNS) + 0.5)[None] / COLUMNS * 360 - FRONT


@dataclass(frozen=True)
class Light:
    """`environment` (ROWS, COLUMNS, 3) linear radiance; `sun` a (direction, irradiance) of hard light, or None.

    `room` is the panorama (rows, columns, 3) that the camera sees behind the table, if there is one.
    """

    environment: np.ndarray
    sun: tuple[np.ndarray, float] | None
    room: np.ndarray | None = None


def studio(draw: Draw, kind: Kind = "boxes") -> Light:
    """Light of one kind, its colour neutral within a camera's white-balance error."""
    tint = np.clip(1 + draw.rng.normal(0, DAYLIGHT_SPREAD, 3), 0.9, 1.1)
    if kind == "room":
        panorama = room(draw)
        # Walls near the product, which a panorama of the far does not show, fill the shadows.
        radiance = lighting(panorama, ROWS, COLUMNS) * draw.uniform(0.5, 1.0) + draw.uniform(0.1, 0.3)
        if draw.chance(0.6):
            radiance = radiance + _window(draw)[..., None] * draw.uniform(0.2, 0.8)
        sun = _sun(draw, draw.uniform(0.8, 2.5)) if draw.chance(0.2) else None
        return Light(radiance * tint, sun, panorama)
    if draw.chance(0.04):  # coloured spill, as from a neon sign or a sunset
        tint = np.clip(tint * (1 + draw.rng.normal(0, 0.12, 3)), 0.7, 1.3)
    if kind == "sun":
        # A clear sky is dim beside the sun, so its shadows are deep and sharp.
        sky = np.broadcast_to(draw.uniform(0.22, 0.55) * (1 + 0.3 * np.sin(np.radians(ELEVATION))), (ROWS, COLUMNS))
        return Light(sky[..., None] * tint, _sun(draw, draw.uniform(1.6, 3.4)))
    if kind == "window":
        return Light(_window(draw)[..., None] * tint, None)
    radiance = _tent(draw) if kind == "tent" else _boxes(draw)
    return Light(radiance[..., None] * tint, _sun(draw, draw.uniform(0.4, 1.2)) if draw.chance(0.1) else None)


def _sun(draw: Draw, value: float) -> tuple[np.ndarray, float]:
    """Hard light from a side, high enough that it reaches what faces the camera."""
    a, e = np.radians(draw.sign() * draw.uniform(20, 70)), np.radians(draw.uniform(18, 52))
    return -np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)]), value


def _panel(
    radiance: np.ndarray, at: float, height: float, half_width: float, half_height: float, value: float, edge: float
) -> np.ndarray:
    """The map with a rectangle of constant radiance, in degrees, soft over `edge`."""
    across = np.abs((AZIMUTH - at + 180) % 360 - 180)
    up = np.abs(ELEVATION - height)
    mask = np.clip((half_width - across) / edge + 1, 0, 1) * np.clip((half_height - up) / edge + 1, 0, 1)
    return radiance * (1 - mask) + value * mask


def _boxes(draw: Draw) -> np.ndarray:
    """A dim room with soft boxes at the sides, above, and now and then a dark flag in front."""
    base = draw.uniform(0.15, 0.8)
    radiance = np.broadcast_to(
        base + np.clip(np.sin(np.radians(ELEVATION)), 0, 1) * draw.uniform(0.4, 1.6), (ROWS, COLUMNS)
    )
    if draw.chance(0.5):  # flag: gives glossy fronts their dark middle
        dark, (wide, high) = base * draw.uniform(0.1, 0.7), draw.rng.uniform(20, 50, 2)
        radiance = _panel(radiance, 0, draw.uniform(-10, 20), wide, high, dark, 15)
    for side in (-1, 1) if draw.chance(0.8) else (draw.sign(),):
        radiance = _panel(
            radiance, side * draw.uniform(35, 100), draw.uniform(0, 35), draw.uniform(8, 28), draw.uniform(25, 60),
            draw.uniform(2, 7), draw.uniform(2, 10),
        )  # fmt: skip
    if draw.chance(0.4):
        wide, high = draw.uniform(20, 60), draw.uniform(10, 20)
        radiance = _panel(radiance, draw.uniform(-30, 30), draw.uniform(45, 75), wide, high, draw.uniform(2, 6), 6)
    return radiance


def _tent(draw: Draw) -> np.ndarray:
    """White cloth all round, with narrow black cards at the sides that draw the dark edges of packshots."""
    radiance = np.full((ROWS, COLUMNS), draw.uniform(0.85, 1.1))
    radiance = radiance * (1 + draw.uniform(0.05, 0.5) * np.clip(np.sin(np.radians(ELEVATION)), -0.5, 1))
    if draw.chance(0.4):
        radiance = _panel(radiance, 180, 0, draw.uniform(30, 90), 90, draw.uniform(0.2, 0.7), 20)
    for side in (-1, 1):
        if draw.chance(0.8):
            at, wide = side * draw.uniform(60, 150), draw.uniform(3, 16)
            radiance = _panel(radiance, at, 0, wide, 80, draw.uniform(0.03, 0.35), draw.uniform(1, 6))
        if draw.chance(0.7):
            at, wide = side * draw.uniform(25, 80), draw.uniform(4, 14)
            radiance = _panel(radiance, at, draw.uniform(0, 20), wide, 60, draw.uniform(2, 5), draw.uniform(1, 6))
    return radiance


def _window(draw: Draw) -> np.ndarray:
    """One large light from a side and the room's faint bounce: soft shadows, a bright and a dark side."""
    radiance = np.full((ROWS, COLUMNS), draw.uniform(0.15, 0.45))
    at, height = draw.sign() * draw.uniform(25, 95), draw.uniform(10, 50)
    wide, high = draw.uniform(20, 45), draw.uniform(20, 40)
    radiance = _panel(radiance, at, height, wide, high, draw.uniform(2.5, 5), draw.uniform(1, 8))
    if draw.chance(0.5):  # the window's cross
        radiance = _panel(radiance, at, height, 2, high, 0.3, 1)
        radiance = _panel(radiance, at, height, wide, 2, 0.3, 1)
    return radiance


def irradiance(light: Light, normal: np.ndarray, ground: float | None) -> float:
    """Mean radiance over the cosine lobe about `normal`, i.e. what a white Lambertian patch would show.

    `ground` is the mean linear reflectance of the table, which fills the lower half of the view, or None when there
    is no table. Integrates the environment map in spherical coordinates.
    """
    theta = (np.arange(ROWS) + 0.5) / ROWS * np.pi
    phi = np.radians((np.arange(COLUMNS) + 0.5) / COLUMNS * 360 - FRONT)
    sin = np.sin(theta)[:, None]
    directions = np.stack(
        np.broadcast_arrays(-sin * np.sin(phi)[None], np.cos(theta)[:, None], sin * np.cos(phi)[None]), 2
    )
    radiance = light.environment.mean(2)
    if ground is not None:
        lit = irradiance(light, np.array([0.0, 1.0, 0.0]), None) * ground
        radiance = np.where(directions[..., 1] < 0, lit, radiance)
    lobe = np.clip(directions @ (normal / np.linalg.norm(normal)), 0, None) * sin
    value = float((radiance * lobe).sum() / lobe.sum())
    if light.sun is not None:
        value += light.sun[1] * max(0.0, float(-light.sun[0] @ normal / np.linalg.norm(normal))) / np.pi
    return value
