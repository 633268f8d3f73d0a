"""Bullet lipsticks beside tall tinted caps, in fluted metal lying on each other, and many of one line laid out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, cosmetic, metal, package, plain
from data.mesh import cylinder, joined
from data.product import Part, Product, View, laid, moved, placed
from data.products.lip_boxes import merged
from data.products.lip_cases import LipstickCase, lipstick_case
from data.products.placing import Parts, flat_lay, middled, resting_on, spun
from data.products.swatches import shade

SETTINGS_OF_LINEUPS = {"paper": 4.0, "surface": 3.0, "sun": 2.0, "sweep": 1.5, "white": 1.5, "still": 0.7}


def lineup(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """One of this module's forms, for a stick of sRGB `colour`."""
    kind = draw.weighted({"tinted": 3.0, "stacked": 2.0, "many": 4.0})
    if kind == "tinted":
        return tinted_cap(draw, colour, finish)
    return stacked(draw, colour, finish) if kind == "stacked" else many(draw, colour, finish)


def _tinted(draw: Draw, colour: np.ndarray, core: float) -> Material:
    """See-through tinted plastic as an opaque surface: deep at its edges, pale within, with what it covers shining
    through as a column `core` wide (a share of the width)."""
    side = 128
    u = np.abs((np.arange(side) + 0.5) / side - 0.5) * 2  # the front looks at u = .5 of the section's way round
    clearness = draw.uniform(0.25, 0.6)
    pale = np.clip(colour * (1 - clearness) + clearness, 0, 0.97)
    deep = np.clip(pale * draw.uniform(0.72, 0.92), 0, 1)
    edge = np.clip((u - 0.2) / 0.25, 0, 1)[:, None] ** 2
    picture = np.broadcast_to(pale * (1 - edge) + deep * edge, (side, side, 3)).copy()
    inside = (u < 0.25 * core)[None, :, None] * (np.arange(side) > 0.12 * side)[:, None, None]
    picture += draw.uniform(0.15, 0.5) * inside * (draw.choice(colour, np.full(3, 0.97)) - picture)
    surface = plain(pale, draw.uniform(0.05, 0.2), "clear plastic", coat=1.0)
    return surface.painted((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))


