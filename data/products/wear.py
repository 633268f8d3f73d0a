"""Things people wear or carry: shoes, bags, hats, folded clothes, glasses, jewellery."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import prop
from data.mesh import Mesh, box, cylinder, joined, lathe, plate, sheet
from data.product import Part, moved, placed, turned
from data.products.paints import Parts, cloth, leather, paint, polished
from data.products.shapes import ball, bead, grey, hue, ring, rod


def glasses(draw: Draw) -> Parts:
    """Dark glasses with round rims."""
    rims = [ring(0.42, 0.05).moved(x=s * 0.52, y=0.45) for s in (-1, 1)]
    arms = [rod([(s * 0.95, 0.55, 0), (s * 1.0, 0.55, -0.9), (s * 0.98, 0.35, -1.3)], 0.04) for s in (-1, 1)]
    lens = [plate(0.4, 0).turned("x", 90).moved(x=s * 0.52, y=0.45) for s in (-1, 1)]
    return [
        Part(joined([*rims, *arms, ring(0.1, 0.04, 0, 180).moved(y=0.5)]), paint(draw)),
        Part(joined(lens), prop(grey(draw, 0.03, 0.2), 0.05)),
    ]


def jewellery(draw: Draw) -> Parts:
    """Finger rings with a stone, or ear hoops."""
    gold = polished(draw)
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


def necklace(draw: Draw) -> Parts:
    """A chain or a string of pearls lying in a loop, or a pair of earrings."""
    a = np.linspace(0, 2 * np.pi, 46)[:-1]
    x, z = 0.9 * np.cos(a) * (1 + 0.1 * np.cos(2 * a)), 1.1 * np.sin(a)
    if draw.chance(0.4):
        pearl = prop((0.93, 0.90, 0.86), 0.15)
        return [Part(joined([bead(0.075).moved(float(i), 0, float(j)) for i, j in zip(x, z, strict=True)]), pearl)]
    gold = polished(draw)
    links = [
        _link(0.065, 0.016).turned("x", 90 if k % 2 else 30).turned("y", -np.degrees(t)).moved(float(i), 0.06, float(j))
        for k, (t, i, j) in enumerate(zip(a, x, z, strict=True))
    ]
    gem = lathe([(0, 0), (0.2, 0.16), (0.14, 0.24), (0, 0.24)], draw.choice("hex", "round"), crease=10).moved(z=1.3)
    return list(placed([Part(joined(links), gold), Part(gem, prop(hue(draw, (0.5, 1), (0.3, 0.7)), 0.05))]))


def _link(radius: float, thickness: float) -> Mesh:
    """A chain's link in the x-y plane, of few triangles."""
    a = np.linspace(0, 2 * np.pi, 13)
    return rod(np.stack([radius * np.cos(a), radius * np.sin(a), 0 * a], 1), thickness, 6)


def shoe(draw: Draw) -> Parts:
    """One shoe or a pair: trainers, pumps or boots."""
    kind = draw.choice("trainer", "pump", "boot")
    n = 40
    s = np.linspace(0, 1, n)  # heel to toe
    width = np.interp(s, [0, 0.1, 0.3, 0.55, 0.75, 0.92, 1], [0.02, 0.24, 0.27, 0.28, 0.36, 0.25, 0.02])
    top = {
        "trainer": np.interp(s, [0, 0.08, 0.35, 0.6, 0.85, 1], [0.85, 0.9, 0.8, 0.55, 0.36, 0.15]),
        "pump": np.interp(s, [0, 0.08, 0.3, 0.6, 0.85, 1], [1.25, 1.25, 0.95, 0.42, 0.3, 0.1]),
        "boot": np.interp(s, [0, 0.05, 0.38, 0.5, 0.85, 1], [1.9, 1.95, 1.9, 0.8, 0.42, 0.15]),
    }[kind]
    floor = np.interp(s, [0, 0.25, 0.6, 1], [0.85, 0.75, 0.04, 0.02]) if kind == "pump" else 0 * s
    if kind == "pump":
        width = width * 0.85
    a = np.linspace(0, 2 * np.pi, 25)
    c, d = np.sign(np.cos(a)) * np.abs(np.cos(a)) ** 0.7, np.sign(np.sin(a)) * np.abs(np.sin(a)) ** 0.7
    mid, half = (top + floor) / 2, (top - floor) / 2
    grid = np.stack(
        np.broadcast_arrays(
            (s * 2.4 - 1.2)[:, None],
            mid[:, None] + half[:, None] * d[None],
            width[:, None] * c[None] * (1 - 0.25 * (d[None] > 0) * d[None]),
        ),
        2,
    )
    upper = Part(sheet(grid), leather(draw) if draw.chance(0.6) else paint(draw))
    sole_y = floor[:, None] + np.array([-0.02, 0.12, 0.12])[None]
    edge = np.array([1.06, 1.06, 0.0])[None] * width[:, None]
    parts: Parts = [upper]
    pale = prop(grey(draw) if draw.chance(0.6) else grey(draw, 0.03, 0.2))
    for side in (-1, 1):
        rim = np.stack(np.broadcast_arrays((s * 2.44 - 1.22)[:, None], sole_y, side * edge), 2)
        parts.append(Part(sheet(rim), pale))
    if kind == "pump":
        parts.append(Part(lathe([(0.05, 0), (0.06, 0.3), (0.16, 0.9)]).moved(x=-1.0), upper.material))
    elif kind == "trainer":
        laces = [
            box(0.06, 0.03, 0.34, 0.01).turned("z", -25).moved(x=0.05 + 0.14 * k, y=0.82 - 0.075 * k) for k in range(5)
        ]
        parts.append(Part(joined(laces), prop(grey(draw))))
    second = moved(turned(parts, "y", draw.normal(12)), z=0.85, x=draw.normal(0.15)) if draw.chance(0.6) else []
    return turned(list(placed([*parts, *second])), "y", draw.uniform(-50, 50))


