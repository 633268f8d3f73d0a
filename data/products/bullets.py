"""Bullet lipsticks: the moulded stick in its case, open, closed and in rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.draw import Draw
from data.material import cosmetic, package, plain
from data.product import Part, Product, laid, moved, placed, turned
from data.products.lip_boxes import merged, tray
from data.products.lip_cases import LipstickCase, embossed, lipstick_case
from data.products.swatches import shade, smear
from data.products.vessels import carton

LAYOUTS = {
    "cap beside": 3.4, "no cap": 3.6, "cap lying": 1.3, "closed": 2.3, "macro": 0.9, "row": 0.9, "carton": 0.8,
    "smear": 0.8, "flat lay": 0.8,
}  # fmt: skip


def bullet(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A bullet lipstick in one of the layouts of shops and bloggers."""
    layout = draw.weighted(LAYOUTS)
    if layout == "row":
        return _row(draw, colour, finish)
    case = lipstick_case(draw, colour, slim=0.5 if layout == "closed" else 0.2)
    material = cosmetic(draw, colour, finish)
    if draw.chance(0.8 if layout == "macro" else 0.2):
        material = embossed(draw, material, case.stick_radius, case.reach)
    if layout == "macro":
        case = replace(case, collar=min(case.collar, 0.35))
        bare = draw.chance(0.4)  # the tip fills the picture, and its case lies outside
        if bare:
            case = replace(case, reach=case.stick_radius * draw.uniform(2.2, 3.4))
        stick = case.stick(draw, material)
        parts = moved([stick] if bare else [*case.tube(), stick], y=-case.height)
        if draw.chance(0.2 if bare else 0.6):
            parts = list(placed(turned(parts, "z", draw.uniform(-48, 48))))
        tube = None if bare else case.inner
        return Product("lipstick", placed(parts), (colour,), finish, "", tube, "bullet close-up", tiltable=False)
    if layout == "closed":
        parts = case.closed()
        if draw.chance(0.12):
            box_ = _carton(draw, case, colour).turned("y", draw.uniform(-25, 25))
            parts.append(box_.moved(draw.sign() * case.radius * draw.uniform(2.5, 3.2), 0, -0.1))
            words = "closed, carton beside"
            return Product("lipstick", placed(parts), (), None, "bullet case", case.outside, words, tiltable=False)
        return Product("lipstick", placed(parts), (), None, "bullet case", case.outside, "closed")
    open_ = [*case.base(), *case.tube(), case.stick(draw, material)]
    total = case.height + case.collar + case.reach
    gap = case.radius * (2 + draw.uniform(0.15, 0.9))
    words = "twisted up, cap off"
    tiltable = False
    view = "upright"
    if layout == "cap beside":
        cap = case.cap()
        if draw.chance(0.3):  # as tall as in a shop's picture of the closed case
            cap = case.closed()
            words = "twisted up, beside a closed one"
        open_ += moved(turned(cap, "y", draw.normal(6)), x=draw.sign() * gap, z=draw.uniform(-0.1, 0.25))
    elif layout == "cap lying":
        open_ += laid(case.cap(), draw, draw.sign() * gap * draw.uniform(1.1, 1.5), draw.uniform(0.1, 0.8))
    elif layout == "carton":
        folded = _carton(draw, case, colour)
        open_.append(folded.turned("y", draw.uniform(-25, 25)).moved(-gap * 1.15 * draw.sign(), 0, -0.1))
        words = "twisted up, carton beside"
    elif layout in ("smear", "flat lay"):
        open_ = _flat(draw, open_)
        view = "overhead"
        words = "lying, twisted up"
        if layout == "smear":
            mark = smear(draw, total * draw.uniform(0.75, 1.1)).turned("y", draw.uniform(0, 360))
            aside = draw.sign() * case.radius * draw.uniform(0.6, 2.2)
            open_.append(Part(mark.moved(x=aside, z=-total * draw.uniform(0.05, 0.35)), cosmetic(draw, colour, finish)))
            words = "lying, with a smear"
        else:
            cap = _flat(draw, case.cap())
            open_ += moved(cap, x=draw.sign() * gap * draw.uniform(1.3, 1.7), z=draw.uniform(-0.4, 0.9))
            words = "lying, cap beside"
    else:
        tiltable = True
        words = "twisted up"
    return Product(
        "lipstick", placed(open_), (colour,), finish, "bullet case", case.outside, words,
        "overhead" if view == "overhead" else "upright", tiltable=tiltable,
    )  # fmt: skip


