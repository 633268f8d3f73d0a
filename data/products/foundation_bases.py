"""Foundations in thick glass, in bottles cut to facets, in wide sticks, and cushions seen close."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter

from data.draw import Draw
from data.label import printed
from data.material import Material, cosmetic, metal, package, plain, plastic
from data.mesh import Mesh, Point, cylinder, joined, lathe
from data.product import Part, Product, View, laid, moved, placed, turned
from data.products.cases import Case, puff, with_lid
from data.products.embossing import SIDE, pressed
from data.products.flasks import Flask, flask
from data.products.lip_bullets import octagonal
from data.products.swatches import shade
from data.products.walls import enclosed, hood
from data.products.wands import beside

Parts = list[Part]
FINISHES = {"satin": 3.0, "matte": 2.0, "glossy": 1.5}


def _cap(draw: Draw, colour: np.ndarray) -> Material:
    """Black or white mostly, then metal, or a pale tone of the fluid."""
    kind = draw.weighted({"black": 4, "white": 3, "metal": 1.5, "pale": 1.5, "any": 1})
    if kind in ("black", "white"):
        return plastic(draw, np.full(3, draw.uniform(0.015, 0.05) if kind == "black" else 0.95), kind)
    if kind == "pale":
        return plastic(draw, np.clip(0.45 * colour + 0.52, 0, 0.97), "pale nude")
    return metal(draw) if kind == "metal" else package(draw)


def _fogged(draw: Draw, kind: Flask, fluid: Material) -> Parts:
    """A bottle of thick frosted glass: its foot is bare glass, which the fluid above it tints, clearer towards it."""
    profile = kind.profile(0, 0)
    floor = kind.height * draw.uniform(0.07, 0.18)
    at = next(k for k, (_, y) in enumerate(profile) if y > floor)
    level: Point = (profile[at][0], floor)
    body = lathe([level, *profile[at:]], kind.section, depth=kind.depth, segments=64)
    foot = lathe([*profile[:at], level], kind.section, depth=kind.depth, segments=64)
    share = np.linspace(0, 1, 64)[:, None, None] ** 2  # rows run from the top down
    pale = 0.25 * fluid.colour + 0.72
    picture = (0.5 * fluid.colour + 0.5 * pale) * (1 - share) ** 3 + pale * (1 - (1 - share) ** 3)
    texture = (np.clip(np.broadcast_to(picture, (64, 2, 3)), 0, 1) * 255 + 0.5).astype(np.uint8)
    wall = replace(kind.front(fluid), roughness=draw.uniform(0.3, 0.5))
    return [Part(body, wall), Part(foot, plain(pale, wall.roughness, "frosted glass").painted(texture))]


def thick_bottle(draw: Draw) -> Product:
    """A bottle of thick clear or frosted glass: capped, bare at the neck or the pump with its cap beside it."""
    colour, finish = shade(draw, "foundation"), draw.weighted(FINISHES)
    base = flask(draw, colour)
    top = draw.weighted({"cap": 2, "open": 2, "pump and cap": 3})
    slender = top == "pump and cap" or draw.chance(0.4)
    height = base.radius * (draw.uniform(3.2, 5.2) if slender else draw.uniform(1.7, 2.8))
    wall = draw.weighted({"clear": 3, "fogged": 2.5})
    cap = _cap(draw, colour)
    kind = replace(
        base, height=height, wall="clear", top=top, glass=base.radius * min(base.depth, 0.8) * draw.uniform(0.16, 0.3),
        cap=cap, ring=draw.choice(cap, metal(draw)), cap_height=height * draw.uniform(0.25, 0.5),
    )  # fmt: skip
    fluid = cosmetic(draw, colour, "satin" if finish == "matte" else finish)
    parts = _fogged(draw, kind, fluid) if wall == "fogged" else kind.body(draw, fluid)
    y, n = height + kind.shoulder, kind.neck
    layout = "closed" if top == "cap" else "cap beside"
    if top == "pump and cap":
        pump = turned([Part(joined(kind.pump()), cap)], "y", draw.choice(0.0, 180.0, -90.0))  # or its spout in front
        parts += moved(pump, y=y)
        parts += beside(draw, parts, [Part(kind.cap_mesh(), cap)])
    else:
        wide = max(n * 1.15, base.radius * draw.uniform(0.55, 0.9))
        lid = cylinder(wide, kind.cap_height, draw.choice("round", base.section), 0.025, max(base.depth, n / wide))
        if top == "cap":
            parts.append(Part(cylinder(n * 1.1, 0.06).moved(y=y - 0.01), kind.ring))
            parts.append(Part(lid.moved(y=y + 0.03), cap))
        else:
            rings = [cylinder(n * 1.07, 0.035, bevel=0.01).moved(y=v) for v in (0.06, 0.14)]
            thread = [cylinder(n, 0.24, bevel=0.02), *rings]
            neck = draw.choice(plain(np.full(3, 0.92), 0.2, "white neck"), plain(np.full(3, 0.04), 0.2, "black neck"))
            parts.append(Part(joined(thread).moved(y=y - 0.01), neck))
            off = [Part(lid, cap)]
            parts += beside(draw, parts, off if draw.chance(0.6) else laid(off, draw, 0, 0))
    glass = plain(colour, 0.3, f"{'frosted' if wall == 'fogged' else 'clear'} glass")
    return Product(
        "foundation", placed(parts), (colour,), fluid.name, "bottle", glass, layout, tiltable=layout == "closed"
    )


def faceted_bottle(draw: Draw) -> Product:
    """A tapered bottle cut to facets, widest near its foot, its cap in the same line; upright or on its cap."""
    colour, finish = shade(draw, "foundation"), draw.weighted(FINISHES)
    r = draw.uniform(0.5, 0.64)
    h, depth = r * draw.uniform(2.0, 3.4), draw.choice(1.0, draw.uniform(0.55, 0.85))
    section = draw.weighted({"oct": 3, "hex": 1.5, "sharp": 2, "round": 1})
    waist, foot = draw.uniform(0.55, 0.85), draw.uniform(0.5, 0.85)
    belly = h * draw.choice(draw.uniform(0.15, 0.35), draw.uniform(0.4, 0.6))
    high = h * draw.uniform(0.3, 0.6)
    slope = (1 - waist) / (h - belly)  # the cap goes on in the body's line, or straight up
    head = max(waist - slope * high, 0.4) if draw.chance(0.7) else waist

    def shaped(profile: list[Point]) -> Mesh:
        outline = "round" if section == "oct" else section
        mesh = lathe([(r * a, y) for a, y in profile], outline, depth=1.0, crease=12)
        mesh = octagonal(mesh) if section == "oct" else mesh
        return mesh.bent(mesh.vertices * np.array([0, 0, depth - 1]))

    fluid = cosmetic(draw, colour, "satin" if finish == "matte" else finish)
    wall = replace(printed(draw, fluid, vertical=draw.chance(0.7), often=0.9), roughness=draw.uniform(0.1, 0.4))
    on_cap = draw.chance(0.25)
    if on_cap:  # printed to be read so
        wall = wall.painted(wall.texture[::-1, ::-1])
    body = shaped([(0, 0), (foot - 0.03, 0), (foot, 0.02), (1.0, belly), (waist, h - 0.01), (waist - 0.03, h), (0, h)])
    cap = shaped([(0, 0), (waist - 0.01, 0), (waist, 0.01), (head, high - 0.02), (head - 0.03, high), (0, high)])
    neck = shaped([(0.9 * waist, h - 0.02), (0.9 * waist, h + 0.04)])
    parts = [Part(body, wall), Part(neck, plain(np.full(3, 0.5), 0.4, "seam"))]
    parts.append(Part(cap.moved(y=h + 0.02), _cap(draw, colour)))
    if on_cap:
        parts = turned(parts, "z", 180)
    glass = plain(colour, 0.3, draw.choice("clear glass", "clear plastic", "frosted glass"))
    return Product("foundation", placed(parts), (colour,), fluid.name, "bottle", glass, "closed")


def wide_stick(draw: Draw) -> Product:
    """A wide stick of skin colour, flat or domed, on a clear, metal or white sleeve; its cap or a closed one beside."""
    colour, finish = shade(draw, "foundation"), draw.weighted({"satin": 4, "matte": 2.5})
    r = draw.uniform(0.42, 0.54)
    section = draw.weighted({"round": 6, "soft": 1.2, "square": 0.8, "hex": 0.5})
    h, sleeve = r * draw.uniform(2.4, 4.2), r * draw.choice(draw.uniform(0.2, 0.7), draw.uniform(1.0, 2.2))
    core, out = r * draw.uniform(0.72, 0.8), r * draw.uniform(0.25, 1.0)
    kind = draw.weighted({"black": 3, "faded": 2, "white": 1.5, "shade": 1.5, "any": 1.5})
    bodies = {
        "black": lambda: plastic(draw, np.full(3, draw.uniform(0.015, 0.05)), "black"),
        "faded": lambda: plain(np.full(3, draw.uniform(0.86, 0.94)), 0.45, "frosted plastic"),
        "white": lambda: plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white"),
        "shade": lambda: plastic(draw, np.clip(colour * draw.uniform(0.85, 1.05), 0, 0.97), "skin-coloured"),
        "any": lambda: package(draw),
    }  # fmt: skip
    body = bodies[kind]()
    face = printed(draw, body, vertical=draw.chance(0.7), often=0.85)
    if kind == "faded":  # frosted above, running into a pale tone of the shade at the foot
        share = np.linspace(0, 1, face.texture.shape[0])[:, None, None] ** 1.5
        tone = np.clip(0.6 * colour + 0.38, 0, 1) * 255
        dyed = face.texture * (1 - share) + np.minimum(face.texture, tone) * share
        face = face.painted((dyed + 0.5).astype(np.uint8))
    edge = min(draw.choice(0.03, draw.uniform(0.3, 0.9) * out), 0.9 * core)
    arc = np.linspace(0, np.pi / 2, 9)
    top = [(core - edge + edge * float(np.cos(a)), out - edge + edge * float(np.sin(a))) for a in arc]
    cream = cosmetic(draw, colour, finish)
    seat = h + 0.12 * r
    tip = Part(lathe([(core, -0.05), *top, (0, out)], section, crease=60).moved(y=seat + sleeve), cream)
    ring = Part(cylinder(0.95 * r, 0.14 * r, section, 0.01).moved(y=h - 0.01), draw.choice(body, metal(draw)))
    around = cylinder(0.88 * r, sleeve, section, 0.012).moved(y=seat)
    inner = [Part(around, draw.choice(metal(draw), plain(np.full(3, 0.93), 0.3, "white plastic"), body))]
    if draw.chance(0.3):  # clear: shows the stick going down
        hidden = cylinder(core, sleeve - 0.03, section, 0.01).moved(y=seat + 0.015)
        inner = enclosed(draw, around, hidden, cream)
    base = [Part(cylinder(r, h, section, 0.03), face)]
    high = max(0.14 * r + out + draw.uniform(0.1, 0.4) * r, h * draw.uniform(0.4, 0.9))
    shell = Part(cylinder(r, high, section, 0.04), printed(draw, body, vertical=True, often=0.4))
    cap = [hood(r, high, section) if draw.chance(0.1) else shell]
    parts = [*base, ring, *inner, tip]
    layout = draw.weighted({"cap beside": 4, "twin": 2.5, "cap off": 2, "cap lying": 1.2})
    words = "cap off" if layout == "cap off" else "cap beside"
    if layout == "twin":
        parts += beside(draw, parts, [*base, shell.moved(y=h + 0.012)])
        words = "cap off, beside a closed one"
    elif layout == "cap beside":
        parts += beside(draw, parts, cap)
    elif layout == "cap lying":
        parts += laid(cap, draw, draw.sign() * r * 2.8, r * draw.uniform(0.4, 1.4))
    return Product("foundation", placed(parts), (colour,), finish, "stick", body, words, tiltable=words == "cap off")


def _honeycomb(draw: Draw) -> np.ndarray:
    """Cells of a sponge pressed into a honeycomb, or of a net over it, (SIDE, SIDE), 0 where they are deepest."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    step = 1 / draw.uniform(9, 16)
    rows = np.round(y / (0.866 * step))
    distance = np.full((2, SIDE, SIDE), 9.0)
    for k in (-1, 0, 1):  # the nearest two of a triangular lattice's points
        row = rows + k
        shift = 0.5 * step * (row % 2)
        for side in (-1, 0, 1):
            column = (np.round((x - shift) / step) + side) * step + shift
            distance = np.sort(np.concatenate([distance, np.hypot(x - column, y - 0.866 * step * row)[None]]), 0)[:2]
    wall = np.clip((distance[1] - distance[0]) / (draw.uniform(0.12, 0.3) * step), 0, 1)
    pores = gaussian_filter(draw.rng.random((SIDE, SIDE)), 0.7)
    height = wall if draw.chance(0.65) else 1 - 0.8 * wall  # grooves between cells, or threads about them
    return np.clip(height - draw.uniform(0.4, 1.0) * np.abs(pores - 0.5), 0, 1)


