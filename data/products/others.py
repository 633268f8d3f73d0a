"""Things that are no beauty product, or accessories near to one: what the tagger must call "other"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from beauty_vlm.regions import BACKGROUND
from data.draw import Draw
from data.label import picture
from data.material import METALS, Material, clear, prop
from data.mesh import Mesh, box, crumbs, cylinder, joined, lathe, plate, sheet
from data.product import Part, Product, moved, placed, turned
from data.products.shapes import ball, grey, hue, ring, rod

Parts = list[Part]


def other(draw: Draw) -> Product:
    """One of the things below, or now and then two side by side."""
    name = draw.weighted({k: (2.5 if k in NEAR_BEAUTY else 1.0) for k in THINGS})
    parts = THINGS[name](draw)
    if draw.chance(0.12):
        reach = float(max(p.mesh.high[0] for p in parts))
        second = THINGS[draw.choice(*THINGS)](draw)
        parts += moved(second, x=reach - float(min(p.mesh.low[0] for p in second)) + 0.2)
    view = "flat" if name in FLAT else "upright"
    return Product("other", placed(parts), (), None, name, None, "alone", view)  # type: ignore[arg-type]


def _paint(draw: Draw) -> Material:
    """White, black, any colour."""
    kind = draw.weighted({"white": 2, "black": 1, "colour": 4})
    colour = {
        "white": grey(draw),
        "black": grey(draw, 0.02, 0.1),
        "colour": hue(draw, (0.15, 0.8), (0.2, 0.85)),
    }[kind]
    return prop(colour, draw.uniform(0.1, 0.8))


def _metal(draw: Draw) -> Material:
    return prop(np.array(METALS[draw.choice("gold", "silver", "rose gold", "gunmetal")]) * 0.9, 0.2)


def _printed(draw: Draw, surface: Material) -> Material:
    return surface.painted(picture(draw, surface.colour))


def _mug(draw: Draw) -> Parts:
    r, h = draw.uniform(0.45, 0.6), draw.uniform(0.9, 1.3)
    cup = lathe([(0, 0), (r - 0.05, 0), (r, 0.06), (r, h), (r - 0.06, h), (r - 0.08, 0.8 * h), (0, 0.8 * h)])
    handle = ring(0.28, 0.06, -105, 105).moved(x=r - 0.02, y=h * 0.5)
    paint, drink = _paint(draw), plate(r - 0.07, 0.82 * h)
    if draw.chance(0.5):
        paint = _printed(draw, paint)
    parts = [
        Part(cup, paint),
        Part(handle, prop(paint.colour, 0.3)),
        Part(drink, prop(np.array([0.3, 0.17, 0.08]))),
    ]
    return turned(parts, "y", draw.uniform(-50, 50))


def _bowl(draw: Draw) -> Parts:
    bowl = lathe(
        [(0, 0), (0.45, 0), (0.45, 0.06), (0.85, 0.35), (1, 0.7), (0.95, 0.7), (0.8, 0.38), (0, 0.12)],
        crease=60,
    )
    grains = crumbs(draw.rng, 0.4, 0.09, 40).moved(y=0.3)
    return [Part(bowl, _paint(draw)), *([Part(grains, _paint(draw))] if draw.chance(0.5) else [])]


def _plate(draw: Draw) -> Parts:
    dish = lathe([(0, 0), (0.6, 0), (1.1, 0.14), (1.1, 0.17), (0.62, 0.06), (0, 0.06)], crease=60)
    return [Part(dish, _paint(draw)), *(moved(_fruit(draw), y=0.06) if draw.chance(0.5) else [])]


def _book(draw: Draw) -> Parts:
    parts: Parts = []
    y = 0.0
    for _ in range(draw.integer(1, 4)):
        w, t = draw.uniform(1.2, 1.6), draw.uniform(0.12, 0.3)
        leaves = Part(box(w * 0.96, t - 0.04, 1.0, 0.005).moved(y=y + 0.02), prop((0.93, 0.91, 0.85)))
        cover = _paint(draw)
        boards = [box(w, 0.025, 1.06, 0.005).moved(y=y), box(w, 0.025, 1.06, 0.005).moved(y=y + t - 0.025)]
        spine = box(w, t, 0.03, 0.005).moved(y=y, z=0.52)
        parts += turned(
            [leaves, Part(joined(boards), cover), Part(spine, _printed(draw, cover))], "y", draw.normal(8)
        )
        y += t
    if draw.chance(0.4):
        parts = turned(parts, "x", 90)
    return parts


def _phone(draw: Draw) -> Parts:
    shell = box(0.8, 0.09, 1.6, 0.04)
    screen = box(0.74, 0.01, 1.52, 0.005).moved(y=0.088)
    glass = prop(grey(draw, 0.02, 0.06), 0.05).painted(picture(draw, hue(draw, (0.2, 0.7), (0.1, 0.6))))
    parts = [Part(shell, _paint(draw)), Part(screen.planar(0.8, 1.6), glass)]
    return turned(turned(parts, "x", 75), "y", draw.uniform(-30, 30)) if draw.chance(0.6) else parts


def _candle(draw: Draw) -> Parts:
    r, h = draw.uniform(0.45, 0.65), draw.uniform(0.7, 1.0)
    glass = clear(draw) if draw.chance(0.4) else _printed(draw, _paint(draw))
    wax = prop(grey(draw, 0.85) * np.array([1, 0.97, 0.88]), 0.5)
    wick = rod([(0, h * 0.75, 0), (0.01, h * 0.95, 0), (0.04, h * 1.02, 0)], 0.02)
    outer = lathe([(0, 0), (r, 0), (r, h), (r * 0.94, h), (r * 0.94, h * 0.7)])
    wall = [Part(outer, _scenery(glass))]
    return [*wall, Part(cylinder(r * 0.93, h * 0.74), wax).moved(y=0.02), Part(wick, prop((0.1, 0.1, 0.1)))]


def _scenery(material: Material) -> Material:
    """Marked as background, whatever it is made of."""
    return replace(material, region=BACKGROUND)


def _drink(draw: Draw) -> Parts:
    """A bottle of water, juice or wine with a screw cap."""
    colour = hue(draw, (0.4, 0.9), (0.25, 0.7)) if draw.chance(0.6) else np.array([0.08, 0.22, 0.1])
    body = lathe(
        [(0, 0), (0.36, 0), (0.4, 0.06), (0.4, 1.3), (0.34, 1.5), (0.14, 1.8), (0.13, 2.2), (0, 2.2)],
        crease=70,
    )
    wrap = lathe([(0.405, 0), (0.405, 0.6)]).moved(y=0.45)
    cap = cylinder(0.16, 0.18, "round", 0.02).moved(y=2.15)
    return [Part(body, prop(colour, 0.08)), Part(wrap, _printed(draw, _paint(draw))), Part(cap, _paint(draw))]


def _can(draw: Draw) -> Parts:
    body = lathe(
        [
            (0, 0),
            (0.36, 0),
            (0.45, 0.12),
            (0.45, 1.5),
            (0.37, 1.65),
            (0.39, 1.7),
            (0.35, 1.7),
            (0.34, 1.66),
            (0, 1.66),
        ]
    )
    tab = box(0.2, 0.02, 0.34, 0.005).moved(y=1.67)
    return [Part(body, _printed(draw, _paint(draw))), Part(tab, _metal(draw))]


def _fruit(draw: Draw) -> Parts:
    """Apples, oranges, lemons, strawberries or cherries."""
    kind = draw.choice("apple", "orange", "lemon", "strawberry", "cherry")
    parts: Parts = []
    for k in range(draw.integer(1, 3)):
        x, z = 0.95 * (k - 0.5) - 0.3, draw.normal(0.25)
        parts += moved(_one_fruit(draw, kind), x=x, z=z)
    return parts


def _one_fruit(draw: Draw, kind: str) -> Parts:
    green, stem = prop((0.22, 0.48, 0.16)), prop((0.30, 0.20, 0.10))
    if kind == "apple":
        skin = prop(np.array(draw.choice((0.75, 0.10, 0.10), (0.55, 0.70, 0.15), (0.85, 0.65, 0.20))), 0.2)
        return [
            Part(ball(0.45, 0.92, 0.6), skin),
            Part(rod([(0, 0.7, 0), (0.03, 0.85, 0), (0.08, 0.98, 0)], 0.025), stem),
        ]
    if kind == "lemon":
        body = lathe(
            [(0, -0.5), (0.08, -0.48), (0.2, -0.38), (0.36, 0), (0.2, 0.38), (0.08, 0.48), (0, 0.5)],
            crease=180,
        )
        return list(
            placed(
                [Part(body.turned("z", 90).turned("y", draw.uniform(-60, 60)), prop((0.95, 0.83, 0.15), 0.4))]
            )
        )
    if kind == "strawberry":
        body = lathe([(0, 0), (0.12, 0.06), (0.3, 0.35), (0.34, 0.55), (0.24, 0.68), (0, 0.7)], crease=180)
        leaf = lathe([(0, 0.04), (0.26, 0), (0, 0.02)], "hex")
        return [Part(body, prop((0.80, 0.08, 0.10), 0.25)), Part(leaf.moved(y=0.69), green)]
    if kind == "cherry":
        return [
            Part(ball(0.25), prop((0.55, 0.03, 0.08), 0.1)),
            Part(rod([(0, 0.45, 0), (0.1, 0.8, 0), (0.3, 1.1, 0)], 0.02), green),
        ]
    return [Part(ball(0.45), prop((0.93, 0.50, 0.08), 0.45)), Part(ball(0.04).moved(y=0.86), green)]


def _flower_at(draw: Draw, petals: int, colour: np.ndarray, size: float) -> Parts:
    """A flower open to +y: petals round a disc."""
    blades = []
    for k in range(petals):
        petal = lathe(
            [(0.001, 0), (0.16, 0.12), (0.24, 0.4), (0.16, 0.62), (0.001, 0.7)], depth=0.14, crease=180
        )
        blades.append(petal.turned("x", draw.uniform(62, 82)).moved(z=0.1).turned("y", 360 * k / petals))
    heart = ball(0.17, 0.5)
    parts = [Part(joined(blades), prop(colour)), Part(heart, prop((0.85, 0.65, 0.12)))]
    return [
        Part(Mesh(p.mesh.vertices * size, p.mesh.faces, p.mesh.normals, p.mesh.uv), p.material) for p in parts
    ]


def _flowers(draw: Draw) -> Parts:
    """Flowers in a vase, or heads strewn on the table."""
    colour, petals = hue(draw, (0.4, 0.9), (0.5, 0.9)), draw.integer(5, 12)
    if draw.chance(0.4):
        return [
            q for k in range(draw.integer(1, 5))
            for q in moved(_flower_at(draw, petals, colour, 0.75), 0.9 * k - 1.5, z=draw.normal(0.5))
        ]  # fmt: skip
    vase = lathe([(0, 0), (0.3, 0), (0.42, 0.4), (0.22, 0.9), (0.26, 1.0), (0.2, 1.0)], crease=60)
    parts = [Part(vase, _paint(draw))]
    for _ in range(draw.integer(1, 5)):
        x, z, y = draw.normal(0.4), draw.normal(0.2), draw.uniform(1.7, 2.3)
        parts.append(
            Part(rod([(0, 0.8, 0), (0.4 * x, 1.3, 0.4 * z), (x, y, z)], 0.025), prop((0.2, 0.42, 0.16)))
        )
        head = turned(_flower_at(draw, petals, colour, 0.55), "x", draw.uniform(20, 80))
        parts += moved(head, x, y, z)
    return parts


def _plant(draw: Draw) -> Parts:
    pot = lathe(
        [(0, 0), (0.35, 0), (0.5, 0.6), (0.54, 0.6), (0.54, 0.72), (0.46, 0.72), (0.45, 0.62), (0, 0.62)]
    )
    leaves = []
    for _ in range(draw.integer(5, 16)):
        long = draw.uniform(0.7, 1.5)
        leaf = lathe(
            [(0.001, 0), (0.12, 0.3 * long), (0.15, 0.55 * long), (0.001, long)], depth=0.18, crease=180
        )
        leaves.append(leaf.turned("x", draw.uniform(5, 55)).turned("y", draw.uniform(0, 360)).moved(y=0.6))
    green = prop(np.array([0.18, 0.42, 0.16]) * draw.uniform(0.6, 1.4))
    return [Part(pot, _paint(draw)), Part(joined(leaves), green)]


def _lamp(draw: Draw) -> Parts:
    shade = lathe([(0.75, 1.4), (0.45, 2.2)])
    stand = joined([cylinder(0.45, 0.1), cylinder(0.06, 1.9), ball(0.25).moved(y=0.1)])
    return [Part(stand, _metal(draw)), Part(shade, prop(hue(draw, (0.1, 0.5), (0.6, 0.95))))]


def _balls(draw: Draw) -> Parts:
    """A football of plain colour, marbles or pearls."""
    r = draw.choice(0.8, 0.3, 0.12)
    paint = _paint(draw)
    count = {0.8: 1, 0.3: 5, 0.12: 20}[r]
    spread = 0.0 if count == 1 else 1.0
    return [
        Part(
            ball(r).moved(draw.uniform(-1, 1) * spread, 0, draw.uniform(-1, 1) * spread),
            paint if r < 0.2 else _paint(draw),
        )
        for _ in range(count)
    ]


def _blocks(draw: Draw) -> Parts:
    """Toy bricks stacked with a wobble."""
    parts, y = [], 0.0
    for _ in range(draw.integer(2, 5)):
        h = draw.uniform(0.3, 0.6)
        brick = box(draw.uniform(0.5, 1.0), h, draw.uniform(0.4, 0.7), 0.03).turned("y", draw.normal(15))
        parts.append(Part(brick.moved(x=draw.normal(0.06), y=y), _paint(draw)))
        y += h
    return parts


def _pens(draw: Draw) -> Parts:
    """Ball pens with a clip and a button; close to a pencil, but no cosmetic."""
    parts: Parts = []
    for k in range(draw.integer(1, 4)):
        body = lathe([(0.01, 0), (0.04, 0.14), (0.09, 0.4), (0.09, 2.0), (0.07, 2.05), (0, 2.05)])
        clip = joined([box(0.04, 0.7, 0.02, 0.004).moved(y=1.35, z=0.12), cylinder(0.04, 0.2).moved(y=2.05)])
        pen = turned([Part(body, _paint(draw)), Part(clip, _metal(draw))], "x", -90)
        parts += moved(turned(placed(pen), "y", draw.normal(25)), x=0.4 * k)
    return parts


def _keys(draw: Draw) -> Parts:
    steel = _metal(draw)
    hoop = ring(0.35, 0.025).turned("x", 90)
    keys = []
    for k in range(draw.integer(1, 4)):
        bow = lathe([(0.12, 0), (0.3, 0), (0.3, 0.05), (0.12, 0.05), (0.12, 0)])
        blade = box(0.16, 0.05, 0.9, 0.01).moved(z=0.7)
        teeth = [box(0.08, 0.05, 0.06, 0.01).moved(x=0.1, z=0.7 + 0.15 * j) for j in range(3)]
        keys.append(joined([bow, blade, *teeth]).moved(z=0.55).turned("y", 40 * k - 40).moved(y=0.03 * k))
    return [Part(joined([hoop.moved(y=0.03), *keys]), steel)]


def _headphones(draw: Draw) -> Parts:
    band = ring(0.85, 0.06, 0, 180).moved(y=0.6)
    cups = [
        cylinder(0.38, 0.26, "round", 0.08).turned("z", 90).moved(x=s * 0.85 + 0.13, y=0.5) for s in (-1, 1)
    ]
    return turned([Part(band, _paint(draw)), Part(joined(cups), _paint(draw))], "y", draw.uniform(-40, 40))


def _lashes(draw: Draw) -> Parts:
    """Pairs of false eyelashes on a card or in a tray."""
    rows = draw.integer(1, 5)
    card = box(2.1, 0.03, 0.62 * rows + 0.3, 0.005)
    hairs = []
    for row in range(rows):
        for s in (-1, 1):
            z0 = 0.62 * (row - (rows - 1) / 2) + 0.12
            arch = np.linspace(-1, 1, 22)
            base = np.stack([s * 0.5 + 0.36 * arch, np.full(22, 0.06), z0 - 0.12 * (1 - arch**2)], 1)
            hairs.append(rod(base, 0.014, 6))
            for x, (bx, by, bz) in zip(arch, base, strict=True):
                long = draw.uniform(0.14, 0.3)
                tip = (bx + 0.12 * x, by + 0.04, bz - long)
                hairs.append(
                    rod(
                        [(bx, by, bz), (bx + 0.04 * x, by + 0.06, bz - 0.5 * long), tip],
                        np.array([0.012, 0.009, 0.003]),
                        5,
                    )
                )
    ground = prop(grey(draw, 0.9) if draw.chance(0.6) else hue(draw, (0.2, 0.6), (0.6, 0.9)))
    return [Part(card, ground), Part(joined(hairs), prop((0.03, 0.03, 0.03), 0.6))]


def _dryer(draw: Draw) -> Parts:
    barrel = lathe(
        [(0, 0), (0.28, 0), (0.42, 0.25), (0.42, 0.7), (0.3, 1.2), (0.3, 1.5), (0.25, 1.5), (0.2, 1.2)],
        crease=50,
    )
    grip = cylinder(0.18, 1.1, "soft", 0.05)
    paint = _paint(draw)
    return turned(
        [Part(barrel.turned("z", 90).moved(x=0.5, y=1.3), paint), Part(grip, paint)],
        "y",
        draw.uniform(-30, 30),
    )


def _nail_lamp(draw: Draw) -> Parts:
    """An arch over a dark opening with violet light inside."""
    a = np.linspace(0.0, np.pi, 30)
    depth = np.linspace(-0.8, 0.8, 12)
    arch = sheet(
        np.stack(
            np.broadcast_arrays(1.1 * np.cos(a)[:, None], 0.8 * np.sin(a)[:, None] ** 0.6, depth[None]), 2
        )
    )
    inside = sheet(
        np.stack(
            np.broadcast_arrays(0.95 * np.cos(a)[:, None], 0.66 * np.sin(a)[:, None] ** 0.6, depth[None]), 2
        )
    )
    back = box(1.9, 0.6, 0.04, 0.01).moved(z=-0.75)
    floor = box(2.1, 0.04, 1.6, 0.01)
    glow = prop((0.45, 0.35, 0.85))
    return [
        Part(arch, prop(grey(draw), 0.25)),
        Part(inside, glow),
        Part(back, glow),
        Part(floor, prop(grey(draw, 0.7))),
    ]


def _cotton(draw: Draw) -> Parts:
    pads = [
        cylinder(0.6, 0.1, "round", 0.045).moved(x=draw.normal(0.06), y=0.1 * k, z=draw.normal(0.06))
        for k in range(draw.integer(2, 9))
    ]
    return [Part(joined(pads), prop(grey(draw, 0.95), 0.95))]


def _jewellery(draw: Draw) -> Parts:
    """Finger rings with a stone, or ear hoops."""
    gold = _metal(draw)
    parts: Parts = []
    for k in range(draw.integer(1, 3)):
        hoop = ring(0.5, draw.uniform(0.04, 0.1)).moved(y=0.55)
        gem = lathe([(0, 0), (0.2, 0.16), (0.14, 0.24), (0, 0.24)], "hex", crease=10).moved(y=1.05)
        pose = [
            Part(hoop, gold),
            *([Part(gem, prop(hue(draw, (0.5, 1), (0.3, 0.7)), 0.05))] if draw.chance(0.6) else []),
        ]
        parts += moved(turned(pose, "y", draw.uniform(-60, 60)), x=1.2 * k)
    return parts


def _glasses(draw: Draw) -> Parts:
    rims = [ring(0.42, 0.05).moved(x=s * 0.52, y=0.45) for s in (-1, 1)]
    arms = [rod([(s * 0.95, 0.55, 0), (s * 1.0, 0.55, -0.9), (s * 0.98, 0.35, -1.3)], 0.04) for s in (-1, 1)]
    lens = [plate(0.4, 0).turned("x", 90).moved(x=s * 0.52, y=0.45) for s in (-1, 1)]
    return [
        Part(joined([*rims, *arms, ring(0.1, 0.04, 0, 180).moved(y=0.5)]), _paint(draw)),
        Part(joined(lens), prop(grey(draw, 0.03, 0.2), 0.05)),
    ]


def _shoe_box(draw: Draw) -> Parts:
    """A cardboard box with a lid, plain or printed."""
    w, h, d = draw.uniform(0.9, 1.6), draw.uniform(0.5, 1.2), draw.uniform(0.7, 1.1)
    paint = prop((0.70, 0.54, 0.38)) if draw.chance(0.5) else _paint(draw)
    return turned(
        [Part(box(w, h, d, 0.01), paint), Part(box(w * 1.03, 0.22, d * 1.03, 0.01), paint).moved(y=h - 0.15)],
        "y",
        draw.uniform(-40, 40),
    )


def _clock(draw: Draw) -> Parts:
    face = cylinder(0.8, 0.14, "round", 0.03)
    dial = plate(0.74, 0.145)
    hands = [
        box(0.05, 0.012, long, 0.004).moved(y=0.155, z=-long / 2).turned("y", draw.uniform(0, 360))
        for long in (0.4, 0.62)
    ]
    parts = [
        Part(face, _paint(draw)),
        Part(dial, prop(grey(draw))),
        Part(joined(hands), prop((0.05, 0.05, 0.05))),
    ]
    return turned(parts, "x", draw.uniform(70, 88))


def _pile(draw: Draw) -> Parts:
    """Abstract solids thrown together."""
    solids: list[Callable[[], Mesh]] = [
        lambda: ball(draw.uniform(0.2, 0.5)),
        lambda: box(draw.uniform(0.3, 0.9), draw.uniform(0.3, 1.2), draw.uniform(0.3, 0.9)),
        lambda: cylinder(draw.uniform(0.2, 0.5), draw.uniform(0.2, 1.4)),
        lambda: lathe(
            [(0, 0), (draw.uniform(0.3, 0.6), 0), (0.001, draw.uniform(0.6, 1.3))],
            draw.choice("round", "hex", "square"),
        ),
        lambda: ring(0.45, 0.14).moved(y=0.59),
    ]
    count = draw.integer(2, 6)
    return [
        Part(
            draw.choice(*solids)()
            .turned("y", draw.uniform(0, 90))
            .moved(x=(k - count / 2) * 0.8, z=draw.normal(0.4)),
            _paint(draw),
        )
        for k in range(count)
    ]


def _cloth(draw: Draw) -> Parts:
    """Nothing but a folded ground: a scene with no thing in it."""
    x, z = np.meshgrid(np.linspace(-1.5, 1.5, 70), np.linspace(-1.5, 1.5, 70))
    folds = [
        draw.uniform(0.02, 0.09)
        * (1 + np.sin(x * draw.uniform(-5, 5) + z * draw.uniform(-5, 5) + draw.uniform(0, 6)))
        for _ in range(3)
    ]
    return [Part(sheet(np.stack([x, np.sum(folds, 0), z], 2)), _paint(draw))]


THINGS: dict[str, Callable[[Draw], Parts]] = {
    "mug": _mug, "bowl": _bowl, "plate": _plate, "book": _book, "phone": _phone, "candle": _candle,
    "bottle of drink": _drink, "can": _can, "fruit": _fruit, "flowers": _flowers, "potted plant": _plant,
    "lamp": _lamp, "ball": _balls, "toy blocks": _blocks, "pens": _pens, "keys": _keys,
    "headphones": _headphones,
    "false eyelashes": _lashes, "hair dryer": _dryer, "nail lamp": _nail_lamp, "cotton pads": _cotton,
    "jewellery": _jewellery, "glasses": _glasses, "cardboard box": _shoe_box, "clock": _clock,
    "abstract shapes": _pile, "cloth": _cloth,
}  # fmt: skip
NEAR_BEAUTY = {
    "false eyelashes",
    "nail lamp",
    "cotton pads",
    "hair dryer",
    "candle",
}  # what shops sell beside make-up
FLAT = {"plate", "pens", "keys", "false eyelashes", "cloth", "phone", "book", "bowl"}
