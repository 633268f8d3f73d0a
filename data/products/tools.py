"""Brushes, sponges, puffs, curlers, tweezers, combs and spatulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, metal, noise, package, plain
from data.mesh import Mesh, box, cylinder, joined, lathe
from data.product import Part, Product, moved, placed, turned
from data.products.shapes import ball, grey, hue, ring, rod
from data.products.swatches import shade

HAIR = ((0.05, 0.05, 0.05), (0.30, 0.18, 0.11), (0.92, 0.90, 0.86), (0.75, 0.56, 0.42), (0.85, 0.55, 0.60))
HAIR_TEXTURE = 192  # texels across; single hairs show as stripes of one or two pixels


def brush_or_tool(draw: Draw) -> Product:
    """One tool or a set of brushes. A tool shows no shade."""
    kind = draw.weighted(
        {
            "brushes": 5,
            "sponge": 1.8,
            "puff": 0.8,
            "curler": 0.7,
            "tweezers": 0.5,
            "comb": 0.4,
            "spatula": 0.4,
            "kabuki": 0.9,
            "roller": 0.4,
        }
    )
    return {
        "brushes": _brushes, "sponge": _sponges, "puff": _puffs, "curler": _curler, "tweezers": _tweezers,
        "comb": _comb, "spatula": _spatula, "kabuki": _kabuki, "roller": _roller,
    }[kind](draw)  # fmt: skip


@dataclass(frozen=True)
class Family:
    """What the brushes of one line share."""

    handle: Material
    ferrule: Material
    hair: Material


def _tool(draw: Draw, parts: list[Part], form: str, material: Material, layout: str, **kw: Any) -> Product:
    return Product("brush or tool", placed(parts), (), None, form, material, layout, **kw)


def _family(draw: Draw) -> Family:
    """Hair runs dark to light from root to tip, or is dyed at the tip."""
    root = np.array(draw.choice(*HAIR))
    tip = {"same": root, "white": grey(draw), "dark": root * 0.5, "dyed": hue(draw, (0.3, 0.7), (0.35, 0.8))}[
        draw.weighted({"same": 3, "white": 1.5, "dark": 1, "dyed": 0.8})
    ]
    rise = np.clip(np.linspace(1, 0, HAIR_TEXTURE) * 1.6 - 0.6, 0, 1)[:, None, None]
    strands = 0.78 + 0.44 * draw.rng.random((1, HAIR_TEXTURE, 1))
    texture = np.clip((root * (1 - rise) + tip * rise) * strands, 0, 1)
    hair = plain(root, 0.85, "bristles", specular=0.15).painted((texture * 255).astype(np.uint8))
    handle = (
        package(draw)
        if draw.chance(0.75)
        else plain(np.array([0.72, 0.54, 0.36]) * draw.uniform(0.5, 1.1), 0.45, "brown wood")
    )
    return Family(handle, metal(draw) if draw.chance(0.85) else handle, hair)


def _brush(draw: Draw, family: Family) -> list[Part]:
    """A brush that stands on its handle's end, hair up: powder, foundation, angled, fan, shader or liner."""
    kind = draw.weighted(
        {"powder": 2.5, "flat": 1.5, "shader": 2, "liner": 0.8, "angled": 1, "fan": 0.6, "stipple": 1}
    )
    head, hair, thick, flat = {
        "powder": (2.0, 0.95, 1.7, 1.0), "flat": (1.7, 0.8, 1.15, 0.35), "shader": (1.2, 0.45, 1.3, 0.5),
        "liner": (0.8, 0.32, 0.8, 1.0), "angled": (1.7, 0.75, 1.35, 0.55), "fan": (1.1, 0.7, 3.8, 0.07),
        "stipple": (2.1, 0.6, 1.1, 1.0),
    }[kind]  # fmt: skip
    length, r = draw.uniform(1.7, 2.4), draw.uniform(0.085, 0.13)
    hair, neck = hair * draw.uniform(0.8, 1.2), r * head
    flat_neck = max(flat, 0.4)
    grip = [(0, 0), (r * 0.45, 0.03), (r * 0.75, length * 0.25), (r * 1.15, length * 0.8), (r, length)]
    tip = {
        "stipple": [(1, 0.93), (0.94, 1), (0, 1)], "flat": [(1, 0.75), (0.85, 0.93), (0.4, 1), (0, 1)],
        "liner": [(0.6, 0.7), (0.2, 1), (0, 1)], "fan": [(1, 0.97), (0.9, 1), (0, 1)],
    }.get(kind, [(0.97, 0.7), (0.8, 0.88), (0.45, 0.98), (0, 1)])  # fmt: skip
    wide = neck * thick
    curve = [(neck * 0.92, 0.0), (0.5 * (neck + wide), 0.2 * hair), (wide, 0.5 * hair)]
    tuft = lathe([*curve, *((wide * a, hair * b) for a, b in tip)], depth=flat, crease=80)
    if kind == "angled":
        shift = np.zeros_like(tuft.vertices)
        shift[:, 1] = np.clip(tuft.vertices[:, 1] / hair - 0.4, 0, 1) * tuft.vertices[:, 0] * 0.9
        tuft = tuft.bent(shift)
    ferrule = lathe([(r, 0), (r * 1.03, 0.04), (neck, 0.45), (neck, 0.55)], depth=1.0)
    squeeze = np.zeros_like(ferrule.vertices)
    squeeze[:, 2] = ferrule.vertices[:, 2] * (flat_neck - 1) * (ferrule.vertices[:, 1] / 0.55)
    return [
        Part(lathe(grip, crease=90), printed(draw, family.handle, vertical=True, often=0.5)),
        Part(ferrule.bent(squeeze).moved(y=length), family.ferrule),
        Part(tuft.moved(y=length + 0.54), family.hair),
    ]


