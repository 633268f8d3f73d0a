"""Tubes of liquid lip colour: thick-walled vials with a wand in their cap, alone, open, in rows and boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from data.draw import Draw
from data.label import printed
from data.material import Material, clear, cosmetic, flat, metal, package, plain, plastic
from data.mesh import Mesh, Point, capsule_profile, cut, cylinder, joined, lathe
from data.product import Part, Product, View, laid, moved, placed, turned
from data.products.lip_boxes import merged, tray
from data.products.swatches import shade, smear
from data.products.vessels import carton
from data.products.wands import Tip, stem_parts

TEXTURE = 384
LAYOUTS = {
    "closed": 3.1, "wand up": 4.0, "wand down": 0.6, "leaning": 0.7, "lying": 0.5, "flat lay": 0.7, "row": 0.7,
    "smear": 0.7, "carton": 0.4,
}  # fmt: skip
VialMaker = Callable[[Draw, np.ndarray, Tip, Mapping[str, float]], "LipTube"]
WALLS = {"clear": 7.0, "frosted": 1.3, "opaque": 0.7}


def labelled(draw: Draw, fill: Material, *, stem: bool = False, often: float = 0.75) -> Material:
    """A fluid with its tube's print over it; the fluid's own grain stays.

    `stem`: light goes through it, so that the wand's stem shows within, bubbles do, and its thin sides are paler.
    """
    ground = np.array(Image.fromarray(fill.texture).resize((TEXTURE, TEXTURE), Image.Resampling.NEAREST))
    texture = ground.astype(float)
    if stem:
        u = np.abs((np.arange(TEXTURE) + 0.5) / TEXTURE - 0.5)
        v = 1 - (np.arange(TEXTURE) + 0.5) / TEXTURE
        foot = draw.uniform(0.06, 0.14)
        wide = np.where(v < foot, 0, np.where(v < foot + 0.16, 0.05, 0.028))
        inside = gaussian_filter((u[None] < wide[:, None]).astype(float), 3)[..., None]
        tone = draw.choice(0.0, 1.0) * 255
        texture += draw.uniform(0.12, 0.4) * inside * (tone - texture)
        thin = np.clip(u / 0.25, 0, 1)[None, :, None] ** 3 * draw.uniform(0.15, 0.4)
        texture += thin * (245 - texture)
        texture = _bubbly(draw, texture)
    bare = fill.painted(flat(fill.colour))
    label = printed(draw, bare, vertical=draw.chance(0.7), often=often).texture
    if label.shape[0] > 2:
        print_ = np.array(Image.fromarray(label).resize((TEXTURE, TEXTURE), Image.Resampling.BILINEAR)).astype(float)
        weight = np.clip(np.abs(print_ - fill.colour * 255).max(2, keepdims=True) / 60, 0, 1)
        weight *= weight.min(1, keepdims=True) < 0.2  # no bands right across: they would hide the fluid
        texture = texture * (1 - weight) + print_ * weight
    return fill.painted((np.clip(texture, 0, 255) + 0.5).astype(np.uint8))


def _bubbly(draw: Draw, texture: np.ndarray) -> np.ndarray:
    """The texture (TEXTURE, TEXTURE, 3) with the few bubbles that a thick fluid keeps: pale, with a bright edge."""
    y, x = np.mgrid[0:TEXTURE, 0:TEXTURE]
    for _ in range(draw.choice(0, 0, 4, draw.integer(6, 16))):
        radius = draw.uniform(1.5, 6.0)
        away = np.hypot(x - draw.uniform(0, TEXTURE), (y - draw.uniform(0, TEXTURE)) * 0.7) / radius
        light = 0.2 * (away < 0.8) + 0.45 * np.exp(-(((away - 0.9) / 0.2) ** 2))
        texture = texture + light[..., None] * (255 - texture)
    return texture


def faded(surface: Material, colour: np.ndarray) -> Material:
    """A surface that turns into sRGB `colour` (3,) towards its foot, like a tube sprayed dark at the top."""
    share = np.linspace(0, 1, 64)[:, None, None] ** 0.8
    mix = surface.colour * (1 - share) + colour * share
    return surface.painted((np.broadcast_to(mix, (64, 2, 3)) * 255 + 0.5).astype(np.uint8))


@dataclass(frozen=True)
class LipTube:
    """A vial on y = 0 with a tall cap that carries the wand. Lengths in the scene's units.

    `wall` is the wall's thickness and `floor` the foot's; `waist` narrows the foot against the shoulder.
    """

    section: str
    radius: float
    height: float
    wall: float
    floor: float
    waist: float
    bevel: float
    cap_radius: float
    cap_height: float
    cap_top: float
    kind: str
    outside: Material
    glass: Material
    cap_material: Material
    cap_front: Material
    trim: Material | None
    neck_material: Material
    tip: Tip
    walled: bool  # whether a clear sheet lies before the fluid; it keeps light out, which darkens the wall
    fades: bool  # whether the sleeve runs over into the fluid's colour
    sleeve: tuple[float, float] | None  # a cover in the cap's material: its ends as shares of the height
    lucent: bool = False  # whether light goes through the fluid, as through a gloss

    def _turned(self, profile: list[Point], depth: float = 1.0) -> Mesh:
        """A profile of the barrel swept along its section, narrowed towards the foot."""
        slim = [(p[0] * (1 - self.waist * (1 - p[1] / self.height)), p[1]) for p in profile]
        return lathe(slim, self.section, depth=depth)

    def barrel(self, draw: Draw, fill: Material) -> list[Part]:
        """The vial with what it holds.

        Beside the fluid a thick clear wall looks bright and milky: a shallow body shows that better than thin sheets.
        """
        outer = capsule_profile(self.radius, self.height, self.bevel)
        if self.kind == "opaque":
            return [Part(self._turned(outer), self.outside)]
        if self.kind == "frosted":
            return [Part(self._turned(outer), labelled(draw, replace(fill, coat=1e-3)))]
        tall = self.height - self.floor - 0.06 * self.radius
        inner = capsule_profile(self.radius - self.wall, tall, self.bevel * 0.8)
        level = 1.0 if draw.chance(0.75) else draw.uniform(0.8, 0.95)
        fluid = self._turned([(p[0], p[1] * level + self.floor) for p in inner])
        r, high = self.radius * 0.994, self.height
        shell = self._turned([(r, 0.02), (r, high - 0.01)], 1.0 if self.walled else 0.36)
        if self.walled:  # reaches round to the silhouette, where a sheet alone would be ragged in a cut-out
            shell = cut(shell, shell.vertices[shell.faces].mean(1)[:, 2] < 0.08 * r)
        foot = [(0.0, 0.008), (r - 0.6 * self.bevel, 0.008), (r, 0.6 * self.bevel), (r, self.floor * 0.9)]
        shoulder = [(r, high - 0.05 * r), (r, high - 0.02 * r), (r * 0.95, high), (0.0, high)]
        ends = [self._turned([*foot, (0.0, self.floor * 0.9)]), self._turned(shoulder)]
        seen_stem = self.lucent and fill.name in ("glossy", "sheer", "shimmer") and draw.chance(0.85)
        # Without a sheet in front, the fluid takes over the wall's shine: lamps reach it, and it shows no noise.
        inside = fill if self.walled else replace(fill, coat=max(fill.coat, 0.85))
        parts = [
            Part(joined([shell, *ends]), self.outside),
            Part(fluid, labelled(draw, inside, stem=seen_stem)),
        ]
        if self.walled:
            parts.append(Part(self._turned(outer), self.glass))
        if self.sleeve:
            low, high = self.sleeve
            r = self.radius * 1.012
            band = [(r, low), (r, 0.5 * (low + high)), (r, high)]
            cover = faded(self.cap_material, fill.colour) if self.fades else self.cap_material
            parts.append(Part(self._turned([(p[0], p[1] * self.height) for p in band]), cover))
        return parts

    def neck(self) -> Part:
        """The threaded mouth that shows when the wand is out."""
        r, h = self.radius * 0.66, self.radius * 0.85
        profile: list[Point] = [(r, -0.02), (r, 0.12 * h)]
        for k in range(3):
            y = (0.2 + 0.22 * k) * h
            profile += [(r, y), (r * 1.09, y + 0.05 * h), (r * 1.09, y + 0.1 * h), (r, y + 0.15 * h)]
        profile += [(r, h), (r * 0.6, h), (r * 0.6, 0.6 * h), (0, 0.6 * h)]
        return Part(lathe(profile).moved(y=self.height), self.neck_material)

    def cap(self) -> list[Part]:
        """The cap on y = 0, its mouth down."""
        r, h = self.cap_radius, self.cap_height
        top = max(0.03, self.cap_top * r)
        angle = np.linspace(0, np.pi / 2, 8)
        edge = min(top, 0.85 * r)
        profile: list[Point] = [(r * 0.9, 0), (r, 0.012)]
        profile += [(r - edge + edge * float(np.cos(a)), h - top + top * float(np.sin(a))) for a in angle]
        parts = [Part(lathe([*profile, (0, h)], self.section, crease=40), self.cap_front)]
        if self.trim is not None:
            parts.append(Part(cylinder(r * 1.012, 0.09 * h, self.section, 0.012), self.trim))
        return parts

    def closed(self, draw: Draw, fill: Material) -> list[Part]:
        return [*self.barrel(draw, fill), *moved(self.cap(), y=self.height + 0.015)]

    def open(self, draw: Draw, fill: Material) -> list[Part]:
        return [*self.barrel(draw, fill), self.neck()]

    def wand(self, draw: Draw, fill: Material) -> list[Part]:
        """The cap from y = 0 up with the wand hanging below it, about as long as the vial is deep."""
        length = self.height * draw.uniform(0.86, 1.0)
        return [*self.cap(), *stem_parts(draw, fill, length, self.tip, cap_radius=self.radius)]


def lip_tube(draw: Draw, colour: np.ndarray, tip: Tip, walls: Mapping[str, float] = WALLS) -> LipTube:
    """A vial as shops sell them: mostly 1:5 to 1:8 with its cap, now and then a short one or a mini."""
    kind = draw.weighted(walls)
    short = draw.chance(0.18)
    radius = draw.uniform(0.34, 0.46) if short else draw.uniform(0.23, 0.31)
    height = 2 * radius * (draw.uniform(1.5, 2.3) if short else draw.uniform(2.7, 4.3))
    section = draw.weighted({"round": 6, "square": 2.6, "soft": 1, "hex": 0.4})
    tone = draw.weighted({"package": 5, "black": 2.2, "metal": 2, "shade": 0.9, "white": 0.9})
    if tone == "shade":
        cap = plastic(draw, np.clip(colour * draw.uniform(0.8, 1.1), 0.02, 0.97), "shade-coloured")
    elif tone == "black":
        cap = plastic(draw, np.full(3, draw.uniform(0.012, 0.05)), "black")
    elif tone == "white":
        cap = plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white")
    else:
        cap = metal(draw) if tone == "metal" else package(draw)
    milky = np.clip(np.full(3, draw.uniform(0.86, 0.95)) * 0.75 + 0.25 * colour, 0, 1)
    shell = plain(milky, draw.uniform(0.08, 0.3), "clear plastic", coat=0.7)
    outside = printed(draw, package(draw), vertical=draw.chance(0.7)) if kind == "opaque" else shell
    neck = draw.weighted({"clear": 5, "black": 2.5, "white": 1})
    neck_colour = {"clear": milky * 0.6 + 0.4 * colour, "black": np.full(3, 0.04), "white": np.full(3, 0.92)}[neck]
    sleeve = None
    if draw.chance(0.12):  # round the foot, or from the shoulder down to a window
        sleeve = (0.0, draw.uniform(0.08, 0.4)) if draw.chance(0.6) else (draw.uniform(0.3, 0.75), 0.995)
    return LipTube(
        section,
        radius,
        height,
        radius * draw.uniform(0.1, 0.3),
        height * draw.uniform(0.025, 0.11),
        draw.uniform(-0.06, 0.22) if draw.chance(0.2) else 0.0,
        radius * (0.4 if draw.chance(0.2) else draw.uniform(0.05, 0.16)),
        radius * draw.uniform(0.9, 1.02),
        height * draw.uniform(0.42, 0.8) * (1.0 if short or draw.chance(0.7) else 1.4),
        draw.uniform(0.3, 0.9) if draw.chance(0.2) else 0.0,
        kind,
        outside,
        clear(draw),
        cap,
        printed(draw, cap, vertical=True, often=0.3),
        metal(draw) if draw.chance(0.22) else None,
        plain(neck_colour, 0.15, "neck", coat=0.5),
        tip,
        draw.chance(0.12),
        sleeve is not None and sleeve[0] > 0 and draw.chance(0.4),
        sleeve,
    )


def tube_with_wand(
    draw: Draw,
    product_type: str,
    colour: np.ndarray,
    finish: str,
    tip: Tip,
    *,
    form: str = "tube",
    layouts: Mapping[str, float] = LAYOUTS,
    walls: Mapping[str, float] = WALLS,
    make: VialMaker | None = None,
) -> Product:
    """A slim vial with an applicator in its cap: closed, in a row, or with its wand standing, leaning or lying.

    `make` draws the vial; `lip_tube` does by default.
    """
    layout = draw.weighted(layouts)
    tube = replace((make or lip_tube)(draw, colour, tip, walls), lucent=product_type == "lip gloss")
    fill = cosmetic(draw, colour, finish)
    if layout == "row":
        return _row(draw, tube, product_type, colour, finish, form)
    if layout in ("closed", "carton"):
        parts = tube.closed(draw, fill)
        shown = tube.kind != "opaque"
        words = "closed"
        if layout == "carton":
            tall = (tube.height + tube.cap_height) * draw.uniform(1.0, 1.1)
            wide = tube.radius * draw.uniform(2.3, 2.8)
            surface = draw.choice(tube.cap_material, package(draw), plain(colour, 0.5, "shade-coloured card"))
            folded = carton(draw, surface, wide, tall, wide).turned("y", draw.uniform(-20, 20))
            parts.append(folded.moved(draw.sign() * tube.radius * draw.uniform(2.9, 3.6), 0, -0.1))
            words = "closed, carton beside"
        return Product(
            product_type, placed(parts), (colour,) if shown else (), finish if shown else None, form,
            tube.outside if tube.kind == "opaque" else tube.glass, words, tiltable=layout == "closed",
        )  # fmt: skip
    parts, words, view = _opened(draw, tube, fill, layout)
    package_ = tube.outside if tube.kind == "opaque" else tube.glass
    return Product(product_type, placed(parts), (colour,), finish, form, package_, words, view, tiltable=False)


def _opened(draw: Draw, tube: LipTube, fill: Material, layout: str) -> tuple[list[Part], str, View]:
    """The vial and its wand arranged as `layout` says; what a caption calls it; from where it is seen."""
    side, r = draw.sign(), tube.radius
    vial = tube.closed(draw, fill) if layout == "wand up" and draw.chance(0.3) else tube.open(draw, fill)
    wand = turned(tube.wand(draw, fill), "y", draw.uniform(-50, 50) if tube.section == "round" else 0.0)
    gap = r * draw.uniform(2.15, 3.4)
    if layout == "wand up":
        up = placed(turned(wand, "z", 180))
        return [*vial, *moved(up, x=side * gap, z=draw.uniform(-0.05, 0.15))], "wand standing beside", "upright"
    if layout == "wand down":
        return [*vial, *moved(placed(wand), x=side * gap)], "open, wand out", "upright"
    if layout == "leaning":
        lean = side * draw.uniform(8, 26)
        up = placed(turned(wand, "z", 180 + lean if draw.chance(0.6) else lean))
        return [*vial, *moved(up, x=side * gap * 1.25, z=draw.uniform(0.5, 1.0) * r)], "open, wand leaning", "upright"
    if layout == "lying":
        beside = laid(wand, draw, side * draw.uniform(0.2, 0.9), r * 2 + draw.uniform(0.3, 0.9))
        return [*vial, *beside], "open, wand lying in front", "upright"
    slope = draw.uniform(-50, 50) if draw.chance(0.7) else 0.0
    across = slope + (draw.uniform(-12, 12) if draw.chance(0.6) else draw.uniform(25, 60) * side)
    parts = _lying(vial, slope)
    apart = r * draw.uniform(2.6, 4.2) + abs(np.sin(np.radians(across - slope))) * 0.45 * tube.height
    shift = np.array([np.cos(np.radians(slope)), -np.sin(np.radians(slope))]) * apart * side
    rest = _lying(turned(wand, "z", draw.choice(0.0, 180.0)), across)
    parts += moved(rest, x=float(shift[0]), z=float(shift[1]))
    if layout != "smear":
        return parts, "lying, wand beside", "overhead"
    mark = smear(draw, tube.height * draw.uniform(0.7, 1.1)).turned("y", draw.uniform(0, 360))
    parts.append(Part(mark.moved(-0.75 * float(shift[0]), 0, -0.75 * float(shift[1])), fill))
    return parts, "lying, wand out, with a smear", "overhead"


def _lying(parts: list[Part], slope: float) -> list[Part]:
    """Laid on its back, front up, turned by `slope` degrees, with its middle over the origin."""
    down = placed(turned(turned(parts, "x", -90), "y", slope))
    middle = sum(p.mesh.low + p.mesh.high for p in down) / (2 * len(down))
    return moved(down, -middle[0], 0, -middle[2])


def _row(draw: Draw, tube: LipTube, product_type: str, colour: np.ndarray, finish: str, form: str) -> Product:
    """2 to 6 of one line in different shades, side by side."""
    count = draw.weighted({2: 2, 3: 3, 4: 2, 5: 1.5, 6: 1})
    tube = replace(tube, kind="clear" if tube.kind == "opaque" else tube.kind)
    shades = [colour, *(shade(draw, product_type) for _ in range(count - 1))]
    gap = tube.radius * draw.uniform(2.2, 3.4)
    opened = draw.chance(0.3)
    parts: list[Part] = []
    for k, tone in enumerate(shades):
        fill = cosmetic(draw, tone, finish)
        last = opened and k == count - 1
        one = tube.open(draw, fill) if last else tube.closed(draw, fill)
        parts += moved(one, x=(k - (count - 1) / 2) * gap)
        if last:
            up = placed(turned(tube.wand(draw, fill), "z", 180))
            parts += moved(up, x=(count - (count - 1) / 2) * gap)
    words = "in a row, one wand out" if opened else "in a row, closed"
    lying = not opened and draw.chance(0.35)
    if lying:
        parts = list(placed(turned(parts, "x", -90)))
        if draw.chance(0.5):
            parts.append(tray(draw, parts, tube.radius))
            words = "in a row, in a box"
    return Product(
        product_type, placed(merged(parts)), tuple(shades), finish, form, tube.glass, words,
        "overhead" if lying else "upright", count, False,
    )  # fmt: skip
