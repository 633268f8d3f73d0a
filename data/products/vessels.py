"""Containers of fluids and creams: tubes, bottles and what closes them, jars. Each stands on y = 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, clear, metal, package, plain
from data.mesh import Mesh, Point, capsule_profile, cylinder, joined, lathe
from data.product import Part, moved, placed, turned
from data.products.shapes import dollop, grey, hue

AMBER = np.array([0.52, 0.25, 0.06])
TUBE_STEPS = 17  # rings of a tube's body: enough for a smooth taper to the crimp


def care_package(draw: Draw) -> Material:
    """Skin care comes in white and frosted light plastic more often than make-up does."""
    kind = draw.weighted({"white": 3.0, "frosted": 2.0, "any": 3.0})
    if kind == "white":
        return plain(grey(draw, 0.88), draw.uniform(0.12, 0.5), "white plastic")
    if kind == "frosted":
        return plain(hue(draw, (0.1, 0.5), (0.78, 0.93)), 0.5, "frosted plastic")
    return package(draw)


def tube_parts(draw: Draw, body: Material, cap: Material, height: float, radius: float) -> list[Part]:
    """A squeeze tube that stands on its cap; its round foot widens to a flat, crimped end at the top."""
    cap_height = draw.uniform(0.16, 0.26) * height
    cap_radius = radius * draw.uniform(0.72, 0.98)

    def squeeze(s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return 1 + 0.42 * s, np.maximum(1 - s**1.2, 0.03)

    rise = np.linspace(0.03, 1.0, TUBE_STEPS)
    profile = [(radius * 0.8, 0.0), *((radius, height * t) for t in rise)]
    skin = lathe(profile, taper=squeeze, crease=180)
    crimp = skin.high[1]
    seam = lathe(
        [(1, 0), (1, 0.05 * height), (0, 0.05 * height)],
        "sharp",
        width=radius * 1.42,
        depth=0.03 * radius + 0.008,
    )
    return [
        Part(cylinder(cap_radius, cap_height), cap),
        Part(skin.moved(y=cap_height), body),
        Part(seam.moved(y=cap_height + crimp - 0.005), _bare(body)),
    ]


def _bare(material: Material) -> Material:
    """The material's ground without its print, for the parts that carry no label."""
    if material.clear or material.texture.shape[0] < 8 or material.roughness_map is not None:
        return material
    corner = material.texture[:2, :2].copy()
    return material.painted(corner)


def bottle_profile(
    radius: float, height: float, shoulder: float, neck: float, gap: float = 0.0
) -> list[Point]:
    """Foot to neck of a bottle; `gap` shrinks it inwards, for a liquid within a wall."""
    r = radius - gap
    b = 0.14 * r
    return [
        (0, 1.6 * gap), (r - b, 1.6 * gap), (r - 0.3 * b, 0.3 * b + 1.6 * gap), (r, b + 1.6 * gap),
        (r, height - 0.12 * radius - gap), (r - 0.25 * b, height - gap - 0.03 * radius),
        (max(r - b - 0.4 * shoulder, neck), height + 0.55 * shoulder - gap),
        (neck - 0.3 * gap, height + shoulder - gap),
        (0, height + shoulder - gap),
    ]  # fmt: skip


def bottle_parts(
    draw: Draw,
    body: Material,
    radius: float,
    height: float,
    *,
    section: str = "round",
    depth: float = 1.0,
    shoulder: float = 0.15,
    neck: float = 0.22,
    liquid: Material | None = None,
) -> list[Part]:
    """A bottle without its closure; a `liquid` makes the (clear) body a wall around it."""
    outer = lathe(bottle_profile(radius, height, shoulder, neck), section, depth=depth, crease=50)
    parts = [Part(outer, body)]
    if liquid is not None:
        wall = draw.uniform(0.05, 0.12) * radius
        inside = bottle_profile(radius, height * draw.uniform(0.86, 1.0), shoulder, neck, wall)
        parts.append(Part(lathe(inside, section, depth=depth, crease=50), liquid))
    return parts


def pump_parts(draw: Draw, material: Material, radius: float, *, foam: bool = False) -> list[Part]:
    """A lotion pump's collar, stem, head and spout (all on a neck at y = 0); a foamer's head is broad."""
    collar = cylinder(radius, draw.uniform(0.2, 0.34), "round", 0.03)
    base = float(collar.high[1])
    lift = draw.uniform(0.12, 0.3)
    head_radius = radius * (draw.uniform(0.75, 0.95) if foam else draw.uniform(0.45, 0.65))
    head = cylinder(head_radius, draw.uniform(0.12, 0.24), "round", 0.03).moved(y=base + lift)
    reach = radius * draw.uniform(1.2, 2.1)
    dip = draw.uniform(0, 0.12)
    y = base + lift + 0.09
    spout = lathe(
        [(0.001, 0), (0.07, 0), (0.06, reach * 0.8), (0.05, reach), (0.001, reach)], "soft", depth=0.8
    )
    spout = spout.turned("z", -90 - np.degrees(np.arctan2(dip, reach))).moved(y=y)
    stem = cylinder(radius * 0.24 + 0.02, lift + 0.05).moved(y=base - 0.02)
    pieces = turned(
        [Part(m, material) for m in (collar, stem, head, spout)], "y", draw.choice(0.0, 180.0, -30.0, 210.0)
    )
    if draw.chance(0.25):
        pieces[0] = Part(pieces[0].mesh, metal(draw))
    return pieces


