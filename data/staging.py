"""How a product is staged: in which setting, how it lies, on what ground, and where the camera stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND
from data.draw import Draw
from data.ground import cove, paper, surface, sweep, table
from data.material import Material
from data.mesh import Mesh
from data.product import Part, Product, View, placed, turned
from data.studio import Kind

BOUND = 60.0  # half the side of the cube that every scene fills; products are 1 to 6 across
# How shops and bloggers show a product, in hundredths of the pictures of a shop. The first six are cut out and laid
# over an image; the others stand on a ground that is rendered with them.
SETTINGS = {"white": 40, "grey": 3, "pastel": 3, "strong": 3.5, "gradient": 5, "wall": 0.5,
            "sweep": 4.5, "sun": 9, "paper": 8, "surface": 5, "room": 7, "bench": 7, "still": 9.5}  # fmt: skip
CUT_OUT = ("white", "grey", "pastel", "strong", "gradient", "wall")
QUIET = ("bench", "still")  # wide pictures of a small product that stands among few other things
LIGHTS: dict[str, dict[Kind, float]] = {
    "sun": {"sun": 1}, "still": {"sun": 3, "window": 2, "boxes": 1}, "wall": {"window": 2, "room": 2, "boxes": 1},
    "paper": {"sun": 3, "boxes": 2, "window": 1.5, "tent": 1},
    "room": {"room": 4, "window": 1.5, "sun": 0.5}, "bench": {"window": 2, "boxes": 1},
    "surface": {"window": 2, "boxes": 2, "sun": 1.5, "room": 1}, "sweep": {"boxes": 2, "tent": 1, "window": 1},
}  # fmt: skip
# Several of one product are rather laid out on coloured paper than cut out.
SETTINGS_OF_GROUPS = SETTINGS | {
    "white": 28, "sweep": 9, "sun": 16, "surface": 8, "bench": 2, "still": 5, "strong": 5, "paper": 18, "wall": 0.2,
}  # fmt: skip
SETTINGS_OF_HANDS = {name: SETTINGS[name] ** 0.5 for name in CUT_OUT} | {"wall": 6.0}  # hands hover over no table
BEYOND = ("skin", "nail", "margin")  # of what is no product: the hand about it, the paper that goes on
COMPANY = {
    "sweep": 0.3,
    "sun": 0.45,
    "paper": 0.2,
    "surface": 0.5,
    "room": 0.4,
}  # how often props stand beside the product


@dataclass(frozen=True)
class Camera:
    origin: np.ndarray
    target: np.ndarray
    fov: float  # degrees, of the square picture
    up: tuple[float, float, float] = (0.0, 1.0, 0.0)


def posed(draw: Draw, product: Product, setting: str) -> tuple[list[Part], View]:
    """The product's parts stood, leaned or laid down and turned, and from where to look at them."""
    parts, view = list(product.parts), product.view
    cut_out = setting in CUT_OUT
    standing = True
    if view == "upright" and product.tiltable:
        pose = draw.weighted(
            {"standing": 8, "leaning": 0.8, "lying": 0.6} if cut_out else {"standing": 6, "lying": 1, "flat lay": 2.5}
        )
        standing = pose == "standing"
        if pose == "leaning":
            parts = turned(parts, "z", draw.sign() * draw.uniform(10, 60))
        elif pose == "lying":
            parts = turned(parts, "z", draw.sign() * 90 + draw.uniform(-15, 15) * cut_out)
        elif pose == "flat lay" and setting not in QUIET:
            # On its back, its front up, seen from above.
            yaw = draw.normal(25) if draw.chance(0.8) else draw.uniform(0, 360)
            return list(placed(turned(turned(parts, "x", -90), "y", yaw))), "overhead"
    yaw = draw.uniform(-35, 35) if draw.chance(0.25 if standing else 0.5) else draw.normal(2)
    if view == "overhead":
        yaw = draw.uniform(0, 360) if draw.chance(0.5) else 0.0
    return list(placed(turned(parts, "y", yaw))), view


