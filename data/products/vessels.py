"""Containers of fluids and creams: tubes, bottles, jars and their lids. Each stands on y = 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import PASTELS, Material, metal, package, plain
from data.mesh import Mesh, Point, box, capsule_profile, cylinder, joined, lathe, sheet
from data.product import Part, moved, placed, turned
from data.products.closures import dome_profile, dropper_parts, flip_cap, pipette_parts, pump_parts, ridged, spray_parts
from data.products.shapes import grey, hue

__all__ = [
    "AMBER", "bare", "bottle_parts", "bottle_profile", "care_package", "carton", "dropper_parts", "jar_parts",
    "leaning", "lid_parts", "pipette_parts", "pump_parts", "sachet", "spray_parts", "swirl", "tube_parts",
]  # fmt: skip

AMBER = np.array([0.52, 0.25, 0.06])
TUBE_STEPS = 17  # rings of a tube's body: enough for a smooth taper to the crimp
GLASS = (0.90, 0.905, 0.91)  # what a thick wall of clear glass looks like against a light room


def care_package(draw: Draw) -> Material:
    """Skin care comes in white, pale and frosted plastic more often than make-up does."""
    kind = draw.weighted({"white": 4.2, "frosted": 1.2, "pastel": 1.6, "black": 1.0, "any": 1.8})
    if kind == "white":
        rough = draw.uniform(0.08, 0.5)
        return plain(grey(draw, 0.9), rough, "white plastic", coat=1.0 if rough < 0.18 else 0.0)
    if kind == "frosted":
        return plain(hue(draw, (0.1, 0.5), (0.8, 0.94)), 0.5, "frosted plastic")
    if kind == "pastel":
        name = draw.choice(*PASTELS)
        pale = np.array(PASTELS[name]) * 0.7 + 0.3 * draw.uniform(0.85, 1.0)
        return plain(np.clip(pale, 0, 0.97), draw.uniform(0.2, 0.6), f"{name} plastic")
    if kind == "black":
        return plain(np.full(3, draw.uniform(0.02, 0.08)), draw.uniform(0.1, 0.5), "black plastic")
    return package(draw)


def tube_parts(draw: Draw, body: Material, cap: Material, height: float, radius: float) -> list[Part]:
    """A squeeze tube that stands on its cap; its round foot widens to a flat, crimped end at the top."""
    kind = draw.weighted({"flip": 3, "screw": 2, "nozzle": 0.8})
    share = {"flip": draw.uniform(0.13, 0.22), "screw": draw.uniform(0.12, 0.24), "nozzle": draw.uniform(0.18, 0.3)}
    cap_height = share[kind] * height
    cap_radius = radius * {"flip": draw.uniform(0.94, 1.0), "screw": draw.uniform(0.6, 0.95), "nozzle": 0.5}[kind]
    wide = draw.uniform(1.25, 1.45)
    start = 1.0 if kind == "flip" else draw.uniform(0.8, 0.95)

    def squeeze(s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return 1 + (wide - 1) * s, np.maximum(1 - s**1.3, 0.03)

    rise = np.linspace(0.04, 1.0, TUBE_STEPS)
    profile = [(cap_radius * 0.5, 0.0), (radius * start, 0.0), *((radius, height * t) for t in rise)]
    skin = lathe(profile, taper=squeeze, crease=60)
    crimp = skin.high[1]
    tall = draw.uniform(0.035, 0.07) * height
    thin = 0.03 * radius + 0.008
    ribs = [(1.0, 0.0)]
    for k in range(4):  # the fine lines that the sealing jaws press in
        ribs += [(1.0, tall * (k + 0.4) / 4), (0.985, tall * (k + 0.5) / 4), (1.0, tall * (k + 0.6) / 4)]
    seam = lathe([*ribs, (1, tall), (0, tall)], "sharp", width=radius * wide, depth=thin)
    if kind == "flip":
        closure = flip_cap(draw, cap_radius, cap_height)
    elif kind == "nozzle":
        closure = lathe([(0, 0), (0.75 * cap_radius, 0), (cap_radius, cap_height), (0, cap_height)])
    elif draw.chance(0.35):
        closure = ridged(cap_radius, cap_height)
    else:
        closure = cylinder(cap_radius, cap_height)
    end = metal(draw) if draw.chance(0.12) else bare(body)
    return [
        Part(closure, cap),
        Part(skin.moved(y=cap_height), body),
        Part(seam.moved(y=cap_height + crimp - 0.005), end),
    ]


def bare(material: Material) -> Material:
    """The material's ground without its print, for the parts that carry no label."""
    if material.clear or material.texture.shape[0] < 8 or material.roughness_map is not None:
        return material
    corner = material.texture[:2, :2].copy()
    return material.painted(corner)


