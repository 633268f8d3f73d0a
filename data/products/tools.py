"""Brushes, sponges, puffs, curlers, tweezers, combs and spatulas."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.draw import Draw
from data.material import Material, metal, noise, package, plain
from data.mesh import Mesh, box, cylinder, joined, lathe
from data.product import Maker, Part, Product, moved, placed, turned
from data.products.brushes import brushes, kabuki
from data.products.placing import flat_lay, spun
from data.products.shapes import ball, grey, hue, ring, rod
from data.products.swatches import shade


def brush_or_tool(draw: Draw) -> Product:
    """One tool or a set of brushes. A tool shows no shade."""
    makers: dict[Maker, float] = {
        brushes: 6.5, kabuki: 1.0, _sponges: 2.2, _puffs: 0.9, _curler: 0.8, _tweezers: 0.6, _comb: 0.5, _spatula: 0.4,
        _roller: 0.5, _gua_sha: 0.5, _sharpener: 0.4, _mirror: 0.6, _file: 0.5, _scrubber: 0.4, _scissors: 0.4,
    }  # fmt: skip
    return draw.weighted(makers)(draw)


def _tool(draw: Draw, parts: list[Part], form: str, material: Material, layout: str, **kw: Any) -> Product:
    return Product("brush or tool", placed(parts), (), None, form, material, layout, **kw)


def _foam_skin(draw: Draw) -> Material:
    """Fine open pores in a dyed foam."""
    base = draw.choice(
        shade(draw, "blush"),
        shade(draw, "foundation"),
        hue(draw, (0.3, 0.8), (0.4, 0.75)),
        np.full(3, 0.08),
    )
    pores = 1 - draw.uniform(0.02, 0.12) * (draw.rng.random((160, 160)) > 0.6) - 0.04 * noise(draw.rng, 160, 2)
    texture = np.clip(base[None, None] * pores[..., None], 0, 1)
    return plain(base, 0.95, "foam", specular=0.08).painted((texture * 255).astype(np.uint8))


def _sponges(draw: Draw) -> Product:
    """Teardrop blenders: plain, waisted or cut at a slant; one to four."""
    count = draw.weighted({1: 4, 2: 1.6, 3: 1.2, 4: 0.6})
    parts: list[Part] = []
    first = _foam_skin(draw)
    for k in range(count):
        t, waist = np.linspace(0, 1, 30), draw.choice(0.0, 0.0, 0.24)
        # A round foot that narrows to a blunt point, now and then waisted.
        r = 0.62 * np.sin(np.pi * t**0.62) ** 0.85 * (1 - 0.42 * t) * (1 - waist * np.exp(-(((t - 0.55) / 0.13) ** 2)))
        shape = [(max(1e-3, float(a)), 1.42 * float(b)) for a, b in zip(r, t, strict=True)]
        mesh = lathe(shape, crease=180)
        if draw.chance(0.25):  # a slanted flat cut across the foot
            shift = np.zeros_like(mesh.vertices)
            shift[:, 1] = np.maximum(0.25 + 0.5 * mesh.vertices[:, 0] - mesh.vertices[:, 1], 0)
            mesh = mesh.bent(shift)
        sponge = Part(mesh, first if k == 0 or draw.chance(0.3) else _foam_skin(draw))
        pose = placed([sponge.turned("z", draw.sign() * draw.uniform(95, 112)).turned("y", draw.uniform(-60, 60))])
        parts += moved(pose if draw.chance(0.3) else [sponge], x=(k - (count - 1) / 2) * 1.35, z=draw.normal(0.2))
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
        pose = moved([Part(pad, fluff), Part(band, ribbon)], x=(k - (count - 1) / 2) * 1.9, z=draw.normal(0.2))
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
        rod([(s * 0.38, 0.7, 0), (s * 0.12, 1.3, 0), (-s * 0.16, 1.6, 0), (-s * 0.42, 2.0, 0)], 0.055) for s in (-1, 1)
    ]
    clamp = [_arc(0.5, 2.0), _arc(0.5, 2.3)]
    posts = [rod([(s * 0.48, 1.95, 0), (s * 0.48, 2.45, 0)], 0.045) for s in (-1, 1)]
    pivot = ball(0.1).moved(y=1.38)
    grips = plain(np.full(3, 0.06) if draw.chance(0.5) else hue(draw), 0.4, "grip")
    handles = Part(joined([ring(0.35, 0.07, 20, 320).moved(x=s * 0.5, y=0.4) for s in (-1, 1)]), grips)
    parts = [Part(joined([*loops, *arms, *clamp, *posts, pivot]), steel)]
    if draw.chance(0.5):
        parts.append(handles)
    parts.append(Part(_arc(0.48, 2.06, 0.035), plain(draw.choice(np.full(3, 0.05), np.full(3, 0.9)), 0.6, "rubber")))
    return _tool(draw, turned(parts, "y", draw.uniform(-25, 25)), "eyelash curler", steel, "single")


def _arc(half: float, y: float, thickness: float = 0.05) -> Mesh:
    """A lash line's arc, bowed towards the camera."""
    x = np.linspace(-half, half, 25)
    return rod(np.stack([x, np.full_like(x, y), 0.5 * (1 - (x / half) ** 2)], 1), thickness)