def bag(draw: Draw) -> Parts:
    """A hand bag with a flap or handles, a tote, or a paper carrier bag."""
    kind = draw.choice("flap", "tote", "paper")
    hide = leather(draw) if kind != "paper" else paint(draw)
    w, h, d = draw.uniform(1.4, 2.0), draw.uniform(1.0, 1.6), draw.uniform(0.4, 0.7)
    body = box(w, h, d, 0.02 if kind == "paper" else 0.12)
    gold = polished(draw)
    parts = [Part(body, hide)]
    if kind == "flap":
        flap = box(w * 0.98, h * 0.55, 0.06, 0.025).moved(y=h * 0.42, z=d / 2 + 0.01)
        parts += [Part(flap, hide), Part(box(0.2, 0.16, 0.08, 0.02).moved(y=h * 0.45, z=d / 2 + 0.05), gold)]
        arc = ring(w * 0.42, 0.025, 0, 180)
        parts.append(
            Part(
                Mesh(arc.vertices * [1, 1.3, 1], arc.faces, arc.normals, arc.uv).moved(y=h),
                gold if draw.chance(0.5) else hide,
            )
        )
    else:
        grips = [ring(w * 0.22, 0.03, 0, 180).moved(y=h - 0.02, z=s * d * 0.4) for s in (-1, 1)]
        parts.append(Part(joined(grips), hide))
    return turned(parts, "y", draw.uniform(-35, 35))


def hat(draw: Draw) -> Parts:
    """A brimmed hat with a band, a cap with a peak, or a knitted one."""
    surface = cloth(draw)
    kind = draw.choice("brim", "cap", "knit")
    if kind == "brim":
        crown = lathe([(1.4, 0.02), (0.75, 0.06), (0.7, 0.1), (0.62, 0.6), (0.5, 0.75), (0, 0.7)], depth=1.1, crease=60)
        return [Part(crown, surface), Part(lathe([(0.72, 0.1), (0.69, 0.26)], depth=1.1), paint(draw))]
    if kind == "cap":
        crown = lathe([(0.75, 0), (0.76, 0.3), (0.55, 0.62), (0, 0.72)], crease=180)
        peak = lathe([(0.8, 0), (0.82, 0.03), (0, 0.05)], width=0.9, depth=0.9).moved(z=0.6)
        return turned([Part(crown, surface), Part(peak, paint(draw))], "y", draw.uniform(-60, 60))
    knit = lathe([(0.72, 0), (0.75, 0.3), (0.7, 0.32), (0.68, 0.6), (0.4, 0.95), (0, 1.02)], crease=120)
    return [Part(knit, surface), Part(ball(0.22).moved(y=0.95), prop(grey(draw, 0.5, 0.95), 0.95))]


def folded_clothes(draw: Draw) -> Parts:
    """A pile of folded shirts and jeans, or one shirt with a collar seen from above."""
    if draw.chance(0.5):
        parts: Parts = []
        y = 0.0
        for _ in range(draw.integer(2, 6)):
            t = draw.uniform(0.12, 0.24)
            layer = (
                box(draw.uniform(1.5, 1.7), t, draw.uniform(1.1, 1.25), 0.055).turned("y", draw.normal(3)).moved(y=y)
            )
            parts.append(Part(layer, cloth(draw)))
            y += t
        return parts
    surface = cloth(draw)
    outline = [(-0.75, 1.1), (-0.75, -0.5), (-1.25, -0.1), (-1.5, -0.5), (-0.8, -1.1), (-0.3, -1.2), (0.3, -1.2),
               (0.8, -1.1),
               (1.5, -0.5), (1.25, -0.1), (0.75, -0.5), (0.75, 1.1)]  # fmt: skip
    dense = np.concatenate(
        [np.linspace(p, q, 12)[:-1] for p, q in zip(outline, [*outline[1:], outline[0]], strict=True)]
    )
    shares = np.array([0.001, 0.5, 0.93, 1.0])
    heights = np.array([0.05, 0.05, 0.045, 0.0])
    grid = np.stack(
        [
            shares[:, None] * dense[None, :, 0],
            heights[:, None] + 0 * dense[None, :, 0],
            shares[:, None] * dense[None, :, 1],
        ],
        2,
    )
    shirt = sheet(np.concatenate([grid, grid[:, :1]], 1)).planar(3.0, 3.0)
    return [Part(shirt, surface), Part(ring(0.3, 0.05).turned("x", 90).moved(y=0.05, z=-1.1), surface)]


def umbrella(draw: Draw) -> Parts:
    """An open umbrella."""
    dome = lathe([(1.4, 1.6), (1.2, 1.85), (0.7, 2.12), (0.001, 2.25)], "hex", crease=180)
    stick = joined([cylinder(0.035, 2.4), ring(0.16, 0.04, 180, 360).moved(x=0.16)])
    return list(placed(turned([Part(dome, paint(draw)), Part(stick, polished(draw))], "z", draw.uniform(-35, 35))))