def tinted_cap(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """An open bullet in metal beside its cap of tinted see-through plastic, which is nearly as tall as the whole."""
    case = lipstick_case(draw, colour, slim=0.0)
    section = draw.weighted({"square": 4, "sharp": 1.5, "round": 2.5, "soft": 1})
    tone = metal(draw, draw.weighted({"silver": 4, "rose gold": 1.5, "gold": 1, "champagne": 1}))
    tint = _tinted(draw, draw.choice(colour, colour, np.array([0.93, 0.9, 0.89])), draw.uniform(0.5, 0.9))
    base = draw.weighted({"metal": 4, "tinted": 2, "package": 1})
    outside = {"metal": tone, "tinted": tint, "package": package(draw)}[base]
    case = replace(case, section=section, outside=outside, front=printed(draw, outside, vertical=True), inner=tone)
    total = case.height + case.collar + case.reach
    tall, foot = total * draw.uniform(0.68, 0.95), draw.uniform(0.06, 0.2)
    cap = [
        Part(cylinder(case.radius, tall, section, 0.04), printed(draw, tint, vertical=True, often=0.4)),
        Part(cylinder(1.02 * case.radius, foot * tall, section, 0.015), tone),
    ]
    if draw.chance(0.5):
        cap.append(Part(cylinder(case.radius, 0.05 * tall, section, 0.015).moved(y=0.97 * tall), tone))
    gap, side = case.radius * draw.uniform(2.1, 3.0), draw.sign()
    where = "cap beside" if draw.chance(0.8) else "cap lying"
    cap = (
        laid(cap, draw, 1.3 * side * gap, 0.4) if where == "cap lying" else moved(cap, x=side * gap, z=draw.normal(0.1))
    )
    parts = [*case.base(), *case.tube(), case.stick(draw, cosmetic(draw, colour, finish)), *cap]
    words = "twisted up, cap off"
    return Product("lipstick", placed(parts), (colour,), finish, "bullet case", outside, words, tiltable=False)


def fluted(parts: Parts, radius: float, count: int, depth: float) -> Parts:
    """Round parts with `count` flutes `depth` deep (a share of `radius`) along their sides."""
    result: Parts = []
    for part in parts:
        x, _, z = part.mesh.vertices.T
        reach = np.hypot(x, z)
        groove = depth * radius * np.abs(np.sin(0.5 * count * np.arctan2(z, x)))
        share = np.where(reach > 0.85 * radius, -groove / np.maximum(reach, 1e-6), 0.0)
        result.append(replace(part, mesh=part.mesh.bent(np.stack([x * share, 0 * x, z * share], 1))))
    return result


def _metal_case(draw: Draw, colour: np.ndarray) -> LipstickCase:
    """A round or square case of gold, silver or rose gold all over, often with a black head or foot."""
    case = lipstick_case(draw, colour, slim=0.3)
    tone = metal(draw, draw.weighted({"gold": 4, "silver": 3, "rose gold": 1.5, "champagne": 0.7}))
    ends = plain(np.full(3, 0.02), 0.1, "black lacquer", coat=1.0) if draw.chance(0.35) else tone
    section = draw.weighted({"round": 4, "square": 1.6, "sharp": 0.8})
    front = printed(draw, tone, vertical=True, often=0.6)
    return replace(case, section=section, outside=tone, front=front, cap_front=front, inner=tone, trim=ends, waist=0.0)


def stacked(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A metal case lying on its cap or on a closed twin, or two side by side head to foot."""
    case = _metal_case(draw, colour)
    opened = [*case.base(), *case.tube(), case.stick(draw, cosmetic(draw, colour, finish))]
    if draw.chance(0.5):
        low = case.collar + case.reach
        rings = [
            cylinder(1.04 * case.radius, 0.05, case.section, 0.015).moved(y=0.09 * k) for k in range(draw.integer(2, 4))
        ]
        opened.append(Part(joined(rings).moved(y=0.7 * case.height), case.trim))
        other = [*case.closed(), Part(joined(rings).moved(y=0.3 * low + case.height), case.trim)]
    else:
        other = case.closed()
    twin = draw.chance(0.6)
    other = other if twin else case.cap()
    if case.section == "round" and draw.chance(0.5):
        flutes, depth = draw.integer(14, 30), draw.uniform(0.02, 0.07)
        opened, other = fluted(opened, case.radius, flutes, depth), fluted(other, case.radius, flutes, depth)
    slope = draw.uniform(-80, 80)
    lower = flat_lay([spun(other, slope)])
    pile = draw.chance(0.6)
    if pile:
        across = draw.choice(-1.0, 1.0) * draw.uniform(8, 75)
        upper = resting_on(flat_lay([spun(opened, slope + across, draw.normal(0.1), draw.normal(0.1))]), lower)
    else:
        apart = case.radius * draw.uniform(2.1, 2.7)
        along = np.radians(slope)
        turn = slope + draw.choice(0.0, 180.0) + draw.normal(5)
        shift = draw.normal(0.4)
        x, y = apart * np.cos(along) - shift * np.sin(along), apart * np.sin(along) + shift * np.cos(along)
        upper = flat_lay([spun(opened, turn, float(x), float(y))])
    words = "lying on a closed one" if pile and twin else "lying on its cap" if pile else "lying, cap beside"
    if twin and not pile:
        words = "lying beside a closed one"
    view: View = "flat" if draw.chance(0.6) else "overhead"
    return Product(
        "lipstick", middled([*lower, *upper]), (colour,), finish, "bullet case", case.outside, words, view,
        2 if twin else 1, False, setting=draw.weighted(SETTINGS_OF_LINEUPS),
    )  # fmt: skip


def many(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """3 to 9 equal open bullets in different shades, lying in a slanting row or a grid or standing staggered."""
    case = lipstick_case(draw, colour) if draw.chance(0.6) else _metal_case(draw, colour)
    count = draw.weighted({3: 2, 4: 2, 5: 2.5, 6: 2, 7: 1, 8: 1, 9: 1})
    shades = [colour, *(shade(draw, "lipstick") for _ in range(count - 1))]
    if draw.chance(0.4):
        shades.sort(key=lambda c: float(c.sum()))
    model = case.stick(draw, cosmetic(draw, colour, finish), fine=False)  # a line has one mould
    lying = draw.chance(0.6)
    columns = count if count <= 5 and draw.chance(0.7) else -(-count // (3 if count == 9 else 2))
    total = case.height + case.collar + case.reach
    gap = case.radius * draw.uniform(2.1, 3.6)
    step, slope = draw.normal(0.12) * total, draw.uniform(-40, 40)
    rows = total * draw.uniform(1.06, 1.3) if lying else case.radius * draw.uniform(2.6, 4.5)
    jitter = draw.choice(0.0, 0.0, 4.0)
    packages: Parts = []
    sticks: Parts = []
    for k, tone in enumerate(shades):
        one = [*case.base(), *case.tube(), replace(model, material=cosmetic(draw, tone, finish))]
        x, y = (k % columns - (columns - 1) / 2) * gap, -(k // columns) * rows + (k % columns) * step
        if lying:
            one = flat_lay([spun(one, slope + draw.normal(jitter), x, y)])
        else:
            one = moved(one, x=x + (k // columns) * 0.5 * gap, z=y)
        packages += [p for p in one if p.material is not one[-1].material]
        sticks.append(one[-1])
    words = f"in {'a row' if columns == count else 'rows'}, {'lying' if lying else 'twisted up'}"
    view: View = "overhead" if lying else draw.choice("upright", "flat")
    return Product(
        "lipstick", middled([*merged(packages), *sticks]), tuple(shades), finish, "bullet case", case.outside,
        words, view, count, False, setting=draw.weighted(SETTINGS_OF_LINEUPS),
    )  # fmt: skip
