"""What closes a bottle: pumps, mist sprays, droppers with their pipettes, flip caps. Each sits on a neck at y = 0."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import Material, clear, metal, plain
from data.mesh import Mesh, Point, cylinder, joined, lathe
from data.product import Part, turned
from data.products.shapes import grey, rod

DARK = 0.08  # grey of a nozzle's opening


def dome_profile(radius: float, height: float, bevel: float) -> list[Point]:
    """A solid of revolution with a sharp foot and a rounded top edge of radius `bevel`."""
    b = min(bevel, 0.95 * radius, 0.95 * height)
    arc = np.radians(np.linspace(0, 90, 7))
    rim = [(radius - b + b * np.cos(a), height - b + b * np.sin(a)) for a in arc]
    return [(0, 0), (radius, 0), *((float(r), float(y)) for r, y in rim), (0, height)]


def ridged(radius: float, height: float, ridges: int = 36) -> Mesh:
    """A screw collar with fine upright ridges."""
    mesh = lathe([(0, 0), (radius, 0), (radius, height), (0.9 * radius, height), (0, height)], segments=2 * ridges)
    side = np.hypot(mesh.vertices[:, 0], mesh.vertices[:, 2]) > 0.95 * radius
    column = np.repeat(np.arange(2 * ridges + 1), len(mesh.vertices) // (2 * ridges + 1))
    inward = np.where(side & (column % 2 == 1), -0.035, 0.0)[:, None]
    return mesh.bent(mesh.vertices * [1, 0, 1] * inward)


def pump_parts(draw: Draw, material: Material, radius: float, *, foam: bool = False) -> list[Part]:
    """A pump on a collar of that radius: a lotion pump's saddle, a serum's short button, or a foamer's broad head."""
    kind = "foam" if foam else draw.weighted({"lotion": 3, "button": 1.2})
    tall = draw.uniform(0.7, 1.1) * radius
    collar = ridged(radius, tall) if draw.chance(0.3) else lathe(dome_profile(radius, tall, 0.12 * radius))
    step = 0.12 * radius
    neck = cylinder(0.55 * radius, step + 0.02, "round", 0.01).moved(y=tall - 0.02)
    base = tall + step
    stem_radius = radius * {"lotion": 0.2, "button": 0.34, "foam": 0.42}[kind]
    lift = radius * (draw.uniform(0.45, 1.1) if kind == "lotion" else draw.uniform(0.1, 0.4))
    stem = cylinder(stem_radius, lift + 0.06, "round", 0.005).moved(y=base - 0.03)
    y = base + lift
    head_radius = radius * {"lotion": draw.uniform(0.42, 0.56), "button": 0.72, "foam": draw.uniform(0.78, 0.95)}[kind]
    head_tall = radius * {"lotion": draw.uniform(0.5, 0.7), "button": 0.75, "foam": draw.uniform(0.75, 1.0)}[kind]
    head = lathe(dome_profile(head_radius, head_tall, head_radius * draw.uniform(0.2, 0.6))).moved(y=y)
    reach = radius * {"lotion": draw.uniform(1.5, 2.2), "button": 0.95, "foam": draw.uniform(1.1, 1.5)}[kind]
    bore = radius * {"lotion": 0.24, "button": 0.16, "foam": 0.3}[kind]
    spout = _spout(y + head_tall - 1.15 * bore, reach, bore, drop=0.0 if kind == "button" else draw.uniform(0.2, 0.5))
    shine = draw.chance(0.3)
    band = metal(draw) if shine else material
    pieces = [Part(collar, band), Part(joined([neck, stem, head, spout]), material)]
    return turned(pieces, "y", draw.choice(0.0, 180.0, -25.0, 205.0, -90.0))


def _spout(y: float, reach: float, bore: float, drop: float) -> Mesh:
    """A nozzle along +x that bows down at its end and closes to a blunt tip."""
    s = np.linspace(0, 1, 16)
    x = reach * s
    dip = -drop * reach * np.clip(s - 0.45, 0, None) ** 2
    r = bore * (1 - 0.42 * s)
    r[-1] = 0.55 * r[-2]
    path = np.stack([x, y + dip, np.zeros_like(x)], 1)
    path = np.concatenate([path, path[-1:] + np.array([1e-3, 0, 0])])
    return rod(path, np.append(r, 1e-3))