def spray_parts(draw: Draw, material: Material, radius: float) -> list[Part]:
    """A fine-mist head, bare or under its cap."""
    if draw.chance(0.45):
        return [Part(cylinder(radius * 1.1, draw.uniform(0.5, 0.8)), material)]
    collar = cylinder(radius, 0.22, "round", 0.03)
    head = lathe([(0, 0), (radius * 0.7, 0), (radius * 0.7, 0.26), (radius * 0.55, 0.32), (0, 0.32)]).moved(
        y=0.25
    )
    jet = cylinder(0.035, 0.04).turned("x", 90).moved(y=0.44, z=radius * 0.68)
    stem = cylinder(radius * 0.35, 0.1).moved(y=0.18)
    dark = plain(np.full(3, 0.1), 0.4)
    return [Part(collar, material), Part(stem, material), Part(head, material), Part(jet, dark)]


def dropper_parts(draw: Draw, collar: Material, bulb: Material, neck: float) -> list[Part]:
    """Collar and rubber bulb of a dropper, on a neck at y = 0."""
    height, r = draw.uniform(0.28, 0.48), neck * draw.uniform(0.95, 1.05)
    shape = [
        (r * 0.95, 0), (r * 0.95, 0.08), (r * 0.72, 0.15), (r * 0.76, draw.uniform(0.35, 0.5)),
        (r * 0.62, 0.66), (r * 0.25, 0.74), (0, 0.75),
    ]  # fmt: skip
    ribs = [
        lathe([(neck * 1.22, 0), (neck * 1.27, 0.02), (neck * 1.22, 0.04)]).moved(y=y)
        for y in (0.04, height - 0.08)
    ]
    return [
        Part(joined([cylinder(neck * 1.22, height, "round", 0.03), *ribs]), collar),
        Part(lathe(shape, crease=70).moved(y=height - 0.01), bulb),
    ]


def pipette_parts(draw: Draw, length: float, fluid: Material | None) -> list[Part]:
    """The glass tube under a dropper's collar, reaching down from y = 0, half filled."""
    glass = lathe([(0.03, -length), (0.07, -length * 0.85), (0.08, -length * 0.8), (0.08, 0)], crease=180)
    parts = [Part(glass, clear(draw, (0.93, 0.95, 0.95)))]
    if fluid is not None:
        level = -length * draw.uniform(0.2, 0.6)
        parts.append(
            Part(
                lathe([(0.02, -length), (0.05, -length * 0.83), (0.055, level), (0, level)], crease=180),
                fluid,
            )
        )
    return parts


def jar_parts(
    draw: Draw, body: Material, radius: float, height: float, fill: Material | None, section: str = "round"
) -> list[Part]:
    """A jar without its lid. With a `fill` it is open and cream is seen, smooth, domed or spun to a peak."""
    lip, sink = radius * 0.84, 0.06 * height
    if body.clear:  # a thick wall of glass about an inner cup
        cup = printed(draw, plain(grey(draw, 0.85), 0.4, "white plastic"), often=0.8)
        shell = lathe(capsule_profile(radius, height, 0.08)[:-1], section, crease=50)
        inner = lathe(
            [
                (0, 0.16 * height),
                (lip * 0.8, 0.16 * height),
                (lip, 0.35 * height),
                (lip, height),
                (lip - 0.03, height),
            ],
            section,
        )
        parts = [Part(shell, body), Part(inner, cup)]
    else:
        wall = capsule_profile(radius, height, draw.uniform(0.04, 0.16))[:-1]
        parts = [Part(lathe([*wall, (lip, height), (lip, height - 2 * sink)], section), body)]
    if fill is not None:
        top = dollop(draw.rng, lip * 1.04, draw.uniform(0.08, 0.35), draw.uniform(1.2, 2.5))
        floor = lathe([(lip * 1.02, height - sink - 0.01), (0.001, height - sink)], section)
        surface = _inside(top, lip * 0.99).moved(y=height - sink)
        parts += [Part(floor, fill), Part(surface, fill)]
    return parts


def _inside(mesh: Mesh, radius: float) -> Mesh:
    """Vertices beyond a radius pulled back to it, so that cream does not pierce its jar."""
    shift = np.zeros_like(mesh.vertices)
    distance = np.hypot(mesh.vertices[:, 0], mesh.vertices[:, 2])
    pull = np.minimum(radius / np.maximum(distance, 1e-9), 1.0) - 1.0
    shift[:, [0, 2]] = mesh.vertices[:, [0, 2]] * pull[:, None]
    return mesh.bent(shift)


def lid_parts(draw: Draw, material: Material, radius: float, section: str = "round") -> list[Part]:
    """A screw lid, right way up on y = 0, now and then with a metal band."""
    thick = draw.uniform(0.22, 0.5) * radius
    parts = [Part(cylinder(radius, thick, section), printed(draw, material, often=0.3))]
    if draw.chance(0.25):
        parts.append(
            Part(lathe([(radius * 1.005, 0), (radius * 1.005, 0.06 * radius)], section), metal(draw))
        )
    return parts


def leaning(parts: Sequence[Part], draw: Draw, x: float, z: float) -> list[Part]:
    """A lid set on its rim, its top turned to the camera, propped at (x, z)."""
    tipped = placed(turned(turned(parts, "x", draw.uniform(50, 78)), "y", draw.uniform(-25, 25)))
    centre = sum(p.mesh.low + p.mesh.high for p in tipped) / (2 * len(tipped))
    return moved(tipped, x - centre[0], 0, z - centre[2])


def carton(draw: Draw, surface: Material, width: float, height: float, depth: float) -> Part:
    """The folding box that a product is sold in."""
    from data.mesh import box

    return Part(
        box(width, height, depth, 0.012), printed(draw, surface, vertical=draw.chance(0.2), often=0.95)
    )