def _carton(draw: Draw, case: LipstickCase, colour: np.ndarray) -> Part:
    """The folding box that a case is sold in."""
    surface = draw.choice(case.outside, package(draw), plain(colour, 0.5, "shade-coloured card"))
    tall = (case.height + case.collar + case.reach) * draw.uniform(0.98, 1.12)
    return carton(draw, surface, case.radius * 2.25, tall, case.radius * 2.25)


def _flat(draw: Draw, parts: list[Part]) -> list[Part]:
    """Laid on its back, its front up and its tip away from the viewer, about the origin."""
    down = placed(turned(turned(parts, "x", -90), "y", draw.uniform(-50, 50)))
    middle = sum(p.mesh.low + p.mesh.high for p in down) / (2 * len(down))
    return moved(down, -middle[0], 0, -middle[2])


def _row(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """2 to 12 open lipsticks of one line: a row in graded shades, or two rows, seen from the front or lying."""
    case = lipstick_case(draw, colour)
    count = draw.weighted({2: 3, 3: 2.5, 4: 1.5, 5: 1.2, 6: 1.2, 7: 0.6, 8: 0.6, 10: 0.5, 12: 0.5})
    shades = [colour, *(shade(draw, "lipstick") for _ in range(count - 1))]
    if draw.chance(0.6):
        shades.sort(key=lambda c: float(c.sum()))
    rows = 2 if count >= 6 and draw.chance(0.6) else 1
    across = -(-count // rows)
    gap = case.radius * 2 * draw.uniform(1.08, 1.7)
    model = case.stick(draw, cosmetic(draw, colour, finish), fine=count < 4)  # a line has one mould
    packages: list[Part] = []
    sticks: list[Part] = []
    if draw.chance(0.3):
        return _one_open(draw, case, model, colour, finish, min(count, 6), gap)
    for k, tone in enumerate(shades):
        x = (k % across - (across - 1) / 2) * gap
        z = -(k // across) * case.radius * 3.2
        place = {"x": x + (gap / 2 if k >= across else 0.0), "y": 0.0, "z": z}
        packages += moved([*case.base(), *case.tube()], **place)
        sticks.append(replace(model, material=cosmetic(draw, tone, finish)).moved(**place))
    parts = [*merged(packages), *sticks]
    lying = rows == 1 and draw.chance(0.3)
    words = "in a row, twisted up"
    if lying:
        parts = list(placed(turned(parts, "x", -90)))
        words = "in a row, lying"
        if draw.chance(0.35):
            parts.append(tray(draw, parts, case.radius))
            words = "in a row, in a box"
    return Product(
        "lipstick", placed(parts), tuple(shades), finish, "bullet case", case.outside,
        words, "overhead" if lying else "upright", count, False,
    )  # fmt: skip


def _one_open(
    draw: Draw, case: LipstickCase, stick: Part, colour: np.ndarray, finish: str, count: int, gap: float
) -> Product:
    """Closed cases of one line about an open one, upright or lying about it."""
    opened = draw.integer(0, count - 1)
    lying = draw.chance(0.4)
    packages: list[Part] = []
    sticks: list[Part] = []
    for k in range(count):
        x = (k - opened) * gap * (1.0 if not lying else 1.5)
        if k == opened:
            packages += [*case.base(), *case.tube()]
            sticks.append(stick)
        elif lying:
            down = placed(turned(turned(case.closed(), "z", 90), "y", draw.uniform(-70, 70)))
            middle = sum(p.mesh.low + p.mesh.high for p in down) / (2 * len(down))
            away = case.radius * draw.uniform(3.0, 6.0) * draw.choice(1.0, -1.0, -1.0)
            packages += moved(down, x - middle[0], 0, away - middle[2])
        else:
            packages += moved(case.closed(), x=x)
    words = "one open, others lying closed" if lying else "in a row, one open"
    return Product(
        "lipstick", placed([*merged(packages), *sticks]), (colour,), finish,
        "bullet case", case.outside, words, "flat" if lying else "upright", count, False,
    )  # fmt: skip
