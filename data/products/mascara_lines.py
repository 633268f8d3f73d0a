"""Mascaras as bestsellers look: shining tubes in tall print, caps with balls and bands, brushes shown large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from data.draw import Draw
from data.label import picture, printed
from data.material import Material, cosmetic, metal, package, plain, plastic
from data.mesh import Mesh, box, cylinder
from data.product import Part, Product, View, moved, placed, turned
from data.products.mascaras import METALLIC, Line, line_of, standing_open, tube_surface
from data.products.placing import Parts, flat_lay, middled, resting_on, spun
from data.products.shapes import ball, grey, hue, ring
from data.products.spoolies import spoolie
from data.products.swatches import finish, shade
from data.products.wands import beside

STRETCH = 2  # how much wider than on other slim packages the print stands round the tube


@dataclass(frozen=True)
class Styled(Line):
    """A line whose cap has a `style` and whose barrel has a rim of metal at its `mouth`, if above 0."""

    style: str = "plain"
    mouth: float = 0.0

    def barrel(self, outside: Material) -> Parts:
        parts = super().barrel(outside)
        if self.mouth:
            band = cylinder(self.radius * 1.02, self.mouth, self.section, 0.012, self.depth)
            parts.append(Part(band.moved(y=self.body - self.mouth - 0.02), self.trim))
        return parts

    def lid(self, cap: Material) -> Parts:
        r = self.radius
        if self.style == "ball":  # two short drums with a ball of metal between them
            low, size = 0.36 * self.cap, min(0.98 * r, 0.2 * self.cap)
            top = self.cap - low - 1.7 * size
            return [
                Part(cylinder(r, low, bevel=0.03), cap), Part(ball(size).moved(y=low - 0.15 * size), self.trim),
                Part(cylinder(r, top, bevel=0.03).moved(y=low + 1.7 * size), cap),
            ]  # fmt: skip
        parts = super().lid(cap)
        if self.style == "bead":
            parts.append(Part(ball(0.8 * r).moved(y=self.cap - 0.3 * r), self.trim))
        elif self.style == "banded":
            for at in (0.12, 0.88):
                band = cylinder(r * 1.03, 0.05, self.section, 0.012, self.depth)
                parts.append(Part(band.moved(y=at * self.cap), self.trim))
        elif self.style == "disc":  # an inlay on the end of the cap
            parts.append(Part(cylinder(0.72 * r, 0.025, bevel=0.008, depth=self.depth).moved(y=self.cap), self.trim))
        return parts


def styled_line(draw: Draw) -> Styled:
    """A line's design, its trim of metal more often than not."""
    line = line_of(draw)
    style = draw.weighted({"plain": 4, "ball": 1.6, "bead": 0.7, "banded": 1.5, "disc": 1.2})
    trim = metal(draw, draw.weighted({"rose gold": 3, "gold": 1.5, "silver": 3, "gunmetal": 0.5}))
    plain_line = style in ("ball", "bead")
    return Styled(
        line.radius, line.body, line.cap, "straight" if plain_line else line.shape,
        "straight" if plain_line else line.cap_shape, line.ribs, "round" if plain_line else line.section,
        1.0 if plain_line else line.depth, trim, line.ring, style,
        draw.choice(0.0, 0.0, draw.uniform(0.04, 0.2)),
    )  # fmt: skip


def shining(draw: Draw) -> Material:
    """A tube's outside: metallised pink, rose gold, white, black, lilac and powder pink lacquer."""
    kind = draw.weighted({"pink metal": 3.5, "rose gold": 2, "white": 2, "black": 2, "pale": 1.5, "any": 1})
    if kind == "pink metal":
        colour = np.clip(np.array(draw.choice(*METALLIC)) + draw.rng.normal(0, 0.02, 3), 0, 1)
        return plain(colour, draw.uniform(0.1, 0.35), "pink metal", metallic=0.9)
    if kind == "pale":
        tone = np.array(draw.choice((0.88, 0.86, 0.95), (0.95, 0.8, 0.8), (0.96, 0.88, 0.84), (0.86, 0.7, 0.66)))
        return plastic(draw, np.clip(tone + draw.rng.normal(0, 0.015, 3), 0, 1), "pastel")
    if kind in ("white", "black"):
        level = draw.uniform(0.88, 0.97) if kind == "white" else draw.uniform(0.012, 0.05)
        return plastic(draw, np.full(3, level), kind)
    return metal(draw, "rose gold") if kind == "rose gold" else tube_surface(draw)


