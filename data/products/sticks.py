"""Twist-up sticks of cream colour: blush, foundation, concealer, highlighter, shadow."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import PASTELS, Material, cosmetic, metal, package, plain, plastic
from data.mesh import Mesh, cylinder, joined, lathe
from data.product import Part, Product, laid, moved, placed
from data.products.liquids import fan
from data.products.swatches import shade, smear
from data.products.walls import enclosed, hood
from data.products.wands import beside

Parts = list[Part]
CHEEKS = ("blush", "bronzer or highlighter")


def bullet(draw: Draw, radius: float, out: float, section: str, *, chubby: bool = False) -> Mesh:
    """The cream that stands out of the case: flat, domed or cut at a slant; its foot at y = 0."""
    kind = draw.weighted({"flat": 2, "dome": 6, "slant": 0.4} if chubby else {"flat": 2, "dome": 3, "slant": 1.5})
    if kind == "dome":
        rise = np.linspace(0, np.pi / 2, 9)
        cap = min(radius * draw.uniform(0.15 if chubby else 0.25, 0.75), 0.9 * out)
        top = [(radius * np.cos(t), out - cap + cap * np.sin(t)) for t in rise[:-1]]
        profile = [(radius, -0.1), *top, (0.0, out)]
    else:
        profile = [
            (radius, -0.1), (radius, out - 0.05), (radius - 0.02, out - 0.015), (radius - 0.05, out), (0, out)
        ]  # fmt: skip
    core = lathe(profile, section, crease=60)
    if kind != "slant":
        return core
    slope = np.clip(core.vertices[:, 1] / out, 0, 1) * core.vertices[:, 2] * -draw.uniform(0.4, 0.8)
    return core.bent(np.stack([0 * slope, slope, 0 * slope], 1))


def case_material(draw: Draw, colour: np.ndarray, alike: float = 2.5) -> Material:
    """Sticks are black, white, metal, or coloured like their cream (weighed by `alike`)."""
    kind = draw.weighted({"any": 3, "black": 2.5, "alike": alike, "white": 1, "pastel": 1.5})
    if kind == "pastel":  # green, pink, lilac: brands of clean make-up
        name = draw.choice(*PASTELS)
        tone = np.clip(np.array(PASTELS[name]) + draw.rng.normal(0, 0.03, 3), 0, 0.97)
        return plastic(draw, tone, name)
    if kind == "black":
        return plastic(draw, np.full(3, draw.uniform(0.02, 0.06)), "black")
    if kind == "white":
        return plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white")
    if kind == "alike":
        pale = draw.uniform(-0.1, 0.45)
        return plastic(draw, np.clip(colour * (1 - pale) + max(pale, 0), 0, 1), "shade-coloured")
    return package(draw)


def stick(
    draw: Draw, product_type: str, *, slim: bool | None = None, graded: list[np.ndarray] | None = None
) -> Product:
    """One stick, open mostly, its cap beside; or several, fanned or in a row (`graded` gives their shades)."""
    thin = product_type == "eyeshadow" if slim is None else slim
    # Sticks for cheeks are chubby: the barrel is little taller than wide, and the tip broad.
    chubby = product_type in CHEEKS and not thin and draw.chance(0.65)
    r = draw.uniform(0.13, 0.2) if thin else draw.uniform(0.42, 0.6) if chubby else draw.uniform(0.27, 0.42)
    h = draw.uniform(1.7, 2.4) if thin else r * draw.uniform(1.7, 3.1) if chubby else draw.uniform(1.0, 1.7)
    section = draw.weighted({"round": 5, "soft": 1, "square": 0.7})
    finish = draw.weighted({"satin": 4, "matte": 2, "shimmer": 1.2, "glossy": 1})
    shades = graded or [shade(draw, product_type)]
    body = case_material(draw, shades[0], 5.5 if chubby else 2.5)
    face = printed(draw, body, vertical=draw.chance(0.75), often=0.9)
    window = not thin and draw.chance(0.22 if chubby else 0.12)
    dial = r * draw.uniform(0.15, 0.5) if not thin and draw.chance(0.35) else 0.0  # the foot that is turned
    layout = draw.weighted({"cap beside": 5, "cap off": 2.5, "closed": 0.9 if graded is None else 0, "smear": 1.2})
    out, core, ring_high = draw.uniform(0.22, 0.5), r * draw.uniform(0.8, 0.9), draw.uniform(0.06, 0.3)
    if chubby:
        out, core = r * draw.uniform(0.35, 1.1), r * draw.uniform(0.84, 0.93)
    ring = draw.choice(metal(draw), body, plain((0.93,) * 3, 0.3, "inner"), case_material(draw, shades[0]))
    high = max(h * draw.uniform(0.35, 0.75), (out + ring_high) * 1.05 if chubby else 0.0)
    lid_mesh = cylinder(r * 1.005, high, section, 0.03)
    lid = body if draw.chance(0.75) else package(draw)
    capped = Part(lid_mesh, printed(draw, lid, vertical=True, often=0.15))
    if draw.chance(0.1):
        capped = hood(r * 1.005, high, section)
    if layout == "closed":
        parts = [Part(cylinder(r, h, section, 0.03), face), Part(lid_mesh.moved(y=h + 0.012), body)]
        return Product(product_type, placed(parts), form="stick", package=body, layout=layout)
    items: list[Parts] = []
    for colour in shades:
        cream = cosmetic(draw, colour, finish)
        tube = [Part(cylinder(r, h, section, 0.03), face)]
        if window:  # a clear barrel shows the cream within
            core_in = cylinder(r * 0.86, h * 0.6, section, 0.02).moved(y=h * 0.38)
            foot = Part(cylinder(r * 1.01, h * 0.36, section, 0.02), face)
            tube = [*enclosed(draw, cylinder(r, h, section, 0.03), core_in, cream), foot]
        if dial:
            tube.append(Part(cylinder(r * 1.02, dial, section, 0.02), ring))
        collar = cylinder(r * 0.93, ring_high, section, 0.012).moved(y=h)
        tip = bullet(draw, core, out, section, chubby=chubby).moved(y=h + ring_high)
        items.append([*tube, Part(collar, ring), Part(tip, cream)])
    if len(items) > 1:
        flat = draw.chance(0.5)
        step = r * draw.uniform(2.15, 2.8)
        row = [p for k, i in enumerate(items) for p in moved(i, (k - (len(items) - 1) / 2) * step)]
        words = "several fanned out" if flat else "several in a row"
        return Product(
            product_type,
            placed(fan(items, draw) if flat else row),
            tuple(shades),
            finish,
            "stick",
            body,
            words,
            "overhead" if flat else "upright",
            len(items),
            tiltable=False,
        )
    parts, cream = items[0], items[0][-1].material
    cap = [capped]
    words = layout
    if layout == "cap beside":
        standing = draw.chance(0.65)
        parts += beside(draw, parts, cap) if standing else laid(cap, draw, draw.choice(-0.7, 0.7), r * 2 + 0.3)
    elif layout == "smear":
        stroke = smear(draw, draw.uniform(1.2, 1.8)).turned("y", draw.uniform(0, 180))
        parts.append(Part(stroke.moved(draw.uniform(-0.5, 0.5), 0, r + draw.uniform(0.5, 0.9)), cream))
        words = "with a smear beside it"
    return Product(product_type, placed(parts), (shades[0],), finish, "stick", body, words, tiltable=layout != "smear")


def double_ended(draw: Draw, product_type: str) -> Product:
    """A stick with colour at one end and a short brush or a second colour at the other, both caps off."""
    base = stick(draw, product_type)
    if not base.shades:
        return base
    radius = float(base.parts[0].mesh.high[0])
    hair = lathe([(radius * 0.5, 0), (radius * 0.8, -0.2), (radius * 0.75, -0.32), (0, -0.36)], crease=90)
    ferrule = cylinder(radius * 0.6, 0.12).moved(y=-0.1)
    tone = plain(draw.choice((0.08, 0.06, 0.05), (0.8, 0.7, 0.58)), 0.9, "bristles")
    tail = [Part(joined([hair.moved(y=-0.08)]), tone), Part(ferrule, metal(draw))]
    return Product(
        product_type, placed([*base.parts, *tail]), base.shades, base.finish, "stick", base.package, "both ends open"
    )
