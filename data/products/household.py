"""Things of the house: crockery, books, plants, candles, furniture, hand tools, boxes."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.grains import crumbs
from data.material import prop
from data.mesh import Mesh, box, cylinder, joined, lathe, plate, sheet
from data.product import Part, moved, placed, turned
from data.products.food import fruit
from data.products.paints import Parts, cloth, glass, labelled, leather, paint, polished, scenery, wood
from data.products.shapes import ball, grey, hue, ring, rod


def mug(draw: Draw) -> Parts:
    """A mug of a dark drink."""
    r, h = draw.uniform(0.45, 0.6), draw.uniform(0.9, 1.3)
    cup = lathe([(0, 0), (r - 0.05, 0), (r, 0.06), (r, h), (r - 0.06, h), (r - 0.08, 0.8 * h), (0, 0.8 * h)])
    handle = ring(0.28, 0.06, -105, 105).moved(x=r - 0.02, y=h * 0.5)
    glaze, drink = paint(draw), plate(r - 0.07, 0.82 * h)
    plain_glaze = glaze
    if draw.chance(0.5):
        glaze = labelled(draw, glaze)
    parts = [
        Part(cup, glaze),
        Part(handle, plain_glaze),
        Part(drink, prop(np.array([0.3, 0.17, 0.08]))),
    ]
    return turned(parts, "y", draw.uniform(-50, 50))


def bowl(draw: Draw) -> Parts:
    """A bowl, empty or with grains."""
    bowl = lathe(
        [(0, 0), (0.45, 0), (0.45, 0.06), (0.85, 0.35), (1, 0.7), (0.95, 0.7), (0.8, 0.38), (0, 0.12)],
        crease=60,
    )
    grains = crumbs(draw.rng, 0.4, 0.09, 40).moved(y=0.3)
    return [Part(bowl, paint(draw)), *([Part(grains, paint(draw))] if draw.chance(0.5) else [])]


def dish(draw: Draw) -> Parts:
    """A plate, empty or with fruit."""
    shape = lathe([(0, 0), (0.6, 0), (1.1, 0.14), (1.1, 0.17), (0.62, 0.06), (0, 0.06)], crease=60)
    return [Part(shape, paint(draw)), *(moved(fruit(draw), y=0.06) if draw.chance(0.5) else [])]


def book(draw: Draw) -> Parts:
    """One to four books, lying or standing."""
    parts: Parts = []
    y = 0.0
    for _ in range(draw.integer(1, 4)):
        w, t = draw.uniform(1.2, 1.6), draw.uniform(0.12, 0.3)
        leaves = Part(box(w * 0.96, t - 0.04, 1.0, 0.005).moved(y=y + 0.02), prop((0.93, 0.91, 0.85)))
        cover = paint(draw)
        boards = [box(w, 0.025, 1.06, 0.005).moved(y=y), box(w, 0.025, 1.06, 0.005).moved(y=y + t - 0.025)]
        spine = box(w, t, 0.03, 0.005).moved(y=y, z=0.52)
        parts += turned([leaves, Part(joined(boards), cover), Part(spine, labelled(draw, cover))], "y", draw.normal(8))
        y += t
    if draw.chance(0.4):
        parts = turned(parts, "x", 90)
    return parts


def candle(draw: Draw) -> Parts:
    """A candle in a jar with its wick."""
    r, h = draw.uniform(0.45, 0.65), draw.uniform(0.7, 1.0)
    jar = glass(draw) if draw.chance(0.4) else labelled(draw, paint(draw))
    wax = prop(grey(draw, 0.85) * np.array([1, 0.97, 0.88]), 0.5)
    wick = rod([(0, h * 0.75, 0), (0.01, h * 0.95, 0), (0.04, h * 1.02, 0)], 0.02)
    outer = lathe([(0, 0), (r, 0), (r, h), (r * 0.94, h), (r * 0.94, h * 0.7)])
    wall = [Part(outer, scenery(jar))]
    return [*wall, Part(cylinder(r * 0.93, h * 0.74), wax).moved(y=0.02), Part(wick, prop((0.1, 0.1, 0.1)))]


def plant(draw: Draw) -> Parts:
    """A plant of long leaves in its pot."""
    pot = lathe([(0, 0), (0.35, 0), (0.5, 0.6), (0.54, 0.6), (0.54, 0.72), (0.46, 0.72), (0.45, 0.62), (0, 0.62)])
    leaves = []
    for _ in range(draw.integer(5, 16)):
        long = draw.uniform(0.7, 1.5)
        leaf = lathe([(0.001, 0), (0.12, 0.3 * long), (0.15, 0.55 * long), (0.001, long)], depth=0.18, crease=180)
        leaves.append(leaf.turned("x", draw.uniform(5, 55)).turned("y", draw.uniform(0, 360)).moved(y=0.6))
    green = prop(np.array([0.18, 0.42, 0.16]) * draw.uniform(0.6, 1.4))
    return [Part(pot, paint(draw)), Part(joined(leaves), green)]


def lamp(draw: Draw) -> Parts:
    """A table lamp with a shade."""
    shade = lathe([(0.75, 1.4), (0.45, 2.2)])
    stand = joined([cylinder(0.45, 0.1), cylinder(0.06, 1.9), ball(0.25).moved(y=0.1)])
    return [Part(stand, polished(draw)), Part(shade, prop(hue(draw, (0.1, 0.5), (0.6, 0.95))))]


def keys(draw: Draw) -> Parts:
    """Keys on a ring."""
    steel = polished(draw)
    hoop = ring(0.35, 0.025).turned("x", 90)
    keys = []
    for k in range(draw.integer(1, 4)):
        bow = lathe([(0.12, 0), (0.3, 0), (0.3, 0.05), (0.12, 0.05), (0.12, 0)])
        blade = box(0.16, 0.05, 0.9, 0.01).moved(z=0.7)
        teeth = [box(0.08, 0.05, 0.06, 0.01).moved(x=0.1, z=0.7 + 0.15 * j) for j in range(3)]
        keys.append(joined([bow, blade, *teeth]).moved(z=0.55).turned("y", 40 * k - 40).moved(y=0.03 * k))
    return [Part(joined([hoop.moved(y=0.03), *keys]), steel)]


def clock(draw: Draw) -> Parts:
    """A round clock with two hands."""
    face = cylinder(0.8, 0.14, "round", 0.03)
    dial = plate(0.74, 0.145)
    hands = [
        box(0.05, 0.012, long, 0.004).moved(y=0.155, z=-long / 2).turned("y", draw.uniform(0, 360))
        for long in (0.4, 0.62)
    ]
    parts = [
        Part(face, paint(draw)),
        Part(dial, prop(grey(draw))),
        Part(joined(hands), prop((0.05, 0.05, 0.05))),
    ]
    return turned(parts, "x", draw.uniform(70, 88))


def pens(draw: Draw) -> Parts:
    """Ball pens with a clip and a button; close to a pencil, but no cosmetic."""
    parts: Parts = []
    for k in range(draw.integer(1, 4)):
        body = lathe([(0.01, 0), (0.04, 0.14), (0.09, 0.4), (0.09, 2.0), (0.07, 2.05), (0, 2.05)])
        clip = joined([box(0.04, 0.7, 0.02, 0.004).moved(y=1.35, z=0.12), cylinder(0.04, 0.2).moved(y=2.05)])
        pen = turned([Part(body, paint(draw)), Part(clip, polished(draw))], "x", -90)
        parts += moved(turned(placed(pen), "y", draw.normal(25)), x=0.4 * k)
    return parts


def draped(draw: Draw) -> Parts:
    """Nothing but a folded ground: a scene with no thing in it."""
    x, z = np.meshgrid(np.linspace(-1.5, 1.5, 70), np.linspace(-1.5, 1.5, 70))
    folds = [
        draw.uniform(0.02, 0.09) * (1 + np.sin(x * draw.uniform(-5, 5) + z * draw.uniform(-5, 5) + draw.uniform(0, 6)))
        for _ in range(3)
    ]
    return [Part(sheet(np.stack([x, np.sum(folds, 0), z], 2)), cloth(draw))]


def flower_at(draw: Draw, petals: int, colour: np.ndarray, size: float) -> Parts:
    """A flower open to +y: petals round a disc."""
    blades = []
    for k in range(petals):
        petal = lathe([(0.001, 0), (0.16, 0.12), (0.24, 0.4), (0.16, 0.62), (0.001, 0.7)], depth=0.14, crease=180)
        blades.append(petal.turned("x", draw.uniform(62, 82)).moved(z=0.1).turned("y", 360 * k / petals))
    heart = ball(0.17, 0.5)
    parts = [Part(joined(blades), prop(colour)), Part(heart, prop((0.85, 0.65, 0.12)))]
    return [Part(Mesh(p.mesh.vertices * size, p.mesh.faces, p.mesh.normals, p.mesh.uv), p.material) for p in parts]


def flowers(draw: Draw) -> Parts:
    """Flowers in a vase, or heads strewn on the table."""
    colour, petals = hue(draw, (0.4, 0.9), (0.5, 0.9)), draw.integer(5, 12)
    if draw.chance(0.4):
        return [
            q for k in range(draw.integer(1, 5))
            for q in moved(flower_at(draw, petals, colour, 0.75), 0.9 * k - 1.5, z=draw.normal(0.5))
        ]  # fmt: skip
    vase = lathe([(0, 0), (0.3, 0), (0.42, 0.4), (0.22, 0.9), (0.26, 1.0), (0.2, 1.0)], crease=60)
    parts = [Part(vase, paint(draw))]
    for _ in range(draw.integer(1, 5)):
        x, z, y = draw.normal(0.4), draw.normal(0.2), draw.uniform(1.7, 2.3)
        parts.append(Part(rod([(0, 0.8, 0), (0.4 * x, 1.3, 0.4 * z), (x, y, z)], 0.025), prop((0.2, 0.42, 0.16))))
        head = turned(flower_at(draw, petals, colour, 0.55), "x", draw.uniform(20, 80))
        parts += moved(head, x, y, z)
    return parts


def shoe_box(draw: Draw) -> Parts:
    """A cardboard box with a lid, plain or printed."""
    w, h, d = draw.uniform(0.9, 1.6), draw.uniform(0.5, 1.2), draw.uniform(0.7, 1.1)
    card = prop((0.70, 0.54, 0.38)) if draw.chance(0.5) else paint(draw)
    return turned(
        [Part(box(w, h, d, 0.01), card), Part(box(w * 1.03, 0.22, d * 1.03, 0.01), card).moved(y=h - 0.15)],
        "y",
        draw.uniform(-40, 40),
    )


def chair(draw: Draw) -> Parts:
    """A chair or a stool."""
    surface = wood(draw) if draw.chance(0.6) else paint(draw)
    h = draw.uniform(0.9, 1.3)
    legs = [rod([(s * 0.5, 0, t * 0.45), (s * 0.42, h, t * 0.4)], 0.05, 8) for s in (-1, 1) for t in (-1, 1)]
    seat = box(1.05, 0.12, 1.0, 0.04).moved(y=h)
    parts = [Part(joined(legs), surface), Part(seat, surface if draw.chance(0.5) else cloth(draw))]
    if draw.chance(0.75):
        posts = [rod([(s * 0.46, h, -0.44), (s * 0.48, h + 1.2, -0.55)], 0.05, 8) for s in (-1, 1)]
        bars = [box(0.95, 0.16, 0.06, 0.02).moved(y=h + 0.4 + 0.35 * k, z=-0.5) for k in range(3)]
        parts.append(Part(joined([*posts, *bars]), surface))
    return turned(parts, "y", draw.uniform(-50, 50))


def sofa(draw: Draw) -> Parts:
    """A sofa or an armchair with cushions."""
    w = draw.uniform(1.2, 2.6)
    fabric = cloth(draw) if draw.chance(0.7) else leather(draw)
    body = [box(w, 0.45, 1.0, 0.08).moved(y=0.12), box(w, 0.8, 0.3, 0.1).moved(y=0.4, z=-0.45)]
    body += [box(0.28, 0.7, 1.05, 0.09).moved(x=s * (w / 2 + 0.1), y=0.12) for s in (-1, 1)]
    feet = [cylinder(0.06, 0.14).moved(s * w / 2, 0, t * 0.4) for s in (-1, 1) for t in (-1, 1)]
    pillow = cylinder(0.34, 0.16, "soft", 0.07).turned("x", 75).moved(x=draw.uniform(-0.3, 0.3) * w, y=0.62, z=-0.15)
    return turned(
        [Part(joined(body), fabric), Part(joined(feet), wood(draw)), Part(pillow, cloth(draw))],
        "y",
        draw.uniform(-40, 40),
    )


def table(draw: Draw) -> Parts:
    """A table, round or oblong, with a vase now and then."""
    surface, h = wood(draw) if draw.chance(0.7) else paint(draw), draw.uniform(0.8, 1.2)
    if draw.chance(0.4):
        parts = [Part(joined([cylinder(0.9, 0.08).moved(y=h), cylinder(0.1, h), cylinder(0.5, 0.06)]), surface)]
    else:
        legs = [box(0.1, h, 0.1, 0.01).moved(s * 0.95, 0, t * 0.45) for s in (-1, 1) for t in (-1, 1)]
        parts = [Part(joined([box(2.1, 0.1, 1.1, 0.02).moved(y=h), *legs]), surface)]
    return turned(parts + moved(mug(draw), y=h + 0.1) if draw.chance(0.2) else parts, "y", draw.uniform(-40, 40))


def hand_tool(draw: Draw) -> Parts:
    """A hammer, a screwdriver or a spanner, lying."""
    kind, grip = draw.choice("hammer", "screwdriver", "spanner"), paint(draw)
    if kind == "hammer":
        head = joined(
            [
                cylinder(0.18, 0.5).turned("z", 90).moved(x=0.3, y=2.3),
                lathe([(0.02, 0), (0.16, 0.5)], "square", depth=1.0).turned("z", -90).moved(x=-0.6, y=2.3),
            ]
        )
        parts = [Part(lathe([(0.1, 0), (0.12, 0.8), (0.08, 2.4)], crease=90), wood(draw)), Part(head, polished(draw))]
    elif kind == "screwdriver":
        parts = [
            Part(lathe([(0, 0), (0.2, 0.05), (0.22, 0.6), (0.14, 0.95), (0, 0.95)], "hex"), grip),
            Part(cylinder(0.05, 1.5).moved(y=0.9), polished(draw)),
        ]
    else:
        jaws = [ring(0.24, 0.09, 120, 420).moved(y=2.2), ring(0.2, 0.08)]
        parts = [Part(joined([*jaws, box(0.22, 1.8, 0.1, 0.03).moved(y=0.2)]), polished(draw))]
    return turned(list(placed(turned(parts, "x", -90))), "y", draw.uniform(0, 360))


def cutlery(draw: Draw) -> Parts:
    """Fork, knife, spoon side by side."""
    steel, parts = polished(draw), []
    for k, kind in enumerate(("fork", "knife", "spoon")[: draw.integer(1, 3)]):
        stem = lathe([(0.09, 0), (0.06, 0.8), (0.04, 1.2)], depth=0.4, crease=90)
        if kind == "fork":
            head = joined(
                [
                    box(0.26, 0.2, 0.05, 0.02).moved(y=1.15),
                    *[box(0.04, 0.42, 0.04, 0.01).moved(x=0.075 * j, y=1.32) for j in (-1.4, -0.5, 0.5, 1.4)],
                ]
            )
        elif kind == "knife":
            head = lathe([(0.08, 1.15), (0.11, 1.4), (0.1, 2.0), (0, 2.15)], depth=0.15, crease=90)
        else:
            head = lathe([(0.04, 1.15), (0.19, 1.4), (0.18, 1.65), (0, 1.85)], depth=0.25, crease=90)
        parts += moved(placed(turned([Part(joined([stem, head]), steel)], "x", -90)), x=0.5 * k)
    return parts


def pot_and_pan(draw: Draw) -> Parts:
    """A cooking pot with two handles, or a pan with one."""
    steel = polished(draw) if draw.chance(0.5) else paint(draw)
    if draw.chance(0.5):
        pan = lathe([(0, 0), (0.75, 0), (0.9, 0.2), (0.87, 0.2), (0.72, 0.04), (0, 0.04)], crease=60)
        return turned(
            [Part(pan, steel), Part(box(1.3, 0.08, 0.2, 0.03).moved(x=1.45, y=0.15), prop((0.05, 0.05, 0.05)))],
            "y",
            draw.uniform(-60, 60),
        )
    body, lid = cylinder(0.8, 0.9, bevel=0.06), lathe([(0.83, 0.9), (0.6, 1.02), (0, 1.06)], crease=60)
    grips = [ring(0.18, 0.05).moved(x=s * 0.9, y=0.7) for s in (-1, 1)]
    return [
        Part(joined([body, lid]), steel),
        Part(joined([*grips, ball(0.11).moved(y=1.04)]), prop((0.06, 0.06, 0.06))),
    ]


def pillow(draw: Draw) -> Parts:
    """A cushion or a pile of folded towels."""
    if draw.chance(0.5):
        u, v = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 40))
        puff = np.clip((1 - u**4) * (1 - v**4), 0, 1) ** 0.6
        halves = [np.stack([u * (1 - 0.1 * v**2), s * 0.3 * puff, v * (1 - 0.1 * u**2)], 2) for s in (1, -1)]
        return list(placed(turned([Part(joined([sheet(h) for h in halves]), cloth(draw))], "x", draw.choice(0, 70))))
    return [
        Part(box(1.5, 0.26, 1.0, 0.11).moved(y=0.27 * k, x=draw.normal(0.03)), cloth(draw))
        for k in range(draw.integer(2, 5))
    ]


def picture_frame(draw: Draw) -> Parts:
    """A framed picture of colours."""
    w, h = draw.uniform(1.0, 1.8), draw.uniform(1.0, 1.8)
    bars = [box(w, 0.1, 0.1, 0.02).moved(y=y) for y in (0, h - 0.1)]
    bars += [box(0.1, h, 0.1, 0.02).moved(x=s * (w / 2 - 0.05)) for s in (-1, 1)]
    inside = box(w - 0.1, 0.02, h - 0.1, 0.003).planar(w - 0.1, h - 0.1).turned("x", 90).moved(y=h / 2)
    first, second = hue(draw), hue(draw)
    mix = np.clip(np.linspace(0, 1, 60)[:, None, None] * np.ones((1, 60, 1)) + 0.3 * draw.rng.random((60, 60, 1)), 0, 1)
    view = paint(draw).painted(((first * mix + second * (1 - mix)) * 255).astype(np.uint8))
    return turned([Part(joined(bars), wood(draw)), Part(inside, view)], "y", draw.uniform(-30, 30))