def _brushes(draw: Draw) -> Product:
    """One brush, or a line of them: in a row, fanned out, or standing in a cup."""
    family = _family(draw)
    count = draw.weighted({1: 4, 2: 1, 3: 1, 4: 0.8, 5: 1, 6: 0.6, 8: 0.5})
    if count == 1:
        return _tool(draw, _brush(draw, family), "brush", family.handle, "single")
    layout = draw.weighted({"in a row": 3, "fanned out": 2, "in a cup": 1.5})
    parts: list[Part] = []
    if layout == "in a cup":
        cup = package(draw)
        wall = [(0, 0), (0.55, 0), (0.6, 0.05), (0.64, 1.3), (0.58, 1.3), (0.54, 0.1), (0, 0.1)]
        parts.append(Part(lathe(wall), printed(draw, cup, often=0.3)))
        for k in range(count):
            lean = turned(_brush(draw, family), "z", draw.uniform(4, 11))
            lean = turned(lean, "y", 360 * k / count + draw.uniform(-20, 20))
            parts += moved(lean, y=0.12)
        return _tool(draw, parts, "brush set", family.handle, layout, count=count, tiltable=False)
    for k in range(count):
        at = k - (count - 1) / 2
        brush = _brush(draw, family)
        if layout == "fanned out":
            parts += moved(turned(brush, "z", -at * 46 / count), x=at * 0.12, z=0.04 * k)
        else:
            parts += moved(turned(brush, "z", draw.normal(1.5)), x=at * draw.uniform(0.62, 0.7))
    return _tool(draw, parts, "brush set", family.handle, layout, count=count)


def _kabuki(draw: Draw) -> Product:
    """A short brush with a broad tuft, or a retractable one."""
    family = _family(draw)
    r, h = draw.uniform(0.4, 0.6), draw.uniform(0.5, 1.1)
    wide, hair = r * draw.uniform(1.1, 1.6), draw.uniform(0.7, 1.1)
    tuft = lathe(
        [(r * 0.88, 0), (wide, hair * 0.6), (wide * 0.9, hair * 0.85), (wide * 0.5, hair * 0.98), (0, hair)],
        crease=80,
    )
    parts = [
        Part(cylinder(r, h), printed(draw, family.handle, often=0.4)),
        Part(tuft.moved(y=h - 0.02), family.hair),
    ]
    parts.append(Part(lathe([(r * 1.02, 0), (r * 1.02, 0.12)]).moved(y=h - 0.14), family.ferrule))
    return _tool(draw, parts, "brush", family.handle, "single")


def _foam_skin(draw: Draw) -> Material:
    """Fine open pores in a dyed foam."""
    base = draw.choice(
        shade(draw, "blush"),
        shade(draw, "foundation"),
        hue(draw, (0.3, 0.8), (0.4, 0.75)),
        np.full(3, 0.08),
    )
    pores = 1 - 0.18 * (noise(draw.rng, 160, 3) > 0.62)
    texture = np.clip(base[None, None] * pores[..., None], 0, 1)
    return plain(base, 0.95, "foam", specular=0.08).painted((texture * 255).astype(np.uint8))