def _tweezers(draw: Draw) -> Product:
    """Two sprung blades joined at the top, seen from the side or flat; one pair or two."""
    parts: list[Part] = []
    count = draw.weighted({1: 3, 2: 1})
    gap, slant = draw.uniform(0.06, 0.2), draw.uniform(-0.6, 0.6)
    side_view = draw.chance(0.6)
    steel = metal(draw)
    for k in range(count):
        steel = metal(draw) if draw.chance(0.55) else plain(hue(draw), 0.2, "lacquered metal", coat=1.0)
        t = np.linspace(0, 1, 16)
        wide = np.interp(t, [0, 0.15, 0.5, 1], [0.07, 0.1, 0.17, 0.13])
        blades = []
        for s in (-1, 1):
            outline = [(0.0, 0.0), *((float(w), float(2.6 * y)) for w, y in zip(wide, t, strict=True)), (0.0, 2.6)]
            blade = lathe(outline, "sharp", segments=24, width=0.22, crease=60)
            along = blade.vertices[:, 1] / 2.6
            bow = np.zeros_like(blade.vertices)
            bow[:, 0] = s * (gap * (1 - along) ** 0.8 + 0.05 * np.sin(np.pi * along) + 0.02)
            bow[:, 1] = slant * blade.vertices[:, 2] * (along < 0.05)
            blades.append(blade.bent(bow))
        pair = [Part(joined([*blades, box(0.1, 0.3, 0.24, 0.03).moved(y=2.35)]), steel)]
        pair = pair if side_view else turned(pair, "y", 90)
        parts += flat_lay([spun(turned(pair, "z", 180), draw.normal(12), 0.7 * k)])
    return _tool(draw, parts, "tweezers", steel, "single" if count == 1 else "in a row", count=count,
                 view="overhead", tiltable=False)  # fmt: skip


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
    stone_colour = np.array(draw.choice((0.90, 0.68, 0.68), (0.45, 0.66, 0.52), (0.90, 0.90, 0.88), (0.16, 0.16, 0.18)))
    veins = 1 - 0.16 * noise(draw.rng, 160, 24)[..., None]
    stone = plain(stone_colour, 0.12, "stone", coat=0.8).painted((stone_colour * veins * 255).astype(np.uint8))
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
        roll = lathe([(0, -half), (0.1, -half * 0.9), (0.17, 0), (0.1, half * 0.9), (0, half)], crease=90).turned(
            "z", 90
        )
        parts += [Part(joined([fork, other]), wire), Part(roll.moved(y=y), stone)]
    return _tool(draw, parts, "face roller", stone, "single")