def standing_ground(draw: Draw, setting: str, view: View, parts: list[Part]) -> tuple[Material | None, Mesh | None]:
    """What the product stands on in this setting: the surface and its mesh."""
    if setting in CUT_OUT:
        return None, None
    points = np.concatenate([p.mesh.vertices for p in parts])
    size = float(max(np.ptp(points, axis=0)))
    extent = min(10 * size, BOUND - 1)
    if setting in ("surface", "room"):
        plain_table = setting == "room" and draw.chance(0.4)
        material = sweep(draw, draw.choice("white", "grey", "pastel")) if plain_table else surface(draw)
    else:
        studios: dict[str, dict[str, float]] = {
            "sun": {"peach": 3.5, "pastel": 2, "white": 1.5, "grey": 0.7, "strong": 1, "paper": 2},
            "sweep": {"white": 3, "grey": 2.5, "pastel": 1.5, "peach": 1, "strong": 1, "paper": 1},
            "bench": {"grey": 2, "white": 2.5},
            "still": {"peach": 2, "pastel": 2.5, "white": 1.8, "grey": 1.8, "strong": 1, "paper": 1.5},
        }
        kind = draw.weighted(studios.get(setting, {"paper": 1.0}))
        material = paper(draw) if kind == "paper" else sweep(draw, kind)
    if view != "upright":
        return material, table(extent).moved(y=-0.002)
    behind = -float(points[:, 2].min())
    if setting == "room" or (setting == "surface" and draw.chance(0.4)):
        edge = behind + size * draw.uniform(0.6, 3)
        return material, table(extent).moved(y=-0.002, z=extent - edge)
    back = behind + size * draw.uniform(0.15, 1.5)
    radius = back * 0.3 if draw.chance(0.4) else 0.02 * size  # a wall with a corner, or a seamless sweep
    return material, cove(extent, min(back, extent), radius).moved(y=-0.002)


def framed_points(parts: list[Part]) -> np.ndarray:
    """The points (N, 3) that the picture is framed on: the product, not the skin or cup that holds it."""
    framed = [p for p in parts if p.material.region != BACKGROUND]
    framed = framed or [p for p in parts if p.material.name not in BEYOND] or parts
    return np.concatenate([p.mesh.vertices for p in framed])


def frame(
    draw: Draw, view: View, subject: np.ndarray, setting: str = "white", aspect: float = 1.0, whole: bool = False
) -> Camera:
    """A camera whose picture of width / height `aspect` holds the subject's points (N, 3), or now and then cuts them.

    `whole` keeps a set's members, or the make-up on a person, all in and large.
    Packshots look straight on through a long lens and fill the frame; phones look down from near.
    """
    packshot = setting in CUT_OUT or setting in ("sweep", "paper")
    phone = setting in ("room", "surface") and draw.chance(0.6)
    level = draw.uniform(-2, 5) if packshot else draw.uniform(0, 12)
    elevation = {
        "upright": level if draw.chance(0.75 if packshot else 0.45) else draw.uniform(5, 30),
        "flat": draw.uniform(28, 60) if draw.chance(0.6) else draw.uniform(60, 89),
        "overhead": draw.uniform(78, 89.5) if draw.chance(0.7) else draw.uniform(55, 80),
    }[view]
    if phone and view == "upright":
        elevation = draw.uniform(8, 40)
    azimuth = draw.normal(1.5) if packshot and draw.chance(0.7) else draw.uniform(-14, 14)
    a, e = np.radians(azimuth), np.radians(max(elevation, 0.5))
    back = np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    fov = draw.uniform(38, 58) if phone else draw.uniform(9, 20) if draw.chance(0.7) else draw.uniform(20, 38)
    middle = (subject.min(0) + subject.max(0)) / 2
    offset = subject - middle
    tangent = np.tan(np.radians(fov / 2))
    room = np.array([min(1.0, aspect), min(1.0, 1 / aspect)]) * tangent
    fill = draw.weighted(
        {"all": 8, "loose": 2, "small": 0.7, "crop": 0.6} if packshot else {"all": 4, "loose": 3, "small": 2, "crop": 1}
    )
    if whole:
        fill = "all"
    elif setting == "bench" or (setting == "still" and draw.chance(0.65)):
        fill = "small"
    elif setting == "still":
        fill = "loose"
    elif setting == "wall":  # room for the hand and the wall
        fill = draw.weighted({"loose": 3, "small": 2, "all": 1})
    share = {
        "all": draw.uniform(0.84, 0.99), "loose": draw.uniform(0.58, 0.84), "small": draw.uniform(0.3, 0.58),
        "crop": draw.uniform(1.1, 1.8),
    }[fill]  # fmt: skip
    # Points above the middle look smaller through a tilted lens: centre what is seen, not what is there.
    centre = [0.5 * (np.ptp(offset @ axis)) + (offset @ axis).min() for axis in (right, up)]
    middle = middle + right * centre[0] + up * centre[1]
    offset = subject - middle
    reach = np.maximum(np.abs(offset @ right) / room[0], np.abs(offset @ up) / room[1]) / share + offset @ back
    distance = max(float(np.max(reach)) if fill != "crop" else float(np.quantile(reach, 0.97)), 0.5)
    slack = distance * max(0.0, 1 - share)
    wander = 0.08 if packshot else 0.35
    aside, higher = room * draw.rng.uniform(-wander, wander, 2) * slack
    shift = right * aside + up * higher
    return Camera(middle + back * distance + shift, middle + shift, fov)