def _sponges(draw: Draw) -> Product:
    """Teardrop blenders: plain, waisted or cut at a slant; one to four."""
    count = draw.weighted({1: 4, 2: 1.6, 3: 1.2, 4: 0.6})
    parts: list[Part] = []
    first = _foam_skin(draw)
    for k in range(count):
        waist = draw.choice(1.0, 1.0, 0.72)
        shape = [
            (0, 0), (0.3, 0.03), (0.48, 0.16), (0.56, 0.4), (0.53 * (1 + waist) / 2, 0.62),
            (0.42 * waist, 0.85),
            (0.27, 1.1), (0.12, 1.32), (0.04, 1.4), (0, 1.41),
        ]  # fmt: skip
        mesh = lathe(shape, crease=180)
        if draw.chance(0.25):  # a slanted flat cut across the foot
            shift = np.zeros_like(mesh.vertices)
            shift[:, 1] = np.maximum(0.25 + 0.5 * mesh.vertices[:, 0] - mesh.vertices[:, 1], 0)
            mesh = mesh.bent(shift)
        sponge = Part(mesh, first if k == 0 or draw.chance(0.3) else _foam_skin(draw))
        pose = placed(
            [sponge.turned("z", draw.sign() * draw.uniform(95, 112)).turned("y", draw.uniform(-60, 60))]
        )
        parts += moved(
            pose if draw.chance(0.3) else [sponge], x=(k - (count - 1) / 2) * 1.35, z=draw.normal(0.2)
        )
    return _tool(draw, parts, "sponge", first, "single" if count == 1 else "in a row", count=count)


def _puffs(draw: Draw) -> Product:
    """Velour puffs with a ribbon, round or triangular, and wedges of foam."""
    count = draw.integer(1, 3)
    base = draw.choice(grey(draw), shade(draw, "foundation"), shade(draw, "blush"), np.full(3, 0.07))
    fluff = plain(base, 0.97, "velour", specular=0.05)
    ribbon = plain(base * 0.8 if draw.chance(0.5) else hue(draw), 0.35, "ribbon")
    section = draw.choice("round", "round", "wedge")
    parts: list[Part] = []
    for k in range(count):
        r = 0.8
        pad = lathe([(0, 0), (0.82 * r, 0), (r, 0.1), (r, 0.18), (0.8 * r, 0.27), (0, 0.3)], crease=120)
        if section == "wedge":
            angle = np.arctan2(pad.vertices[:, 2], pad.vertices[:, 0])
            point = 1 + 0.14 * np.cos(3 * (angle - np.pi / 2))
            shift = np.zeros_like(pad.vertices)
            shift[:, [0, 2]] = pad.vertices[:, [0, 2]] * (point - 1)[:, None]
            pad = pad.bent(shift)
        band = box(1.5 * r, 0.012, 0.28, 0.004).turned("y", draw.uniform(-20, 20)).moved(y=0.3)
        pose = moved(
            [Part(pad, fluff), Part(band, ribbon)], x=(k - (count - 1) / 2) * 1.9, z=draw.normal(0.2)
        )
        parts += pose
    return _tool(
        draw,
        parts,
        "puff",
        fluff,
        "single" if count == 1 else "in a row",
        count=count,
        view="flat",
        tiltable=False,
    )


def _curler(draw: Draw) -> Product:
    """An eyelash curler: two finger loops, crossed arms, and a curved clamp with a rubber pad."""
    steel = metal(draw)
    loops = [ring(0.34, 0.05).moved(x=s * 0.5, y=0.4) for s in (-1, 1)]
    arms = [
        rod([(s * 0.38, 0.7, 0), (s * 0.12, 1.3, 0), (-s * 0.16, 1.6, 0), (-s * 0.42, 2.0, 0)], 0.055)
        for s in (-1, 1)
    ]
    clamp = [_arc(0.5, 2.0), _arc(0.5, 2.3)]
    posts = [rod([(s * 0.48, 1.95, 0), (s * 0.48, 2.45, 0)], 0.045) for s in (-1, 1)]
    pivot = ball(0.1).moved(y=1.38)
    grips = plain(np.full(3, 0.06) if draw.chance(0.5) else hue(draw), 0.4, "grip")
    handles = Part(joined([ring(0.35, 0.07, 20, 320).moved(x=s * 0.5, y=0.4) for s in (-1, 1)]), grips)
    parts = [Part(joined([*loops, *arms, *clamp, *posts, pivot]), steel)]
    if draw.chance(0.5):
        parts.append(handles)
    parts.append(
        Part(_arc(0.48, 2.06, 0.035), plain(draw.choice(np.full(3, 0.05), np.full(3, 0.9)), 0.6, "rubber"))
    )
    return _tool(draw, turned(parts, "y", draw.uniform(-25, 25)), "eyelash curler", steel, "single")