def _gua_sha(draw: Draw) -> Product:
    """A flat massage stone: a heart-like blade with two lobes, a bar or a comb edge."""
    colour = np.array(
        draw.choice((0.90, 0.68, 0.68), (0.45, 0.66, 0.52), (0.93, 0.92, 0.9), (0.16, 0.16, 0.18), (0.62, 0.5, 0.72))
    )
    veins = 1 - 0.2 * noise(draw.rng, 160, 30)[..., None]
    stone = plain(colour, 0.1, "stone", coat=0.8).painted((colour * veins * 255).astype(np.uint8))
    slab = lathe([(0, 0), (0.92, 0.0), (1.0, 0.06), (0.92, 0.12), (0, 0.12)], segments=96, crease=60)
    a = np.arctan2(slab.vertices[:, 2], slab.vertices[:, 0])
    # A rounded bar with one hollow long side and a notch like a heart's at one end.
    bar = (np.abs(np.cos(a)) ** 3.5 + np.abs(np.sin(a)) ** 3.5) ** (-1 / 3.5)
    hollow = draw.uniform(0.15, 0.4) * np.exp(-(((a - np.pi / 2) / 0.7) ** 2))
    notch = draw.uniform(0.0, 0.45) * np.exp(-((a / 0.22) ** 2))
    k = bar * (1 - hollow - notch)
    shift = np.zeros_like(slab.vertices)
    shift[:, 0] = slab.vertices[:, 0] * (k - 1)
    shift[:, 2] = slab.vertices[:, 2] * (k * draw.uniform(0.45, 0.7) - 1)
    return _tool(draw, [Part(slab.bent(shift), stone)], "gua sha", stone, "single", view="flat", tiltable=False)


def _sharpener(draw: Draw) -> Product:
    """A wedge with one or two holes and a screwed blade, or a round box with a hole."""
    body = metal(draw) if draw.chance(0.4) else package(draw)
    dark = plain(np.full(3, 0.03), 0.6, "hole")
    holes = [cylinder(0.13, 0.03).turned("x", 90).moved(x=x, y=0.32, z=0.4) for x in draw.choice((0.0,), (-0.22, 0.2))]
    block = box(1.0, 0.62, 0.8, 0.06)
    blade = box(0.5, 0.02, 0.55, 0.004).turned("z", 12).moved(y=0.64)
    screw = cylinder(0.08, 0.05, bevel=0.01).moved(y=0.66)
    parts = [Part(block, body), Part(joined(holes), dark), Part(joined([blade, screw]), metal(draw, "silver"))]
    return _tool(draw, turned(parts, "y", draw.uniform(-50, 50)), "pencil sharpener", body, "single", view="flat")


def _mirror(draw: Draw) -> Product:
    """A hand mirror, a table mirror on a foot, or a folded pocket mirror."""
    frame, glass = package(draw), plain((0.88, 0.9, 0.92), 0.04, "mirror", metallic=1.0)
    kind = draw.choice("hand", "table", "pocket")
    section = draw.choice("round", "round", "soft")
    disc = [(0, 0), (0.98, 0), (1.0, 0.03), (1.0, 0.07), (0.93, 0.08), (0.92, 0.06), (0, 0.06)]
    face = [Part(lathe(disc, section), frame), Part(cylinder(0.92, 0.012, section, 0.002).moved(y=0.06), glass)]
    if kind == "pocket":
        lid = turned(moved(face, z=1.02), "x", draw.uniform(-125, -75))
        return _tool(draw, [*moved(face, z=1.02), *lid], "mirror", frame, "open", view="flat", tiltable=False)
    upright = turned(face, "x", 90)
    if kind == "hand":
        handle = lathe([(0, -2.5), (0.11, -2.45), (0.13, -1.6), (0.09, -0.98)], depth=0.4, crease=90)
        whole = [*upright, Part(handle.moved(z=0.03), frame)]
        return _tool(draw, flat_lay([spun(whole, draw.uniform(-40, 40))]), "mirror", frame, "single", view="overhead")
    stand = joined([cylinder(0.55, 0.07), cylinder(0.06, 1.1)])
    return _tool(draw, [*moved(turned(upright, "x", -8), y=1.9), Part(stand, frame)], "mirror", frame, "single")


