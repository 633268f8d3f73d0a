"""Compacts as shops show them: dished rims, windows with print, flip cases of one or two pans, closed flat discs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from data import crumble
from data.draw import Draw
from data.material import Material, clear, cosmetic, metal, package, plain, plastic
from data.mesh import box, cylinder, lathe, plate
from data.product import Part, Product, View, placed
from data.products.cases import Case, between, case, lid_print, with_lid
from data.products.embossing import blended, powder, pressed, relief
from data.products.swatch_forms import WET
from data.products.swatches import related, shade
from data.products.vessels import carton
from data.products.wands import beside

IN_THE_SUN = 0.25  # of these compacts lie in hard sunlight, as bloggers and makers show them


def opaque(draw: Draw, shell: Case) -> Material:
    """The case's outside, or that of the tray within a clear one."""
    if not shell.outside.clear:
        return shell.outside
    return shell.face or package(draw)


def cake(
    draw: Draw, half: float, y: float, colour: np.ndarray, main: str, section: str = "round", depth: float = 1.0
) -> tuple[Part, list[np.ndarray]]:
    """A pan's powder, flat, domed or embossed, now and then marbled, and its shades."""
    height = relief(draw)
    dome = draw.weighted({0.0: 4, 0.06: 1.5, 0.16: 1, 0.3: 0.5}) if section == "round" else 0.0
    material, shades = powder(draw, colour, main, height), [colour]
    if draw.chance(0.12):
        shades.append(related(draw, colour))
        material = blended(draw, material, *shades)
    surface = pressed(half, half * depth, section, y, height, strength=draw.uniform(0.015, 0.04), dome=dome)
    return Part(surface, material), shades


def dished(draw: Draw, product_type: str, colour: np.ndarray, main: str) -> Product:
    """A round compact whose rim slopes down to its pan, open: from above its upright lid is a narrow band."""
    base = case(draw, colour)
    shell = replace(
        base, section="round", depth=1.0, height=draw.uniform(0.2, 0.34), pan=draw.uniform(0.58, 0.8),
        pan_section="round", pan_depth=1.0, outside=opaque(draw, base),
        lid_kind=draw.weighted({"solid": 5, "window": 1.5, "clear": 1}),
    )  # fmt: skip
    h, p, drop = shell.height, shell.pan, draw.uniform(0.02, 0.09)
    wall = [(0, 0), (0.9, 0), (0.98, 0.03), (1.0, 0.1), (1.0, h - 0.07), (0.97, h - 0.015), (0.92, h)]
    slope = [(0.92, h), (p + 0.05, h - drop), (p, h - drop), (p - 0.004, h - drop - 0.05)]
    inner = shell.face or shell.outside
    tray = [Part(lathe(wall, segments=72), shell.outside), Part(lathe(slope, segments=72), inner)]
    if draw.chance(0.4):  # a ring of metal or of the rim's own plastic about the pan
        ring = [(p + 0.06, h - drop), (p + 0.04, h - drop + 0.02), (p - 0.005, h - drop + 0.01), (p - 0.01, h - drop)]
        tray.append(Part(lathe(ring, segments=72), metal(draw) if draw.chance(0.7) else shell.outside))
    pan, shades = cake(draw, p - 0.008, h - drop - 0.012, colour, main)
    layout = draw.weighted({"open, lid up": 4.5, "half open": 2.5, "lid missing": 2.2, "lid beside": 0.8})
    view: View = draw.choice("flat", "overhead")
    parts = with_lid(draw, shell, [*tray, pan], layout)
    return _compact(draw, product_type, parts, shades, main, shell.outside, layout, view)