def close_cushion(draw: Draw) -> Product:
    """An open cushion from near by: the honeycomb of its sponge within the inner ring, now and then pressed in."""
    colour = shade(draw, "foundation")
    finish = draw.weighted({"satin": 3, "glossy": 2})
    tone = draw.weighted({"white": 5, "black": 1.5, "any": 2})
    value = draw.uniform(0.9, 0.97) if tone == "white" else draw.uniform(0.02, 0.06)
    outside = package(draw) if tone == "any" else plastic(draw, np.full(3, value), tone)
    inner = plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white") if draw.chance(0.75) else outside
    high, pan = draw.uniform(0.28, 0.4), draw.uniform(0.58, 0.72)
    shell = Case("round", 1.0, 1.0, high, pan + 0.1, outside, "round", 1.0, "solid", inner)
    cells = _honeycomb(draw)
    sponge = pressed(pan, pan, "round", high, cells, strength=0.014, dome=draw.uniform(0.0, 0.04))
    if draw.chance(0.3):  # where a finger or the puff pressed it in, and fluid came up
        x, y, z = sponge.vertices.T
        away = np.hypot(x - draw.normal(0.15), z - draw.normal(0.15)) / draw.uniform(0.14, 0.26)
        rise = 0.03 * np.exp(-((away - 1) ** 2) / 0.1) - 0.02 * np.exp(-(away**2))  # stays above the tray's floor
        sponge = sponge.bent(np.stack([0 * y, rise, 0 * y], 1))
    soaked = cosmetic(draw, colour, finish, 1.2 * (1 - cells))
    lip: list[Point] = [
        (pan + 0.14, high - 0.03), (pan + 0.13, high + 0.05), (pan + 0.11, high + 0.07), (pan + 0.05, high + 0.07),
        (pan + 0.03, high + 0.04), (pan, high + 0.02), (pan - 0.005, high - 0.05),
    ]  # fmt: skip
    parts = [*shell.tray(), Part(lathe(lip, segments=72), inner), Part(sponge, soaked)]
    layout = draw.weighted({"open, lid up": 5, "open flat": 1.2})
    parts = with_lid(draw, shell, parts, layout)
    company = draw.weighted({"none": 3, "inner lid": 2.5, "puff": 2.5, "twin": 1.3})
    side, words = draw.sign(), layout
    if company == "inner lid":  # the cartridge's own cover, hinged at the side, stands open or lies back
        cover = joined([cylinder(pan + 0.12, 0.05, bevel=0.02), cylinder(0.8 * pan, 0.04, bevel=0.02).moved(y=0.03)])
        leaf = Part(cover.moved(x=side * (2 * pan + 0.27), y=high + 0.05), inner)
        hinge = (side * (pan + 0.14), high + 0.05, 0.0)
        parts += turned([leaf], "z", side * draw.choice(draw.uniform(3, 15), draw.uniform(45, 80)), hinge)
    elif company == "puff":
        pad = puff(draw, draw.uniform(0.5, 0.64))
        resting = moved(turned(pad, "x", 14), side * draw.uniform(0.3, 0.6), high + 0.16, draw.uniform(0.6, 0.85))
        parts += resting if draw.chance(0.5) else beside(draw, parts, pad)
        words = "open with a puff"
    elif company == "twin":  # stands on its edge behind
        disc = placed(turned(with_lid(draw, shell, [], "closed"), "x", draw.uniform(72, 86)))
        parts += moved(disc, side * draw.uniform(1.2, 2.0), 0, -draw.uniform(1.4, 1.8))
        words = f"{layout}, beside a closed one"
    view: View = draw.choice("flat", "overhead", "overhead")
    return Product(
        "foundation", placed(parts), (colour,), finish, "cushion compact", outside, words, view,
        tiltable=False, setting="sun" if draw.chance(0.2) else "",
    )  # fmt: skip


def foundation_base(draw: Draw) -> Product:
    """One of this module's forms."""
    forms = {thick_bottle: 3.0, faceted_bottle: 1.6, wide_stick: 2.8, close_cushion: 2.4}
    return draw.weighted(forms)(draw)
