"""Makeup sets: several products of other makers together, standing, laid out, in a gift box or before their box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.draw import Draw
from data.material import Material, package, plain
from data.mesh import Mesh, box, joined, lathe
from data.product import Part, Product, View, moved, placed, turned
from data.products.careprint import care_print
from data.products.grouping import merged
from data.products.setmembers import scaled, set_members, size_of
from data.products.shapes import grey, rod
from data.products.vessels import care_package

RAISED = 0.35  # a flat thing higher than this share of its depth has its lid up and is not stood on edge
STANDING = ("grouped", "before its box", "with a bag")  # the others lie


def makeup_set(draw: Draw) -> Product:
    """3 to 8 products of at least two types: a mixed kit, or a line of skin care."""
    kind = draw.weighted(
        {"grouped": 3.6, "before its box": 1.6, "with a bag": 1.2, "in a gift box": 2.4, "laid out flat": 2.6,
         "fanned out": 0.7, "in a tray": 0.7}
    )  # fmt: skip
    members = set_members(draw, kind in STANDING)
    surface = care_package(draw) if draw.chance(0.5) else package(draw)
    parts, view = arranged(draw, kind, members, surface)
    shades = tuple(s for m in members for s in m.shades)
    finish = next((m.finish for m in members if m.finish), None) if shades else None
    return Product(
        "makeup set", placed(merged(parts)), shades, finish, "set", surface, kind, view, len(members), False,
        tuple(dict.fromkeys(m.product_type for m in members)),
    )  # fmt: skip


def arranged(draw: Draw, kind: str, members: list[Product], surface: Material) -> tuple[list[Part], View]:
    """The members' parts set out in one way of `makeup_set`, and from where that is seen; boxes and bags are of
    `surface`.
    """
    if kind in ("laid out flat", "fanned out"):
        return _fan(draw, members) if kind == "fanned out" else _flat_lay(draw, members, draw.chance(0.5)), "overhead"
    if kind in ("in a gift box", "in a tray"):
        parts = _in_tray(draw, members, surface) if kind == "in a tray" else _gift_box(draw, members, surface)
        return parts, "flat" if draw.chance(0.75) else "overhead"
    flat_members = any(m.view == "flat" for m in members)
    view: View = "flat" if flat_members and draw.chance(0.35) else "upright"
    parts = _standing(draw, members, edge=view == "upright")
    if kind == "before its box":
        parts.append(_box_behind(draw, parts, surface))
    elif kind == "with a bag":
        parts += _bag_behind(draw, parts, surface)
    return parts, view


def _centred(parts: Sequence[Part]) -> list[Part]:
    """Standing on y = 0 with the middle of its footprint at the origin."""
    low, high = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    return moved(parts, -(low[0] + high[0]) / 2, -low[1], -(low[2] + high[2]) / 2)


def _standing(draw: Draw, members: list[Product], *, edge: bool) -> list[Part]:
    """Side by side in one to three close rows that overlap in the picture, the tall ones behind.

    With `edge`, flat things are propped up to face the camera.
    """
    poses: list[list[Part]] = []
    for member in members:
        parts = list(member.parts)
        size = size_of(parts)
        if edge and member.view == "flat" and size[1] < RAISED * size[2]:
            parts = turned(parts, "x", draw.uniform(62, 78))
        poses.append(_centred(turned(parts, "y", draw.normal(8))))
    poses.sort(key=lambda p: -float(size_of(p)[1]))
    sizes = [size_of(p) for p in poses]
    width, height = sum(float(s[0]) for s in sizes), float(sizes[0][1])
    rows = int(np.clip(round(width / (draw.uniform(1.1, 1.7) * height)), 1, 3 if len(poses) > 5 else 2))
    result: list[Part] = []
    z = 0.0
    for row in np.array_split(np.arange(len(poses)), rows):
        order = [int(k) for k in draw.rng.permutation(row)]
        x, line, deep = 0.0, [], 0.0
        for k in order:
            wide = float(sizes[k][0])
            line += moved(poses[k], x=x + wide / 2, z=draw.uniform(-0.1, 0.1))
            x += wide * draw.uniform(0.98, 1.06) + draw.uniform(0.0, 0.1)
            deep = max(deep, float(sizes[k][2]))
        result += moved(line, x=-x / 2 + draw.normal(0.1), z=z + deep / 2)
        z += deep * 1.02 + 0.12
    return result


def _box_behind(draw: Draw, parts: Sequence[Part], surface: Material) -> Part:
    """The set's printed box, standing close behind."""
    low, high = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    wide = float(high[0] - low[0]) * draw.uniform(0.55, 0.95)
    tall, deep = float(high[1]) * draw.uniform(0.85, 1.2), draw.uniform(0.4, 0.8)
    mesh = box(wide, tall, deep, 0.012)
    face = care_print(draw, surface, wide / 2, tall)
    return Part(mesh.turned("y", draw.normal(6)), face).moved(
        x=draw.uniform(-0.25, 0.25) * wide, z=float(low[2]) - 0.6 * deep
    )