def bottle_profile(radius: float, height: float, shoulder: float, neck: float, gap: float = 0.0) -> list[Point]:
    """Foot to neck of a bottle, its shoulder a quarter round; `gap` shrinks it inwards, for a liquid in a wall."""
    r = radius - gap
    foot = min(0.12 * radius, 0.1)
    arc = np.radians(np.linspace(0, 90, 7))
    low = [(r - foot + foot * np.sin(a), 1.6 * gap + foot * (1 - np.cos(a))) for a in arc]
    bend = max(r - neck, 0.02)
    high = [(neck + bend * np.cos(a) - 0.3 * gap, height - gap + shoulder * np.sin(a)) for a in arc]
    line = [(0.0, 1.6 * gap), *low, *high, (0.0, height + shoulder - gap)]
    return [(float(max(a, 0.0)), float(b)) for a, b in line]


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
        # Thin: through an empty stretch of wall a cut-out's coverage is a matter of chance, which shows as dots.
        wall = draw.uniform(0.02, 0.045) * radius
        foot = draw.choice(wall, 0.12 * radius)
        inside = bottle_profile(radius - wall, height - foot, shoulder, neck - wall, 0.0)
        if draw.chance(0.35):  # used a little: above its level the wall shows pale
            level = (height - foot) * draw.uniform(0.6, 0.92)
            low = [p for p in inside if p[1] < level]
            high = [(radius - wall, level), *(p for p in inside if p[1] > level)]
            inside = [*low, (radius - wall, level), (0.0, level)]
            empty = lathe(high, section, depth=depth, crease=50).moved(y=foot)
            parts.append(Part(empty, plain(np.array(GLASS) * draw.uniform(0.98, 1.08), 0.1, "glass", coat=1.0)))
        parts.append(Part(lathe(inside, section, depth=depth, crease=50).moved(y=foot), liquid))
        if foot > wall:  # a thick glass foot
            slab = lathe([(0, 0.01), (radius * 0.97, 0.01), (radius * 0.97, foot), (0, foot)], section, depth=depth)
            parts.append(Part(slab, plain(GLASS, 0.1, "glass", coat=1.0)))
    return parts


def jar_parts(
    draw: Draw, body: Material, radius: float, height: float, fill: Material | None, section: str = "round"
) -> list[Part]:
    """A jar without its lid. With a `fill` it is open and cream is seen, smooth, domed or spun to a peak.

    A clear body is a thick double wall: a white or tinted cup within a block of glass, or the cream seen through it.
    """
    lip, sink = radius * 0.86, min(0.08 * height, 0.06)
    if body.clear:
        shell = lathe(capsule_profile(radius, height, 0.08)[:-1], section, crease=50)
        foot = draw.uniform(0.12, 0.25) * height
        inset = radius * draw.uniform(0.9, 0.97)
        cup_line = [(0.0, foot), (0.8 * inset, foot), (inset, foot + 0.2 * inset), (inset, height), (lip, height)]
        cup_line.append((lip, height - 2 * sink))
        tone = grey(draw, 0.9) if draw.chance(0.75) else hue(draw, (0.1, 0.5), (0.7, 0.9))
        inner = fill if fill is not None and draw.chance(0.35) else plain(tone, 0.35, "white plastic")
        slab_line = [(0, 0.012), (0.955 * radius, 0.012), (0.955 * radius, foot + 0.18 * inset), (0.75 * radius, foot)]
        slab = lathe([*slab_line, (0, foot)], section)
        parts = [
            Part(shell, body),
            Part(lathe(cup_line, section, crease=40), inner),
            Part(slab, plain(np.array(GLASS) * draw.uniform(0.86, 1.0), 0.08, "glass", coat=1.0)),
        ]
    else:
        wall = capsule_profile(radius, height, draw.uniform(0.03, 0.2))[:-1]
        line = [*wall, (lip, height), (lip, height - 2 * sink)]
        parts = [Part(lathe(line, section), body)]
    if fill is not None:
        depth = draw.uniform(0.08, 0.26)
        top = swirl(draw, lip * 0.995, depth, draw.weighted({"smooth": 1.2, "spun": 3, "peak": 2, "scooped": 1}), 1.0)
        level = height - sink - (0.5 * depth if section == "round" else 0.0)
        floor = lathe([(lip * 1.01, level + 0.004), (0.001, level + 0.004)], section)
        parts.append(Part(joined([floor, top.moved(y=level)]), fill))
    return parts