def spray_parts(draw: Draw, material: Material, radius: float) -> list[Part]:
    """A fine-mist head, bare, under its clear cap, or under an opaque one."""
    look = draw.weighted({"opaque": 4, "clear": 1.5, "bare": 3})
    tall = radius * draw.uniform(1.3, 2.2)
    if look == "opaque":
        return [Part(lathe(dome_profile(radius * 1.08, tall, 0.15 * radius)), material)]
    collar = lathe(dome_profile(radius, 0.45 * radius, 0.06 * radius))
    head = lathe(dome_profile(0.62 * radius, 0.75 * radius, 0.16 * radius)).moved(y=0.6 * radius)
    stem = cylinder(radius * 0.35, 0.2 * radius, "round", 0.005).moved(y=0.43 * radius)
    jet = cylinder(0.11 * radius, 0.06 * radius, "round", 0.01).turned("x", 90)
    dark = plain(np.full(3, DARK), 0.4)
    face = jet.moved(y=1.1 * radius, z=0.6 * radius)
    parts = [Part(joined([stem, head]), material), Part(face, dark)]
    parts.append(Part(collar, metal(draw) if draw.chance(0.35) else material))
    if look == "clear":
        cap = lathe([(radius * 1.04, 0), *dome_profile(radius * 1.04, tall, 0.15 * radius)[1:]])
        parts.append(Part(cap.moved(y=0.02), clear(draw)))
    return parts


def dropper_parts(draw: Draw, collar: Material, bulb: Material, neck: float) -> list[Part]:
    """Collar and rubber bulb of a dropper, or a push button, on a neck at y = 0."""
    r = neck * 1.25
    tall = r * draw.uniform(0.95, 1.5)
    ring = ridged(r, tall) if draw.chance(0.4) else lathe(dome_profile(r, tall, 0.1 * r))
    if draw.chance(0.12):
        button = lathe(dome_profile(0.62 * r, 0.75 * r, 0.12 * r)).moved(y=tall)
        return [Part(ring, collar), Part(button, bulb)]
    wide, high = r * draw.uniform(0.62, 0.74), r * draw.uniform(1.7, 2.5)
    arc = np.radians(np.linspace(0, 88, 9))
    waist = wide * draw.uniform(0.86, 0.96)
    shape: list[Point] = [(wide * 1.1, 0), (wide * 1.1, 0.1 * r), (wide, 0.2 * r), (waist, 0.5 * high)]
    shape += [(float(waist * np.cos(a)), float(high - waist * 1.1 + waist * 1.1 * np.sin(a))) for a in arc]
    return [Part(ring, collar), Part(lathe([*shape, (0, high)], crease=60).moved(y=tall - 0.01), bulb)]


def pipette_parts(draw: Draw, length: float, fluid: Material | None) -> list[Part]:
    """The glass tube under a dropper's collar, reaching down from y = 0, partly filled, tapered to a small opening."""
    r = 0.07
    wall: list[Point] = [(0.45 * r, -length), (0.5 * r, -0.94 * length), (r, -0.84 * length), (r, 0)]
    parts = [Part(lathe(wall, segments=24, crease=180), clear(draw, (0.95, 0.97, 0.97)))]
    level = -length * draw.uniform(0.1, 0.5) if fluid is not None else -0.99 * length
    # A pale core stands for the empty bore: seen through two thin walls alone the tube would all but vanish.
    core = lathe([(0.8 * r, level), (0.8 * r, -0.01)], segments=24)
    parts.append(Part(core, plain(grey(draw, 0.86, 0.95), 0.1, "glass", coat=1.0)))
    if fluid is not None:
        inner: list[Point] = [(0.3 * r, -length), (0.36 * r, -0.93 * length), (0.82 * r, -0.83 * length)]
        bore = lathe([*inner, (0.82 * r, level), (0, level)], segments=24, crease=60)
        drop = lathe(
            [(0, -1.045 * length), (0.4 * r, -1.02 * length), (0.3 * r, -0.985 * length)], segments=16, crease=180
        )
        parts.append(Part(joined([bore, drop]), fluid))
    return parts


def flip_cap(draw: Draw, radius: float, height: float, section: str = "round", depth: float = 1.0) -> Mesh:
    """A flip-top cap: a rounded block with the fine groove between its base and its lid."""
    groove = draw.uniform(0.5, 0.75) * height
    b = 0.1 * radius
    return lathe(
        [
            (0, 0), (radius, 0), (radius, groove), (0.97 * radius, groove + 0.008), (0.97 * radius, groove + 0.022),
            (radius, groove + 0.03), (radius, height - b), (radius - 0.3 * b, height - 0.3 * b), (radius - b, height),
            (0, height),
        ],
        section,
        depth=depth,
    )  # fmt: skip