def windowed(draw: Draw, product_type: str, colour: np.ndarray, main: str) -> Product:
    """A closed compact whose lid is a window within a rim, its name printed over the powder."""
    body = opaque(draw, case(draw, colour))
    section = draw.weighted({"round": 5, "square": 1.2, "sharp": 1.2})
    depth = 1.0 if section == "round" else draw.choice(1.0, draw.uniform(0.75, 1.0))
    hole = "round" if section != "round" and draw.chance(0.5) else section
    h, wide = draw.uniform(0.22, 0.42), draw.uniform(0.64, 0.88) * (depth if hole == "round" else 1.0)
    deep = 1.0 if hole == "round" else depth
    seam = h * draw.uniform(0.4, 0.6)
    line = [(0, 0), (0.94, 0), (1.0, 0.05), (1.0, seam - 0.015), (0.98, seam), (1.0, seam + 0.015), (1.0, h - 0.05)]
    shell = lathe([*line, (0.985, h - 0.015), (0.95, h)], section, depth=depth, segments=72)
    hem = lathe([(wide, h), (wide, h - 0.1)], hole, depth=deep)
    pan, shades = cake(draw, wide - 0.004, h - 0.09, colour, main, hole, deep)
    if draw.chance(0.75):  # the print is on the window; it lies so near the powder that it is painted there
        pan = replace(pan, material=lid_print(draw, pan.material, deep))
    bar = cylinder(0.05, draw.uniform(0.4, 0.7)).turned("z", 90)
    bar = bar.moved(-(bar.low + bar.high)[0] / 2, seam, -depth)
    latch = box(draw.uniform(0.3, 0.6), 0.12, 0.06, 0.015).moved(0, seam - 0.06, depth)
    parts = [
        Part(shell, body), Part(between((section, 0.95, depth), (hole, wide, deep), h), body), Part(hem, body), pan,
        Part(bar, body), Part(latch, body), Part(plate(wide, h - 0.02, hole, deep, 0.0), clear(draw)),
    ]  # fmt: skip
    view: View = draw.choice("flat", "overhead", "overhead")
    return _compact(draw, product_type, parts, shades, main, body, "closed under a clear lid", view)


def flip_case(draw: Draw, product_type: str, colour: np.ndarray, main: str) -> Product:
    """A rectangular case that opens like a book, deeper than wide, with one pan or two, one behind the other."""
    body = opaque(draw, case(draw, colour))
    depth, h = draw.uniform(1.0, 1.4), draw.uniform(0.2, 0.36)
    inner = draw.choice(body, body, metal(draw), plastic(draw, np.full(3, draw.choice(0.04, 0.95)), "inner"))
    shell = Case("sharp", 1.0, depth, h, 0.8, body, "sharp", depth, "solid", inner)
    wall = [(0, 0), (0.96, 0), (1.0, 0.04), (1.0, h - 0.02), (0.98, h)]
    parts = [
        Part(lathe(wall, "sharp", depth=depth), body),
        Part(plate(0.985, h - 0.001, "sharp", depth, 0.0), inner),
    ]
    count = draw.weighted({1: 1.2, 2: 1})
    colours = [colour] + [related(draw, colour) if draw.chance(0.6) else shade(draw, product_type)] * (count - 1)
    wide, gap = draw.uniform(0.76, 0.88), draw.uniform(0.05, 0.1)
    room = depth - (1 - wide)
    share = draw.uniform(0.35, 0.6) if count == 2 else 1.0
    shades: list[np.ndarray] = []
    front = room
    rim = metal(draw) if draw.chance(0.6) else inner
    for tone, part in zip(colours, (share, 1 - share), strict=False):
        half = room * part - gap / 2 * (count - 1)
        middle = front - half
        front -= 2 * half + gap
        ring = [(1.0, h - 0.01), (0.995, h + 0.012), (0.965, h + 0.012), (0.96, h)]
        parts.append(Part(lathe(ring, "sharp", width=wide, depth=half).moved(z=middle), rim))
        pan, own = cake(draw, 0.963 * wide, h + 0.006, tone, main, "sharp", half / wide)
        parts.append(replace(pan, mesh=pan.mesh.moved(z=middle)))
        shades += own
    layout = draw.weighted({"half open": 3, "open, lid up": 3, "lid missing": 1.2})
    view: View = "overhead" if layout == "half open" and draw.chance(0.6) else draw.choice("flat", "overhead")
    return _compact(draw, product_type, with_lid(draw, shell, parts, layout), shades, main, body, layout, view)