def _file(draw: Draw) -> Product:
    """One to five nail files or buffers of printed or grey grit, side by side or fanned."""
    count = draw.integer(1, 5)
    curved = draw.chance(0.3)
    parts: list[Part] = []
    for k in range(count):
        base = draw.choice(np.full(3, 0.2), np.full(3, 0.65), hue(draw, (0.3, 0.8), (0.4, 0.8)))
        grit = np.clip(base * (0.8 + 0.4 * draw.rng.random((160, 160, 1))), 0, 1)
        surface = plain(base, 0.95, "emery").painted((grit * 255).astype(np.uint8))
        blade = lathe([(0, 0), (1, 0), (1, 0.07), (0, 0.07)], "soft", width=1.8, depth=0.19)
        if curved:
            bow = np.zeros_like(blade.vertices)
            bow[:, 2] = 0.12 * (blade.vertices[:, 0] / 1.8) ** 2
            blade = blade.bent(bow)
        at = k - (count - 1) / 2
        parts.append(Part(blade.turned("y", 90 + 7 * at * draw.chance(0.5)).moved(x=0.5 * at, y=0.0), surface))
    return _tool(draw, parts, "nail file", parts[0].material, "in a row" if count > 1 else "single", count=count,
                 view="overhead", tiltable=False)  # fmt: skip


def _scrubber(draw: Draw) -> Product:
    """A silicone face brush with rows of nubs."""
    colour = hue(draw, (0.4, 0.8), (0.55, 0.8))
    rubber = plain(colour, 0.5, "silicone")
    pad = lathe([(0, 0), (0.8, 0.02), (0.95, 0.18), (0.8, 0.34), (0, 0.38)], depth=0.8, crease=180)
    nubs = []
    for x in np.linspace(-0.7, 0.7, 11):
        for z in np.linspace(-0.55, 0.55, 9):
            if (x / 0.8) ** 2 + (z / 0.62) ** 2 < 1:
                nub = lathe([(0.035, 0), (0.03, 0.1), (0, 0.13)], segments=8, crease=90)
                nubs.append(nub.moved(float(x), 0.34, float(z)))
    parts = [Part(joined([pad, *nubs]), rubber)]
    parts = turned(parts, "x", 90) if draw.chance(0.5) else parts
    return _tool(draw, parts, "cleansing brush", rubber, "single", view="flat", tiltable=False)


def _scissors(draw: Draw) -> Product:
    """Small scissors or nail clippers of steel, lying."""
    steel = metal(draw)
    arms = []
    for s in (-1, 1):
        blade = lathe([(0.005, 2.2), (0.09, 1.6), (0.11, 1.15), (0.06, 0.7)], "sharp", depth=0.3, crease=90)
        shank = rod([(0, 1.15, 0), (-0.05, 0.8, 0), (-0.16, 0.55, 0)], 0.05)
        loop = ring(0.25, 0.05).moved(x=-0.25, y=0.28)
        arm = joined([blade, shank, loop]).turned("z", draw.uniform(4, 9), (0, 1.15, 0))
        mirrored = arm if s > 0 else arm.turned("y", 180)
        arms.append(mirrored.moved(z=0.03 * s))
    pivot = cylinder(0.07, 0.16, bevel=0.01).turned("x", 90).moved(y=1.15, z=-0.08)
    whole = [Part(joined([*arms, pivot]), steel)]
    return _tool(draw, flat_lay([spun(whole, draw.uniform(0, 360))]), "scissors", steel, "single", view="overhead")