def _arc(half: float, y: float, thickness: float = 0.05) -> Mesh:
    """A lash line's arc, bowed towards the camera."""
    x = np.linspace(-half, half, 25)
    return rod(np.stack([x, np.full_like(x, y), 0.5 * (1 - (x / half) ** 2)], 1), thickness)


def _tweezers(draw: Draw) -> Product:
    """Two sprung blades joined at the top."""
    steel = metal(draw) if draw.chance(0.55) else plain(hue(draw), 0.2, "lacquered metal", coat=1.0)
    blades = []
    for s in (-1, 1):
        blade = lathe(
            [(0.02, 0), (0.05, 0.1), (0.14, 0.9), (0.12, 1.7), (0.09, 2.2)], "sharp", depth=0.25, crease=90
        )
        bow = np.zeros_like(blade.vertices)
        t = blade.vertices[:, 1] / 2.2
        bow[:, 0] = s * (0.03 + 0.16 * np.sin(np.pi * t))
        blades.append(blade.bent(bow))
    parts = [Part(joined([*blades, cylinder(0.09, 0.12, "square", 0.02).moved(y=2.15)]), steel)]
    return _tool(draw, turned(parts, "y", draw.uniform(-20, 20)), "tweezers", steel, "single")


def _comb(draw: Draw) -> Product:
    """A comb with a long or a short back and many teeth."""
    body = package(draw)
    count = draw.integer(14, 30)
    width = draw.uniform(1.6, 2.6)
    teeth = [
        lathe([(0.005, 0), (0.03, 0.1), (0.03, 0.62)], "square", segments=8).moved(
            x=(k / (count - 1) - 0.5) * width * 0.92
        )
        for k in range(count)
    ]
    spine = box(width, 0.36, 0.12, 0.04).moved(y=0.6)
    mesh = joined([spine, *teeth])
    if draw.chance(0.5):
        mesh = joined(
            [
                mesh,
                lathe([(0.14, 0), (0.09, 0.4), (0.06, 1.5), (0.02, 1.8)], crease=90)
                .turned("z", -90)
                .moved(x=width / 2 - 0.05, y=0.8),
            ]
        )
    pose = [Part(mesh, body).turned("x", -78)] if draw.chance(0.5) else [Part(mesh, body)]
    return _tool(draw, pose, "comb", body, "single", view="flat")


def _spatula(draw: Draw) -> Product:
    """A small spoon or paddle for cream, metal or plastic."""
    body = metal(draw) if draw.chance(0.5) else package(draw)
    stick = lathe([(0.05, 0), (0.06, 0.2), (0.06, 1.5), (0.08, 1.6)], crease=90)
    paddle = lathe(
        [(0.07, 0), (0.2, 0.2), (0.24, 0.45), (0.18, 0.68), (0, 0.76)],
        depth=draw.uniform(0.12, 0.3),
        crease=90,
    )
    return _tool(draw, [Part(joined([stick, paddle.moved(y=1.55)]), body)], "spatula", body, "single")


def _roller(draw: Draw) -> Product:
    """A stone face roller with one roll or two, or a flat massage stone."""
    stone_colour = np.array(
        draw.choice((0.90, 0.68, 0.68), (0.45, 0.66, 0.52), (0.90, 0.90, 0.88), (0.16, 0.16, 0.18))
    )
    veins = 1 - 0.16 * noise(draw.rng, 160, 24)[..., None]
    stone = plain(stone_colour, 0.12, "stone", coat=0.8).painted(
        (stone_colour * veins * 255).astype(np.uint8)
    )
    wire = metal(draw)
    parts = [
        Part(
            lathe([(0.0, 0), (0.09, 0.02), (0.13, 0.6), (0.09, 1.2), (0.0, 1.22)], crease=90).moved(y=0.55),
            stone,
        )
    ]
    for y, half, turn in ((1.85, 0.42, 1), (0.4, 0.26, -1))[: draw.integer(1, 2)]:
        end = 1.75 if turn > 0 else 0.57
        fork = rod([(-half, y, 0), (-half, y - 0.22 * turn, 0), (0, y - 0.3 * turn, 0), (0, end, 0)], 0.03)
        other = rod([(half, y, 0), (half, y - 0.22 * turn, 0), (0, y - 0.3 * turn, 0)], 0.03)
        roll = lathe(
            [(0, -half), (0.1, -half * 0.9), (0.17, 0), (0.1, half * 0.9), (0, half)], crease=90
        ).turned("z", 90)
        parts += [Part(joined([fork, other]), wire), Part(roll.moved(y=y), stone)]
    return _tool(draw, parts, "face roller", stone, "single")