def _bag_behind(draw: Draw, parts: Sequence[Part], surface: Material) -> list[Part]:
    """A zipped pouch or a paper bag close behind the products."""
    low, high = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    wide, tall = float(high[0] - low[0]), float(high[1])
    if draw.chance(0.6):
        return [_pouch(surface, wide * draw.uniform(0.7, 1.0), tall * draw.uniform(0.6, 0.9)).moved(z=low[2] - 0.5)]
    width, height = wide * draw.uniform(0.5, 0.8), tall * draw.uniform(0.95, 1.3)
    bag = lathe(
        [(0, 0), (1, 0), (1, height), (0.98, height), (0.98, 0.5 * height)], "sharp", width=width / 2, depth=0.4
    )
    face = care_print(draw, surface, width / 2, height)
    arc = np.linspace(0, np.pi, 17)
    loop = np.stack([0.2 * width * np.cos(arc), height + 0.3 * np.sin(arc) * width, 0.39 + 0 * arc], 1)
    cords = joined([rod(loop, 0.02, 8), rod(loop * [1, 1, -1], 0.02, 8)])
    x = draw.uniform(-0.25, 0.25) * wide
    return moved([Part(bag, face), Part(cords, plain(grey(draw, 0.05, 0.95), 0.6, "cord"))], x=x, z=low[2] - 0.5)


