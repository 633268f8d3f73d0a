"""Food and drink: fruit, vegetables, bread, sweets, bottles, cans and glasses."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.grains import crumbs
from data.material import prop
from data.mesh import box, cylinder, joined, lathe, plate
from data.product import Part, moved, placed, turned
from data.products.paints import Parts, glass, labelled, mottled, paint, polished
from data.products.shapes import ball, grey, hue, ring, rod

BREAD, CRUST = np.array([0.85, 0.66, 0.40]), np.array([0.62, 0.37, 0.16])


def drink(draw: Draw) -> Parts:
    """A bottle of water, juice or wine with a screw cap."""
    colour = hue(draw, (0.4, 0.9), (0.25, 0.7)) if draw.chance(0.6) else np.array([0.08, 0.22, 0.1])
    body = lathe(
        [(0, 0), (0.36, 0), (0.4, 0.06), (0.4, 1.3), (0.34, 1.5), (0.14, 1.8), (0.13, 2.2), (0, 2.2)],
        crease=70,
    )
    wrap = lathe([(0.405, 0), (0.405, 0.6)]).moved(y=0.45)
    cap = cylinder(0.16, 0.18, "round", 0.02).moved(y=2.15)
    return [Part(body, prop(colour, 0.08)), Part(wrap, labelled(draw, paint(draw))), Part(cap, paint(draw))]


def can(draw: Draw) -> Parts:
    """A can with a tab."""
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
    return [Part(body, labelled(draw, paint(draw))), Part(tab, polished(draw))]


def fruit(draw: Draw) -> Parts:
    """Apples, oranges, lemons, strawberries or cherries."""
    kind = draw.choice("apple", "orange", "lemon", "strawberry", "cherry")
    parts: Parts = []
    for k in range(draw.integer(1, 3)):
        x, z = 0.95 * (k - 0.5) - 0.3, draw.normal(0.25)
        parts += moved(one_fruit(draw, kind), x=x, z=z)
    return parts


def one_fruit(draw: Draw, kind: str) -> Parts:
    """One fruit of the kind named."""
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
            placed([Part(body.turned("z", 90).turned("y", draw.uniform(-60, 60)), prop((0.95, 0.83, 0.15), 0.4))])
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


def banana(draw: Draw) -> Parts:
    """One to four bananas in a bunch."""
    s = np.linspace(-1, 1, 26)
    radius = 0.19 * np.sqrt(np.clip(1 - s**6, 0.03, 1)) * (0.4 + 0.6 * (np.abs(s) < 0.86))
    colour = np.array(draw.choice((0.95, 0.80, 0.18), (0.90, 0.84, 0.30), (0.70, 0.75, 0.25)))
    parts: Parts = []
    for k in range(draw.integer(1, 4)):
        path = np.stack([1.1 * np.sin(s), 0.2 + 0 * s, 0.75 * (1 - np.cos(s)) + 0.36 * k], 1)
        parts.append(Part(rod(path, radius, 10), mottled(draw, colour, colour * 0.85, 20, 0.45)))
    return turned(parts, "y", draw.uniform(0, 360))


def vegetable(draw: Draw) -> Parts:
    """Carrots, cucumbers, tomatoes, aubergines or peppers."""
    kind = draw.choice("carrot", "cucumber", "tomato", "aubergine")
    green = prop((0.20, 0.45, 0.14), 0.6)
    parts: Parts = []
    for k in range(draw.integer(1, 3)):
        if kind == "tomato":
            leaf = lathe([(0, 0.02), (0.2, 0)], "hex").moved(y=0.66)
            one = [Part(ball(0.4, 0.85, 0.5), prop((0.80, 0.12, 0.07), 0.12)), Part(leaf, green)]
            parts += moved(one, x=0.9 * k, z=draw.normal(0.2))
            continue
        colour, shape = {
            "carrot": ((0.92, 0.45, 0.08), [(0, 0), (0.08, 0.2), (0.2, 1.5), (0.22, 1.8), (0.1, 1.9), (0, 1.9)]),
            "cucumber": ((0.16, 0.38, 0.12), [(0, 0), (0.15, 0.06), (0.22, 0.4), (0.22, 1.7), (0.12, 2.0), (0, 2.03)]),
            "aubergine": ((0.18, 0.06, 0.22), [(0, 0), (0.2, 0.05), (0.38, 0.4), (0.3, 1.0), (0.2, 1.5), (0, 1.6)]),
        }[kind]
        body = lathe(shape, crease=120)
        top = body.high[1]
        leaves = [
            rod([(0, top - 0.05, 0), (x, top + 0.3, 0.02), (1.6 * x, top + 0.5, 0)], 0.03, 6) for x in (-0.15, 0, 0.2)
        ]
        one = [Part(body, prop(colour, 0.35)), Part(joined(leaves), green)]
        parts += moved(placed(turned(turned(one, "z", 90), "y", draw.normal(15))), z=0.55 * k)
    return parts


def bread(draw: Draw) -> Parts:
    """A loaf, rolls, a ring of dough or slices."""
    kind = draw.choice("loaf", "rolls", "rings", "slices")
    crust = mottled(draw, CRUST, BREAD, 14, 0.75)
    if kind == "loaf":
        return [Part(lathe([(0, 0), (0.9, 0.02), (1.0, 0.3), (0.75, 0.6), (0, 0.72)], depth=0.5, crease=180), crust)]
    if kind == "rolls":
        return [
            Part(ball(0.42, 0.7).moved(0.8 * (k % 3), 0, 0.75 * (k // 3)), crust) for k in range(draw.integer(1, 5))
        ]
    if kind == "rings":
        glaze = prop(hue(draw, (0.3, 0.8), (0.35, 0.8)), 0.15)
        parts: Parts = []
        for k in range(draw.integer(1, 4)):
            one = ring(0.4, 0.19).turned("x", 90).moved(y=0.19)
            icing = ring(0.4, 0.175).turned("x", 90).moved(y=0.25)
            parts += moved([Part(one, crust), Part(icing, glaze)], x=1.3 * (k % 2), z=1.3 * (k // 2))
        return parts
    slice_ = [Part(box(0.9, 0.14, 0.8, 0.05), mottled(draw, BREAD, BREAD * 1.08, 6, 0.9))]
    return [
        q for k in range(draw.integer(1, 4)) for q in moved(turned(slice_, "y", draw.normal(10)), 0.3 * k, 0.14 * k)
    ]


def cake(draw: Draw) -> Parts:
    """A round cake of layers, a cup cake or a slice, with a cherry on top."""
    cream, sponge = prop(hue(draw, (0.2, 0.6), (0.75, 0.95)), 0.6), prop(BREAD * draw.uniform(0.4, 1.05), 0.9)
    cherry = Part(ball(0.12), prop((0.70, 0.05, 0.08), 0.1))
    if draw.chance(0.5):
        cup = lathe([(0, 0), (0.36, 0), (0.5, 0.5)], segments=64)
        swirl = lathe(
            [(0.52, 0.48), (0.56, 0.6), (0.4, 0.72), (0.44, 0.82), (0.24, 0.95), (0.26, 1.02), (0, 1.15)], crease=180
        )
        return [Part(cup, paint(draw)), Part(swirl, cream), *moved([cherry], y=1.08)]
    layers = [cylinder(0.9, 0.26, bevel=0.03).moved(y=0.34 * k) for k in range(3)]
    fill = [cylinder(0.87, 0.1, bevel=0.03).moved(y=0.25 + 0.34 * k) for k in range(3)]
    ringed = [moved([cherry], 0.7 * np.cos(a), 1.03, 0.7 * np.sin(a))[0] for a in np.linspace(0, 5.4, 7)]
    return [Part(joined(layers), sponge), Part(joined(fill), cream), *ringed]


def ice_cream(draw: Draw) -> Parts:
    """A cone with one to three scoops."""
    parts = [Part(lathe([(0.02, 0), (0.36, 1.2), (0.38, 1.25), (0.3, 1.25)]), mottled(draw, BREAD, CRUST, 5, 0.8))]
    for k in range(draw.integer(1, 3)):
        parts.append(
            Part(
                ball(0.4 - 0.05 * k).moved(y=1.1 + 0.5 * k),
                mottled(draw, c := hue(draw, (0.3, 0.8), (0.5, 0.9)), c * 0.9, 8, 0.6),
            )
        )
    return parts


def burger(draw: Draw) -> Parts:
    """Bun, leaf, cheese and meat."""
    bun = prop((0.78, 0.50, 0.22), 0.4)
    lower = lathe([(0, 0), (0.75, 0), (0.8, 0.1), (0.78, 0.2), (0, 0.2)], crease=120)
    upper = lathe([(0.8, 0.55), (0.84, 0.65), (0.65, 0.95), (0.3, 1.08), (0, 1.1)], crease=120)
    seeds = crumbs(draw.rng, 0.35, 0.035, 40).moved(y=1.04)
    return [
        Part(joined([lower, upper]), bun),
        Part(cylinder(0.8, 0.18, bevel=0.08).moved(y=0.2), prop((0.25, 0.13, 0.08), 0.8)),
        Part(box(1.4, 0.04, 1.4, 0.01).moved(y=0.38), prop((0.96, 0.70, 0.12), 0.3)),
        Part(lathe([(0, 0.43), (0.92, 0.45), (0.88, 0.52), (0, 0.5)], "hex"), prop((0.35, 0.60, 0.18), 0.5)),
        Part(seeds, prop((0.95, 0.88, 0.70), 0.6)),
    ]  # fmt: skip


def pizza(draw: Draw) -> Parts:
    """A round flat cake of bread with discs on it."""
    base = lathe([(0, 0), (1.2, 0), (1.3, 0.08), (1.2, 0.16), (1.1, 0.1), (0, 0.1)], crease=90)
    cheese = plate(1.12, 0.11)
    discs = [
        cylinder(0.14, 0.03, bevel=0.01).moved(draw.uniform(-0.7, 0.7), 0.11, draw.uniform(-0.7, 0.7))
        for _ in range(12)
    ]
    yellow = mottled(draw, np.array([0.95, 0.80, 0.45]), np.array([0.80, 0.30, 0.12]), 12, 0.5)
    top = prop(draw.choice((0.65, 0.12, 0.08), (0.10, 0.10, 0.08), (0.20, 0.40, 0.12)), 0.4)
    return [Part(base, prop(CRUST * 1.2, 0.8)), Part(cheese, yellow), Part(joined(discs), top)]


def eggs(draw: Draw) -> Parts:
    """Eggs, free or in a box."""
    colour = np.array(draw.choice((0.93, 0.90, 0.85), (0.80, 0.58, 0.42)))
    egg = lathe([(0.001, 0), (0.22, 0.1), (0.3, 0.34), (0.24, 0.62), (0.1, 0.78), (0.001, 0.8)], crease=180)
    meshes = [egg.moved(0.66 * (k % 3), 0.1, 0.66 * (k // 3)) for k in range(draw.integer(1, 6))]
    parts = [Part(joined(meshes), prop(colour, 0.5))]
    return (
        [*parts, Part(box(2.2, 0.35, 1.5, 0.08).moved(0.66, 0, 0.33), prop((0.6, 0.58, 0.54), 0.9))]
        if draw.chance(0.5)
        else parts
    )


def wine(draw: Draw) -> Parts:
    """A tall bottle of wine or beer, with a filled glass or without."""
    tint = np.array(draw.choice((0.05, 0.10, 0.04), (0.20, 0.09, 0.03), (0.75, 0.78, 0.60), (0.02, 0.02, 0.02)))
    body = [
        (0, 0),
        (0.34, 0),
        (0.37, 0.04),
        (0.37, 1.5),
        (0.3, 1.75),
        (0.14, 2.05),
        (0.13, 2.7),
        (0.15, 2.72),
        (0.15, 2.8),
        (0, 2.8),
    ]
    wrap = lathe([(0.375, 0), (0.375, 0.75)]).moved(y=0.45)
    foil = lathe([(0.135, 2.3), (0.135, 2.71), (0.155, 2.72), (0.155, 2.81), (0, 2.81)])
    parts = [
        Part(lathe(body, crease=70), prop(tint, 0.05)),
        Part(wrap, labelled(draw, prop(grey(draw)))),
        Part(foil, paint(draw)),
    ]
    return parts + moved(tumbler(draw), x=1.1, z=0.2) if draw.chance(0.4) else parts


def tumbler(draw: Draw) -> Parts:
    """A glass of wine, water or juice."""
    drink = prop(
        np.array(draw.choice((0.40, 0.02, 0.06), (0.95, 0.60, 0.10), (0.90, 0.85, 0.55), (0.25, 0.12, 0.05))), 0.1
    )
    if draw.chance(0.5):
        foot = lathe(
            [(0, 0), (0.36, 0), (0.34, 0.03), (0.04, 0.08), (0.04, 0.8), (0.2, 0.9), (0.42, 1.25), (0.36, 1.75)],
            crease=90,
        )
        fluid = lathe([(0, 0.86), (0.19, 0.92), (0.4, 1.25), (0, 1.25)], crease=60)
    else:
        foot = lathe([(0, 0), (0.34, 0), (0.4, 1.2)])
        fluid = lathe([(0, 0.06), (0.32, 0.06), (0.36, 0.9), (0, 0.9)])
    return [Part(foot, glass(draw)), Part(fluid, drink)]


def sweets(draw: Draw) -> Parts:
    """Biscuits, chocolates or wrapped sweets strewn."""
    parts: Parts = []
    kind = draw.choice("biscuit", "chocolate", "sweet")
    for _ in range(draw.integer(3, 8)):
        x, z = draw.uniform(-1, 1), draw.uniform(-0.8, 0.8)
        if kind == "biscuit":
            one = Part(cylinder(0.36, 0.1, bevel=0.04), mottled(draw, BREAD, CRUST * 0.5, 10, 0.85))
        elif kind == "chocolate":
            one = Part(box(0.4, 0.22, 0.4, 0.08), prop(np.array([0.25, 0.13, 0.07]) * draw.uniform(0.6, 1.6), 0.3))
        else:
            one = Part(
                lathe([(0.2, -0.45), (0.05, -0.25), (0.2, 0), (0.05, 0.25), (0.2, 0.45)], crease=90)
                .turned("z", 90)
                .moved(y=0.2),
                paint(draw),
            )
        parts.append(one.turned("y", draw.uniform(0, 360)).moved(x, 0, z))
    return list(placed(parts))