def lettered(draw: Draw, surface: Material) -> Material:
    """The surface with tall narrow letters over most of the tube's front; or rings of a second colour round it."""
    label = picture(draw, surface.colour, vertical=True, lines=draw.choice(1, 2, 2, 3))
    side = label.shape[0]
    front = slice(side // 2 - side // (6 * STRETCH), side // 2 + side // (6 * STRETCH))
    if draw.chance(0.7):
        image = Image.fromarray(np.ascontiguousarray(label[:, front]))
        wide = np.asarray(image.resize((STRETCH * image.width, side), Image.Resampling.LANCZOS))
        label = label.copy()
        start = side // 2 - wide.shape[1] // 2
        label[:, start : start + wide.shape[1]] = wide
    if draw.chance(0.15):
        rows = np.arange(side) / side
        lines = (np.floor(rows * draw.integer(10, 26)) % 2 == 0) & (rows > 0.08) & (rows < draw.uniform(0.5, 0.95))
        tone = (255 * (hue(draw, (0.1, 0.6), (0.2, 0.7)) if draw.chance(0.5) else metal(draw).colour)).astype(np.uint8)
        blank = (np.abs(label.astype(int) - label[0, 0].astype(int)).max(2) < 12) & lines[:, None]
        label = np.where(blank[..., None], tone, label)
    return surface.painted(np.ascontiguousarray(label))


def brush(draw: Draw, line: Line) -> Mesh:
    """A thick head, or a slim bent one."""
    slim = draw.chance(0.3)
    long = line.body * draw.uniform(0.4, 0.55)
    head = spoolie(draw, long, line.radius * (draw.uniform(0.3, 0.42) if slim else draw.uniform(0.6, 0.92)))
    if slim:
        along = np.clip(-head.vertices[:, 1] / long, 0, 1)
        head = head.bent(np.stack([draw.uniform(0.08, 0.2) * long * along**2, 0 * along, 0 * along], 1))
    return head


def coloured_bristles(draw: Draw) -> Material:
    """Bristles of pink, red, lilac or blue plastic, as new brushes are shown: package, no product."""
    tone = draw.choice((0.85, 0.1, 0.5), (0.9, 0.45, 0.62), (0.75, 0.1, 0.15), (0.5, 0.3, 0.75), (0.3, 0.45, 0.8),
                       (0.8, 0.66, 0.3), (0.55, 0.57, 0.6))  # fmt: skip
    return plain(np.clip(np.array(tone) + draw.rng.normal(0, 0.03, 3), 0, 1), 0.45, "coloured bristles")


def inset(draw: Draw, head: Material) -> Parts:
    """The brush enlarged, upright in a thin circle, as shops put it beside the packshot."""
    size = draw.uniform(0.95, 1.25)
    large = spoolie(draw, 1.45 * size, draw.uniform(0.24, 0.4) * size).moved(y=0.75 * size)
    stub = cylinder(0.09 * size, 0.3 * size, bevel=0.01).moved(y=0.72 * size)
    pieces = [Part(large, head), Part(stub, plain((0.03,) * 3, 0.3, "black stem"))]
    pieces = turned(pieces, "z", draw.choice(0.0, 180.0) + draw.normal(18))
    if draw.chance(0.8):
        line = plain(grey(draw, 0.6, 0.85) if draw.chance(0.6) else hue(draw, (0.2, 0.7), (0.4, 0.7)), 0.6, "circle")
        pieces.append(Part(ring(1.12 * size, 0.012 * size), line))
    return list(placed(pieces))


def boxed(draw: Draw, line: Line, outside: Material) -> Part:
    """The slim carton of the tube, in its colour, in metal foil, white or any."""
    side, height = line.radius * draw.uniform(2.2, 2.7), (line.body + line.cap) * draw.uniform(1.0, 1.06)
    kind = draw.weighted({"same": 4, "metal": 2, "any": 1.5})
    ground = plain(outside.colour, 0.4, "carton", metallic=0.6 * outside.metallic)
    ground = ground if kind == "same" else metal(draw) if kind == "metal" else package(draw)
    return Part(box(side, height, side, 0.01).turned("y", draw.uniform(-30, 30)), lettered(draw, ground))


def bestseller(draw: Draw) -> Product:
    """One of these mascaras with its brush beside it, a line of several, with its carton, or held in a hand."""
    layout = draw.weighted(
        {"wand out": 3.4, "inset": 1.2, "pairs": 1.5, "carton": 1.2, "lying before": 1.3, "crossed": 0.9, "held": 1.2}
    )
    colour, main = shade(draw, "mascara"), finish(draw, "mascara")
    line, outside = styled_line(draw), shining(draw)
    cap = outside if draw.chance(0.75) else shining(draw)
    body, top = lettered(draw, outside), printed(draw, cap, vertical=True, often=0.2)
    clean = draw.chance(0.22)
    head = coloured_bristles(draw) if clean else cosmetic(draw, colour, main)
    wand = line.wand(draw, top, head, brush(draw, line))
    count, setting, tiltable, shown = 1, "", False, not clean
    view: View = "upright"
    said = "wand out"
    if layout == "held":
        tiltable, setting = True, "wall"
        if draw.chance(0.45):
            parts = turned(wand, "z", 180)
        else:
            parts, said, shown = line.closed(body, top), "closed", False
    elif layout == "pairs":
        parts, count = _pairs(draw, line, body, top, head), 2
    elif layout == "crossed":
        turn = draw.sign() * draw.uniform(15, 45)
        lower = flat_lay([spun([*line.barrel(body), *line.neck()], turn)])
        parts, view = lower + resting_on(flat_lay([spun(wand, -turn + draw.choice(0.0, 180.0))]), lower), "overhead"
    else:
        parts, _ = standing_open(draw, line, line.barrel(body), top, head, brush(draw, line))
        if layout == "inset":
            parts += beside(draw, parts, inset(draw, head), draw.uniform(0.2, 0.5))
            setting = draw.weighted({"white": 5.0, "gradient": 1.0, "pastel": 1.0})
        elif layout == "carton":
            parts += beside(draw, parts, [boxed(draw, line, outside)], draw.uniform(0.1, 0.4))
            said = "wand out, with its carton"
        elif layout == "lying before":
            down = turned(placed(turned(line.closed(body, top), "z", 90)), "y", draw.uniform(-35, 35))
            parts += moved(down, x=0.5 * (line.body + line.cap), z=4 * line.radius + 0.6)
            count = 2
    return Product(
        "mascara", middled(parts), (colour,) if shown else (), main if shown else None, "tube", outside, said,
        view, count, tiltable, setting=setting,
    )  # fmt: skip


def _pairs(draw: Draw, line: Line, body: Material, top: Material, head: Material) -> Parts:
    """Two tubes of one line in two colours, each with its wand beside it, brush up."""
    other = shining(draw)
    parts: Parts = []
    x, gap = 0.0, draw.uniform(0.12, 0.4)
    for face, lid in ((body, top), (lettered(draw, other), other)):
        wand = turned(line.wand(draw, lid, head, brush(draw, line)), "z", 180)
        for item in (wand, [*line.barrel(face), *line.neck()]):
            parts += moved(placed(item), x=x, z=draw.normal(0.05))
            x += 2 * line.radius + gap
    return parts