def _pouch(fabric: Material, width: float, height: float) -> Part:
    """A soft bag: round at the foot, pinched flat along its zip."""

    def pinch(s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return 1 - 0.12 * s, np.maximum(1 - s**1.5, 0.05)

    rise = [(1.0, float(y)) for y in np.linspace(0.2, 1.0, 10) * height]
    profile = [(0, 0), (0.9, 0.0), (1, 0.1 * height), *rise, (0, 1.01 * height)]
    return Part(lathe(profile, "soft", width=max(width / 2, 0.6), depth=0.45, taper=pinch, crease=180), fabric)


def _laid_down(draw: Draw, member: Product, yaw: float) -> list[Part]:
    """On its back with the front up, its foot towards the picture's foot; flat things as they lie."""
    parts = list(member.parts) if member.view != "upright" else turned(member.parts, "x", -90)
    return _centred(turned(parts, "y", yaw))


def _shelves(draw: Draw, poses: list[list[Part]], gap: float) -> list[list[Part]]:
    """The poses set out in rows on the table within about a square, the longest first."""
    sizes = [size_of(p) for p in poses]
    order = sorted(range(len(poses)), key=lambda k: -float(sizes[k][2]))
    area = sum(float((s[0] + gap) * (s[2] + gap)) for s in sizes)
    limit = max(np.sqrt(area) * draw.uniform(1.05, 1.35), max(float(s[0]) for s in sizes) + gap)
    rows: list[list[int]] = [[]]
    used = 0.0
    for k in order:
        wide = float(sizes[k][0]) + gap
        if rows[-1] and used + wide > limit:
            rows.append([])
            used = 0.0
        rows[-1].append(k)
        used += wide
    result: list[list[Part]] = []
    z = 0.0
    for row in rows:
        deep = max(float(sizes[k][2]) for k in row)
        slack = (limit - sum(float(sizes[k][0]) for k in row)) / (len(row) + 1)
        space = min(slack, 3 * gap)
        x = -(sum(float(sizes[k][0]) for k in row) + space * (len(row) - 1)) / 2
        for k in draw.rng.permutation(row):
            wide = float(sizes[k][0])
            result.append(moved(poses[k], x=x + wide / 2, z=z + deep / 2))
            x += wide + space
        z += deep + gap
    return [moved(p, z=-z / 2) for p in result]


def _flat_lay(draw: Draw, members: list[Product], scattered: bool) -> list[Part]:
    """Seen from above: in a tidy grid, or turned this way and that."""
    tilt = draw.choice(0.0, 0.0, draw.uniform(-40, 40))
    poses = [_laid_down(draw, m, draw.uniform(-38, 38) if scattered else draw.normal(1)) for m in members]
    parts = [p for pose in _shelves(draw, poses, draw.uniform(0.06, 0.22)) for p in pose]
    return turned(parts, "y", tilt)


def _fan(draw: Draw, members: list[Product]) -> list[Part]:
    """Spread like a hand of cards about a point below the picture, each taking the angle that its width needs."""
    poses = [_laid_down(draw, m, 0) for m in members]
    widths = [float(size_of(p)[0]) + 0.08 for p in poses]
    radius = max(0.7, sum(widths) / np.radians(draw.uniform(70, 140)))
    angles = np.degrees(np.cumsum(widths) - np.array(widths) / 2) / radius
    parts: list[Part] = []
    for angle, pose in zip(angles - np.mean(angles), poses, strict=True):
        parts += turned(moved(pose, z=-radius - float(size_of(pose)[2]) / 2), "y", -float(angle))
    return parts


def _gift_box(draw: Draw, members: list[Product], surface: Material) -> list[Part]:
    """An open box: products sunk by half into the wells of an insert, the lid up behind, beside or away."""
    poses = _shelves(draw, [_laid_down(draw, m, 0) for m in members], draw.uniform(0.13, 0.26))
    every = [p for pose in poses for p in pose]
    low, high = np.min([p.mesh.low for p in every], 0), np.max([p.mesh.high for p in every], 0)
    wide, deep = float(high[0] - low[0]) + 0.5, float(high[2] - low[2]) + 0.5
    middle = float(high[2] + low[2]) / 2
    floor, wells, result = draw.uniform(0.35, 0.6), [], []
    for pose in poses:
        size = size_of(pose)
        centre = (np.min([p.mesh.low for p in pose], 0) + np.max([p.mesh.high for p in pose], 0)) / 2
        sunk = min(0.45 * float(size[1]), floor - 0.04)
        result += moved(pose, y=floor - sunk, z=-middle)
        rim = box(float(size[0]) + 0.1, 0.006, float(size[2]) + 0.1, 0.001)
        wells.append(rim.moved(x=float(centre[0]), y=floor - 0.001, z=float(centre[2]) - middle))
    tone = draw.weighted({"white": 3, "black": 2, "own": 2, "kraft": 0.6})
    inside = {
        "white": plain(grey(draw, 0.88), 0.7), "black": plain(np.full(3, 0.05), 0.7),
        "own": plain(np.clip(surface.colour * 0.9, 0, 1), 0.7), "kraft": plain((0.72, 0.56, 0.40), 0.8),
    }[tone]  # fmt: skip
    shade = plain(np.clip(inside.colour * 0.72, 0, 1), 0.8)
    wall, rise = 0.05, floor + draw.uniform(0.03, 0.25)
    result += [
        Part(_walls(wide, deep, rise, wall), surface),
        Part(box(wide, floor, deep, 0.005), inside),
        Part(joined(wells), shade),
    ]
    lid = draw.weighted({"hinged": 3, "behind": 1.5, "none": 2})
    if lid != "none":
        face = care_print(draw, inside if lid == "hinged" else surface, wide / 2, deep)
        panel = box(wide + 2 * wall, deep + 2 * wall, 0.08, 0.005)
        lean = draw.uniform(-25, -5) if lid == "hinged" else draw.uniform(-12, -4)
        panel = panel.turned("x", lean).moved(y=rise if lid == "hinged" else 0.0, z=-deep / 2 - wall - 0.05)
        shift = draw.normal(0.1) * wide if lid == "behind" else 0.0
        result.append(Part(panel.moved(x=shift), face))
    return result


def _walls(wide: float, deep: float, tall: float, thick: float) -> Mesh:
    """The four sides of a tray whose inner size is given."""
    across = box(wide + 2 * thick, tall, thick, 0.005)
    along = box(thick, tall, deep, 0.005)
    z, x = (deep + thick) / 2, (wide + thick) / 2
    return joined([across.moved(z=z), across.moved(z=-z), along.moved(x=x), along.moved(x=-x)])


def _in_tray(draw: Draw, members: list[Product], surface: Material) -> list[Part]:
    """A tray of equal compartments, as in calendars and discovery kits: some filled, some still under their doors."""
    columns = draw.integer(2, 4)
    rows = max(2, -(-len(members) // columns)) + draw.integer(0, 1)
    cell_wide, cell_deep = 1.0, draw.uniform(1.2, 1.9)
    wide, deep, tall = columns * cell_wide, rows * cell_deep, draw.uniform(0.4, 0.6)
    places = draw.rng.permutation(columns * rows)
    result: list[Part] = []
    doors: list[Mesh] = []
    for k, place in enumerate(places):
        x = (place % columns + 0.5) * cell_wide - wide / 2
        z = (place // columns + 0.5) * cell_deep - deep / 2
        if k < len(members):
            pose = _laid_down(draw, members[k], draw.normal(4))
            size = size_of(pose)
            scale = min(0.82 * cell_wide / float(size[0]), 0.86 * cell_deep / float(size[2]))
            result += moved(_centred([scaled(p, scale) for p in pose]), x, 0.03, z)
        elif draw.chance(0.7):
            doors.append(box(0.94 * cell_wide, 0.03, 0.94 * cell_deep, 0.004).moved(x, tall - 0.04, z))
    inside = plain(np.clip(surface.colour * draw.uniform(0.75, 1.0), 0, 1), 0.7)
    bars = [box(0.04, tall, deep, 0.004).moved(x=(k + 1) * cell_wide - wide / 2) for k in range(columns - 1)]
    bars += [box(wide, tall, 0.04, 0.004).moved(z=(k + 1) * cell_deep - deep / 2) for k in range(rows - 1)]
    result += [
        Part(joined([_walls(wide, deep, tall + 0.02, 0.06), *bars]), surface),
        Part(box(wide, 0.03, deep, 0.004), inside),
    ]
    if doors:
        result.append(Part(joined(doors), package(draw)))
    return result
