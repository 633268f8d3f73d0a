"""Light and ground: an environment-map studio (less noisy than area lamps) and the surfaces that products stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.draw import Draw
from data.material import PASTELS, STRONG, Material, noise, plain, prop
from data.mesh import blob, box, cylinder, lathe
from data.product import Part

ROWS, COLUMNS = 64, 128  # of the environment map; soft boxes are larger than its texels of 2.8 degrees
FRONT = 180.0  # azimuth, in the map's degrees, of the direction +z (where the camera stands)
DAYLIGHT_SPREAD = 0.025  # one sigma of each channel's gain: a camera's remaining white-balance error
GROUND_SIDE = 256


@dataclass(frozen=True)
class Light:
    """`environment` (ROWS, COLUMNS, 3) linear radiance; `sun` a (direction, radiance) of hard light, or None."""

    environment: np.ndarray
    sun: tuple[np.ndarray, float] | None


def studio(draw: Draw) -> Light:
    """A room of constant light with soft boxes at the sides, above, and now and then a dark flag in front."""
    elevation = 90 - (np.arange(ROWS) + 0.5) / ROWS * 180
    azimuth = (np.arange(COLUMNS) + 0.5) / COLUMNS * 360 - FRONT
    base = draw.uniform(0.15, 0.8)
    radiance = base + np.clip(np.sin(np.radians(elevation)), 0, 1)[:, None] * draw.uniform(0.4, 1.6)
    radiance = np.broadcast_to(radiance, (ROWS, COLUMNS)).copy()

    def soft_box(
        at: float, height: float, half_width: float, half_height: float, value: float, edge: float
    ) -> None:
        nonlocal radiance
        across = np.abs((azimuth[None] - at + 180) % 360 - 180)
        up = np.abs(elevation[:, None] - height)
        mask = np.clip((half_width - across) / edge + 1, 0, 1) * np.clip((half_height - up) / edge + 1, 0, 1)
        radiance = radiance * (1 - mask) + value * mask

    if draw.chance(0.5):  # flag: gives glossy fronts their dark middle
        soft_box(
            0,
            draw.uniform(-10, 20),
            draw.uniform(20, 50),
            draw.uniform(20, 50),
            base * draw.uniform(0.1, 0.7),
            15,
        )
    for side in (-1, 1) if draw.chance(0.8) else (draw.sign(),):
        soft_box(
            side * draw.uniform(35, 100), draw.uniform(0, 35), draw.uniform(8, 28), draw.uniform(25, 60),
            draw.uniform(2, 7), draw.uniform(2, 10),
        )  # fmt: skip
    if draw.chance(0.4):
        soft_box(
            draw.uniform(-30, 30),
            draw.uniform(45, 75),
            draw.uniform(20, 60),
            draw.uniform(10, 20),
            draw.uniform(2, 6),
            6,
        )
    tint = np.clip(1 + draw.rng.normal(0, DAYLIGHT_SPREAD, 3), 0.9, 1.1)
    if draw.chance(0.06):  # coloured spill, as from a neon sign or a sunset
        tint = np.clip(tint * (1 + draw.rng.normal(0, 0.12, 3)), 0.7, 1.3)
    sun = None
    if draw.chance(0.25):
        a, e = np.radians(draw.uniform(-80, 80)), np.radians(draw.uniform(25, 65))
        towards = np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
        sun = (-towards, draw.uniform(0.6, 2.2))
    return Light(radiance[..., None] * tint, sun)


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


def ground(draw: Draw) -> Material:
    """A table: white sweep, colour, marble, wood, cloth, stone, terrazzo or glossy acrylic."""
    kind = draw.weighted(
        {
            "white": 4,
            "grey": 2,
            "pastel": 2.5,
            "strong": 0.8,
            "marble": 1,
            "wood": 0.8,
            "cloth": 0.8,
            "stone": 0.7,
            "acrylic": 0.7,
        }
    )
    if kind == "white":
        return prop(np.full(3, draw.uniform(0.9, 0.99)), name="white")
    if kind == "grey":
        return prop(np.full(3, draw.uniform(0.35, 0.85)) + draw.rng.normal(0, 0.015, 3), name="grey")
    colours = STRONG if kind == "strong" else PASTELS
    name = draw.choice(*colours)
    colour = np.clip(np.array(colours[name]) + draw.rng.normal(0, 0.05, 3), 0.03, 0.98)
    if kind == "marble":
        return Material(_marble(draw), 0.15, name="marble", region=0)
    if kind == "wood":
        return Material(_wood(draw), 0.5, specular=0.3, name="wooden", region=0)
    if kind == "cloth":
        return Material(
            _grain(draw, colour, 0.25, (3, 40)), 0.9, specular=0.1, name=f"{name} cloth", region=0
        )
    if kind == "stone":
        grey = np.full(3, draw.uniform(0.35, 0.8))
        return Material(_grain(draw, grey, 0.3, (2, 20)), 0.8, specular=0.2, name="stone", region=0)
    if kind == "acrylic":
        return plain(colour, 0.06, name, coat=0.6, region=0)
    return prop(colour, name=name)


def _grain(draw: Draw, colour: np.ndarray, depth: float, cells: tuple[int, int]) -> np.ndarray:
    mix = np.mean([noise(draw.rng, GROUND_SIDE, c) for c in cells], axis=0)
    return (np.clip(colour * (1 + depth * (mix[..., None] - 0.5) * 2), 0, 1) * 255).astype(np.uint8)


def _marble(draw: Draw) -> np.ndarray:
    veins = np.abs(noise(draw.rng, GROUND_SIDE, 60) - 0.5 + 0.3 * (noise(draw.rng, GROUND_SIDE, 18) - 0.5))
    vein = np.exp(-((veins / draw.uniform(0.01, 0.05)) ** 2))[..., None]
    light, dark = np.full(3, 0.94), np.array([0.6, 0.59, 0.58]) * draw.uniform(0.6, 1.1)
    cloud = 1 - 0.1 * noise(draw.rng, GROUND_SIDE, 40)[..., None]
    return (np.clip((light * (1 - 0.7 * vein) + dark * 0.7 * vein) * cloud, 0, 1) * 255).astype(np.uint8)


def _wood(draw: Draw) -> np.ndarray:
    y = np.linspace(0, 1, GROUND_SIDE)[:, None]
    warp = noise(draw.rng, GROUND_SIDE, 50)
    rings = 0.5 + 0.5 * np.sin((y * draw.uniform(20, 60) + 4 * warp) * 2)
    base = np.array(draw.choice((0.72, 0.53, 0.35), (0.45, 0.29, 0.18), (0.85, 0.74, 0.6)))
    return (np.clip(base * (0.8 + 0.3 * rings[..., None]), 0, 1) * 255).astype(np.uint8)


def clutter(draw: Draw, span: float, height: float) -> list[Part]:
    """Things that stylists put round a product: podiums, pebbles, petals, blocks, glassware, leaves."""
    kind = draw.weighted(
        {"podiums": 1.2, "pebbles": 1, "petals": 1, "blocks": 1, "glassware": 1.2, "leaves": 0.7}
    )
    pieces = []
    for _ in range(draw.integer(2, 5)):
        x = draw.sign() * draw.uniform(0.65, 1.5) * span
        z = -draw.uniform(0.1, 1.0) * span if draw.chance(0.7) else draw.uniform(0.2, 0.7) * span
        pieces.append(_thing(draw, kind, height).moved(x=x, z=z))
    return pieces


def _thing(draw: Draw, kind: str, height: float) -> Part:
    colour = (
        np.array(draw.choice(*PASTELS.values())) if draw.chance(0.6) else np.full(3, draw.uniform(0.5, 0.97))
    )
    surface = prop(colour, draw.uniform(0.3, 0.9))
    if kind == "podiums":
        return Part(cylinder(height * draw.uniform(0.3, 0.7), height * draw.uniform(0.1, 0.6)), surface)
    if kind == "pebbles":
        stone = lathe([(0, 0), (0.8, 0.1), (1, 0.4), (0.7, 0.75), (0, 0.85)], crease=180)
        size = height * draw.uniform(0.12, 0.35)
        return Part(type(stone)(stone.vertices * size, stone.faces, stone.normals, stone.uv), surface)
    if kind == "petals":
        petal = blob(draw.rng, height * draw.uniform(0.12, 0.3), height * 0.02, 0.3)
        return Part(
            petal, prop(np.array(draw.choice((0.95, 0.75, 0.78), (0.97, 0.95, 0.9), (0.8, 0.25, 0.35))))
        )
    if kind == "leaves":
        leaf = blob(draw.rng, 1.0, 0.03, 0.1)
        shape = leaf.vertices * [height * draw.uniform(0.3, 0.6), height, height * draw.uniform(0.08, 0.18)]
        green = np.array([0.25, 0.42, 0.2]) * draw.uniform(0.6, 1.3)
        return Part(
            type(leaf)(shape, leaf.faces, leaf.normals, leaf.uv).turned("y", draw.uniform(0, 360)),
            prop(green),
        )
    if kind == "glassware":
        r, h = height * draw.uniform(0.15, 0.4), height * draw.uniform(0.4, 1.1)
        glass = Material(np.full((2, 2, 3), 250, np.uint8), clear=True, region=0)
        flask = [(0, 0), (r, 0), (r, h * 0.4), (r * draw.uniform(0.3, 1.0), h)]
        return Part(lathe(flask, crease=60), glass)
    w = height * draw.uniform(0.2, 0.6)
    return Part(box(w, height * draw.uniform(0.1, 0.7), w).turned("y", draw.uniform(0, 90)), surface)