def swirl(draw: Draw, radius: float, height: float, kind: str, edge: float = 0.0) -> Mesh:
    """A round of cream about the axis, its rim at y = 0: "smooth", "spun" with a spiral groove, drawn to a "peak", or
    "scooped" by a finger. `edge` in [0, 1] keeps the rim on the circle (within a jar); else it wanders a little.
    """
    rows, columns = 40, 96
    r = np.linspace(0.001, 1, rows)[:, None]
    a = np.linspace(0, 2 * np.pi, columns)[None]
    hand = draw.sign()
    wave = 0.5 + 0.5 * np.sin(2 * np.pi * draw.uniform(1.5, 2.6) * r**0.85 - hand * a + draw.uniform(0, 6))
    fall = np.sqrt(np.clip(1 - r**4, 0, 1))
    lean_angle = draw.uniform(0, 2 * np.pi)
    lean = 0.0 * r
    if kind == "smooth":
        rise = 0.35 * fall + 0 * a
    elif kind == "scooped":
        x, z = r * np.cos(a - lean_angle), r * np.sin(a - lean_angle)
        rise = fall * (0.9 - 0.85 * np.exp(-((z / 0.3) ** 2)) / (1 + np.exp(8 * (x - 0.35))))
    else:
        rise = fall * (0.35 + 0.45 * wave * np.clip(6 * r, 0, 1))
        if kind == "peak":
            rise = rise + 1.3 * np.exp(-((r / 0.22) ** 1.3))
            lean = 0.3 * np.exp(-((r / 0.16) ** 2))
    loose = (1 - edge) * (0.05 * np.cos(2 * a + draw.uniform(0, 6)) + 0.03 * np.cos(3 * a + draw.uniform(0, 6)))
    reach = radius * r * (1 + loose)
    points = np.zeros((rows, columns, 3))
    points[..., 0] = reach * np.cos(a) + radius * lean * np.cos(lean_angle)
    points[..., 2] = reach * np.sin(a) + radius * lean * np.sin(lean_angle)
    points[..., 1] = height * rise + 0.004
    return _sheet_of_rounds(points)


def _sheet_of_rounds(points: np.ndarray) -> Mesh:
    """A sheet whose columns close to a circle, its normals made equal along the seam."""
    mesh = sheet(points)
    rows, columns = points.shape[:2]
    normals = mesh.normals.reshape(rows, columns, 3).copy()
    seam = normals[:, 0] + normals[:, -1]
    normals[:, 0] = normals[:, -1] = seam / (np.linalg.norm(seam, axis=1, keepdims=True) + 1e-12)
    return Mesh(mesh.vertices, mesh.faces, normals.reshape(-1, 3), mesh.uv)


def sachet(width: float, height: float, thick: float) -> Mesh:
    """A flat foil sachet that stands on its lower seam: swollen in its middle, pressed flat at both ends."""

    def swell(s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        bulge = np.sin(np.pi * np.clip((s - 0.07) / 0.86, 0, 1)) ** 0.6
        return np.ones_like(s), 0.08 + bulge

    rise = np.linspace(0, height, 19)
    line = [(0.0, 0.0), *((1.0, float(y)) for y in rise), (0.0, height)]
    return lathe(line, "sharp", width=width / 2, depth=thick / 2, taper=swell, crease=100)


def lid_parts(draw: Draw, material: Material, radius: float, section: str = "round") -> list[Part]:
    """A screw lid, right way up on y = 0, plain, ridged or with a metal band."""
    thick = draw.uniform(0.25, 0.55) * radius
    surface = printed(draw, material, often=0.12)
    if section != "round":
        return [Part(cylinder(radius, thick, section), surface)]
    kind = draw.weighted({"plain": 5, "ridged": 0.8, "band": 1.6, "dome": 1.0})
    if kind == "ridged":
        return [Part(ridged(radius, thick, 64), bare(surface))]
    edge = draw.uniform(0.02, 0.1) if kind != "dome" else 0.7 * thick
    parts = [Part(lathe(dome_profile(radius, thick, edge)), surface)]
    if kind == "band":
        high = draw.uniform(0.06, 0.14) * radius
        parts.append(Part(lathe([(radius * 1.006, 0), (radius * 1.006, high)]), metal(draw)))
    return parts


def leaning(parts: Sequence[Part], draw: Draw, x: float, z: float) -> list[Part]:
    """A lid set on its rim, its top turned to the camera, propped at (x, z)."""
    tipped = placed(turned(turned(parts, "x", draw.uniform(50, 78)), "y", draw.uniform(-25, 25)))
    centre = sum(p.mesh.low + p.mesh.high for p in tipped) / (2 * len(tipped))
    return moved(tipped, x - centre[0], 0, z - centre[2])


def carton(draw: Draw, surface: Material, width: float, height: float, depth: float) -> Part:
    """The folding box that a product is sold in."""
    return Part(box(width, height, depth, 0.012), printed(draw, surface, vertical=draw.chance(0.2), often=0.95))