def closed_disc(draw: Draw, product_type: str, colour: np.ndarray, main: str) -> Product:
    """A closed round compact, three to five times as wide as high, its seam, hinge and thumb notch in view."""
    tones = {
        "white": lambda: plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white"),
        "black": lambda: plastic(draw, np.full(3, draw.uniform(0.02, 0.06)), "black"),
        "rose gold": lambda: metal(draw, draw.choice("rose gold", "rose gold", "gold", "champagne")),
        "any": lambda: opaque(draw, case(draw, colour)),
    }  # fmt: skip
    body = tones[draw.weighted({"white": 2.5, "black": 2.5, "rose gold": 2, "any": 3})]()
    section = draw.weighted({"round": 7, "soft": 1, "square": 1})
    h = draw.uniform(0.22, 0.34)
    shell = Case(section, 1.0, 1.0, h, 0.75, body, section, 1.0, "solid", None)
    parts = with_lid(draw, shell, [], "closed")
    dark = plain(body.colour * 0.35, 0.5, "inner")
    notch = box(draw.uniform(0.25, 0.5), h * 0.3, 0.04, 0.01).moved(0, h * 0.62, 0.985)
    hinge = box(draw.uniform(0.4, 0.8), h * 0.5, 0.08, 0.015).moved(0, h * 0.6, -1.0)
    band = lathe([(1.004, h - 0.012), (1.004, h + 0.02)], section)
    parts += [Part(notch, dark), Part(hinge, body), Part(band, metal(draw) if draw.chance(0.3) else dark)]
    parts = spun(draw, parts)
    if draw.chance(0.15):
        side = draw.uniform(2.1, 2.5)
        parts += beside(draw, parts, [carton(draw, body, side, side, draw.uniform(0.5, 0.9))])
    view: View = "overhead" if draw.chance(0.2) else "flat"
    return _compact(draw, product_type, parts, [], main, body, "closed", view)


def spun(draw: Draw, parts: list[Part]) -> list[Part]:
    """The parts turned about the upright axis by up to 70 degrees."""
    degrees = draw.uniform(-70, 70)
    return [p.turned("y", degrees) for p in parts]


def _compact(
    draw: Draw, product_type: str, parts: list[Part], shades: list[np.ndarray], main: str, outside: Material,
    layout: str, view: View,
) -> Product:  # fmt: skip
    setting = "sun" if draw.chance(IN_THE_SUN) and not any(p.material.clear for p in parts) else ""
    return Product(
        product_type, placed(parts), tuple(shades), main if shades else None, "compact", outside, layout, view,
        tiltable=False, setting=setting,
    )  # fmt: skip


Form = Callable[[Draw, str, np.ndarray, str], Product]
CLOSED = {"blush": 0.5, "bronzer or highlighter": 1.8, "powder": 1.2}  # how often each type is shown so


def shop_compact(draw: Draw, product_type: str, colour: np.ndarray, main: str) -> Product:
    """A compact of `product_type` and sRGB `colour` (3,) in one of these forms: the same for all types of powder."""
    forms: dict[Form, float] = {dished: 4.0, windowed: 2.2, flip_case: 1.4, closed_disc: CLOSED[product_type]}
    return draw.weighted(forms)(draw, product_type, colour, main)


def two_streaks(draw: Draw, product_type: str, colour: np.ndarray, main: str) -> Product:
    """Two crumbling streaks of powder side by side, the second a sister of the first or another shade."""
    second = related(draw, colour) if draw.chance(0.6) else shade(draw, product_type)
    if main in WET:  # what crumbles is dry
        main = draw.choice("satin", "shimmer")
    tilt = draw.uniform(-40, 40) + 90
    parts: list[Part] = []
    wide = draw.uniform(0.5, 0.8)
    for side, tone in ((-1, colour), (1, second)):
        one = crumble.streak(draw, draw.uniform(1.8, 2.4), wide).turned("y", tilt + draw.normal(5))
        centre = (one.low + one.high) / 2
        across = side * wide * draw.uniform(0.55, 0.8)
        parts.append(Part(one.moved(across - centre[0], 0, -centre[2]), cosmetic(draw, tone, main)))
    return Product(
        product_type, placed(parts), (colour, second), main, "swatch", None, "swatch", "overhead", 2, tiltable=False
    )
