"""Open bullets as drugstores show them: chrome beside tinted caps, cut prisms, glitter caps, slim cases, close-ups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from beauty_vlm.measurement.regions import PACKAGING
from data.draw import Draw
from data.label import printed
from data.material import PASTELS, STRONG, Material, cosmetic, glass, metal, package, plain, plastic
from data.mesh import Mesh, Point, capsule_profile, lathe
from data.product import Part, Product, laid, moved, placed, turned
from data.products.lip_cases import bullet_mesh, embossed, milky
from data.products.lip_lineups import fluted
from data.products.swatches import shade
from data.products.vessels import carton
from data.products.walls import hood

Parts = list[Part]
Surfaces = tuple[Material, Material, Material, Material]  # of foot, seat, tube and cap
FINISHES = {"satin": 4.0, "shimmer": 2.2, "sheer": 1.5, "glossy": 1.2, "matte": 1.0, "metallic": 0.5}
LAYOUTS = {"cap beside": 3, "twin": 3, "behind": 1.6, "cap lying": 1.2, "alone": 1.2, "copy": 1.0, "carton": 0.7}
FACES = {"oct": float(np.cos(np.pi / 8)), "hex": float(np.cos(np.pi / 6))}  # from the axis, the corners at 1


@dataclass(frozen=True)
class Build:
    """A stepped case on y = 0: a foot, a narrower seat for the cap, the tube and the stick.

    Each of `foot`, `seat`, `tube` and `stick` is a half width and a height; `chamfer` cuts the ends of foot and cap,
    a share of the half width. `section` is one of data.mesh.cross_section or "oct"; `flutes` are a round case's.
    """

    section: str
    foot: Point
    seat: Point
    tube: Point
    stick: Point
    chamfer: float
    flutes: int
    surfaces: Surfaces

    def _shaped(self, parts: Parts) -> Parts:
        if self.section == "oct":
            return [replace(p, mesh=octagonal(p.mesh)) for p in parts]
        return fluted(parts, self.foot[0], self.flutes, 0.05) if self.flutes else parts

    def _block(self, wide: float, high: float, low: bool, top: bool) -> Mesh:
        """A prism with a bevel, or with `chamfer` at its lower and upper end."""
        c = self.chamfer * wide
        if not c:
            return lathe(capsule_profile(wide, high, 0.025), self._outline)
        start: list[Point] = [(0, 0), (wide - 0.7 * c, 0), (wide, c)] if low else [(0, 0), (wide, 0)]
        end: list[Point] = [(wide, high - c), (wide - 0.7 * c, high), (0, high)] if top else [(wide, high), (0, high)]
        return lathe([*start, *end], self._outline, crease=20)

    @property
    def _outline(self) -> str:
        return "round" if self.section == "oct" else self.section

    def base(self) -> Parts:
        """Foot, seat and tube."""
        (w, h), (seat, rise), (tube, tall), bore = self.foot, self.seat, self.tube, self.stick[0]
        wall = [(tube, 0), (tube, tall - 0.02), (tube - 0.015, tall), (bore, tall), (bore, tall - 0.1)]
        meshes = (
            self._block(w, h, True, self.chamfer > 0),
            lathe(capsule_profile(seat, rise, 0.02), self._outline).moved(y=h),
            lathe(wall, self._outline).moved(y=h + rise),
        )
        return self._shaped([Part(m, s) for m, s in zip(meshes, self.surfaces[:3], strict=True)])

    def opened(self, draw: Draw, cream: Material, mould: Mesh) -> Parts:
        """Twisted up, its cut turned to the camera or aside; the stick is the last part."""
        y = self.foot[1] + self.seat[1] + self.tube[1]
        turn = 90 + (draw.uniform(-40, 40) if draw.chance(0.65) else draw.sign() * draw.uniform(60, 105))
        return [*self.base(), Part(mould.turned("y", turn).moved(y=y), cream)]

    def cap(self) -> Parts:
        """The cap on y = 0, open end down; a see-through one has solid walls."""
        wide, high = self.foot[0], self.seat[1] + self.tube[1] + 0.35 * self.foot[0]
        cover = self.surfaces[3]
        if cover.clear:
            return self._shaped([replace(hood(wide * 0.985, high, self._outline), material=cover)])
        return self._shaped([Part(self._block(wide, high, False, self.chamfer > 0), cover)])

    def closed(self) -> Parts:
        """With its cap on, the stick turned down; see-through caps show the tube."""
        inside = self.base() if self.surfaces[3].clear else self.base()[:1]
        return [*inside, *moved(self.cap(), y=self.foot[1] + 0.012)]


def octagonal(mesh: Mesh) -> Mesh:
    """A round mesh cut to eight faces, one of them to the front."""
    x, _, z = mesh.vertices.T
    scale = FACES["oct"] / np.cos((np.arctan2(z, x) + np.pi / 8) % (np.pi / 4) - np.pi / 8) - 1
    return mesh.bent(np.stack([x * scale, 0 * x, z * scale], 1))


def _build(draw: Draw, surfaces: Surfaces, sections: Mapping[str, float], *, tall_foot: bool, slim: bool) -> Build:
    """Proportions: a low foot under a long tube, a tall foot and a shorter tube, or a case much taller than wide."""
    w = draw.uniform(0.25, 0.31) if slim else draw.uniform(0.4, 0.54)
    section = draw.weighted(sections)
    seat, tube = w * draw.uniform(0.8, 0.86), w * draw.uniform(0.64, 0.76)
    if slim:
        heights = (w * draw.uniform(4.0, 6.0), w * draw.uniform(0.2, 0.5), w * draw.uniform(2.6, 4.8))
    elif tall_foot:
        heights = (w * draw.uniform(2.2, 4.0), w * draw.uniform(0.25, 0.9), w * draw.uniform(1.0, 3.2))
    else:
        heights = (w * draw.uniform(0.4, 1.0), w * draw.uniform(0.7, 1.9), w * draw.uniform(2.2, 4.0))
    stick = (tube * FACES.get(section, 1.0) * draw.uniform(0.86, 0.93), w * draw.uniform(1.0, 2.6))
    angular = section in ("oct", "hex", "sharp")
    chamfer = draw.uniform(0.2, 0.5) if tall_foot and draw.chance(0.6 if angular else 0.15) else 0.0
    flutes = draw.integer(12, 26) if section == "round" and not surfaces[3].clear and draw.chance(0.2) else 0
    return Build(section, (w, heights[0]), (seat, heights[1]), (tube, heights[2]), stick, chamfer, flutes, surfaces)


def tinted(colour: np.ndarray) -> Material:
    """See-through plastic of about that sRGB colour: light passes four faces of a hood."""
    return glass(np.clip(colour, 0.05, 1) ** 0.25, "tinted plastic")


def chrome(draw: Draw, colour: np.ndarray) -> Build:
    """Bright metal from foot to stick, and a see-through tinted, clear or milky cap."""
    shine = metal(draw, draw.weighted({"silver": 6, "rose gold": 1.5, "champagne": 0.7, "gold": 1, "gunmetal": 0.5}))
    shine = replace(shine, roughness=draw.uniform(0.06, 0.22))
    tint = draw.weighted({"shade": 4, "pink": 2, "clear": 1.5, "milky": 1.0})
    own = 0.45 * colour + 0.55 if draw.chance(0.5) else 1.25 * colour
    tones = {"shade": own, "pink": np.array([0.97, 0.66, 0.72]), "clear": np.ones(3)}
    cap = tinted(tones[tint]) if tint in tones else milky(draw)
    foot = shine if draw.chance(0.7) else plastic(draw, np.clip(0.6 * colour + 0.35, 0, 1), "shade-coloured")
    surfaces = (foot, shine, printed(draw, shine, vertical=True, often=0.6), cap)
    sections = {"round": 2.5, "soft": 1.5, "square": 3.5, "sharp": 1, "oct": 1.2}
    return _build(draw, surfaces, sections, tall_foot=False, slim=False)


def prism(draw: Draw, colour: np.ndarray) -> Build:
    """A tall foot and a cap of one colour, cut at their ends or fluted, and a long bare tube of metal."""
    kinds = {
        "pale": lambda: plain(draw.choice((0.93, 0.9, 0.85), (0.8, 0.7, 0.69), (0.9, 0.8, 0.78)), 0.45, "nude plastic"),
        "any": lambda: package(draw),
        "shade": lambda: plastic(draw, np.clip(colour * draw.uniform(0.8, 1.1), 0.02, 0.97), "shade-coloured"),
    }  # fmt: skip
    outside = kinds[draw.weighted({"pale": 2, "any": 3, "shade": 1})]()
    tube = metal(draw, draw.weighted({"silver": 3, "gold": 3, "rose gold": 1.2, "champagne": 1}))
    front = printed(draw, outside, vertical=True, often=0.6)
    surfaces = (outside, draw.choice(tube, outside), tube, front)
    sections = {"oct": 3, "hex": 1.5, "sharp": 1.5, "round": 2.5, "square": 1.5}
    return _build(draw, surfaces, sections, tall_foot=True, slim=False)


def glittered(draw: Draw, colour: np.ndarray) -> Build:
    """Coloured mirror metal and a cap covered with glitter of its colour."""
    name = draw.weighted(
        {"red": 4, "pink": 2.5, "purple": 1, "burgundy": 1, "teal": 0.6, "navy": 0.6, "silver": 1, "gold": 1}
    )
    coat = metal(draw, name if name in ("silver", "gold") else None)
    if name in STRONG:
        bright = np.clip(np.array(STRONG[name]) * 1.15, 0, 1)
        coat = plain(bright, draw.uniform(0.06, 0.2), f"{name} metal", metallic=1.0)
    sparks = cosmetic(draw, np.clip(coat.colour * 0.9, 0, 1), "glitter", aspect=1.5)
    sparkle = replace(sparks, region=PACKAGING, name=f"{name} plastic")
    foot = sparkle if draw.chance(0.3) else coat
    sections = {"hex": 2, "oct": 2, "square": 2, "sharp": 1.5, "round": 2}
    return _build(draw, (foot, coat, coat, sparkle), sections, tall_foot=draw.chance(0.7), slim=False)


def slim(draw: Draw, colour: np.ndarray) -> Build:
    """A narrow case of one colour over a black or metal tube with a thin short stick."""
    red, pale = draw.choice("red", "burgundy", "pink", "brown"), draw.choice(*PASTELS)
    kinds = {
        "strong": lambda: plastic(draw, np.array(STRONG[red]), red),
        "pastel": lambda: plastic(draw, np.array(PASTELS[pale]), pale),
        "shade": lambda: plastic(draw, np.clip(colour * draw.uniform(0.8, 1.0), 0.02, 0.97), "shade-coloured"),
        "any": lambda: package(draw),
    }  # fmt: skip
    outside = kinds[draw.weighted({"strong": 2.5, "pastel": 1, "shade": 1.5, "any": 2})]()
    tube = draw.choice(plain(np.full(3, 0.025), 0.15, "black plastic"), metal(draw), outside)
    front = printed(draw, outside, vertical=True, often=0.75)
    surfaces = (printed(draw, outside, vertical=True, often=0.5), tube, tube, front)
    sections = {"round": 2, "square": 3, "sharp": 2, "soft": 1}
    return _build(draw, surfaces, sections, tall_foot=True, slim=True)


def close_up(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """The tip and the rim that it rises from: a moulded panel, mostly with letters, aslant or upright."""
    r, reach = 0.36, 0.36 * draw.uniform(2.6, 3.8)
    mould = bullet_mesh(draw, r, reach)
    if draw.chance(0.6):  # a flat panel on the side of the cut
        x = mould.vertices[:, :1]
        mould = mould.bent((np.maximum(x, -r * draw.uniform(0.68, 0.86)) - x) * [1, 0, 0])
    cream = cosmetic(draw, colour, finish)
    if draw.chance(0.7):
        cream = embossed(draw, cream, r, reach)
    rim = r * draw.uniform(1.06, 1.3)
    collar = draw.choice(plain(np.full(3, 0.02), 0.08, "black plastic", coat=1.0), metal(draw), package(draw))
    low = -r * draw.uniform(0.4, 1.8)
    wall: list[Point] = [(0, low), (rim, low), (rim, -0.03), (rim - 0.03, 0), (r * 1.01, 0), (r * 1.01, -0.1)]
    tilt = draw.sign() * draw.uniform(15, 60) if draw.chance(0.7) else 0.0
    parts = [Part(lathe(wall), collar), Part(mould.turned("y", 90 + draw.uniform(-55, 55)), cream)]
    parts = turned(parts, "z", tilt)
    return Product("lipstick", placed(parts), (colour,), finish, "", collar, "bullet close-up", tiltable=False)


Form = Callable[[Draw, np.ndarray], Build]


def open_bullet(draw: Draw) -> Product:
    """An open bullet of one of these forms with its cap, a closed twin, its carton or a second look at itself."""
    colour, finish = shade(draw, "lipstick"), draw.weighted(FINISHES)
    if draw.chance(0.14):
        return close_up(draw, colour, finish)
    forms: dict[Form, float] = {chrome: 4, prism: 3, glittered: 1.6, slim: 1.8}
    build = draw.weighted(forms)(draw, colour)
    cream = cosmetic(draw, colour, finish)
    mould = bullet_mesh(draw, *build.stick)
    opened, w = build.opened(draw, cream, mould), build.foot[0]
    side, gap, outside = draw.sign(), w * draw.uniform(2.15, 3.0), build.surfaces[0]
    layout = draw.weighted(LAYOUTS)
    words, count, setting = "twisted up, cap off", 1, ""
    if layout in ("twin", "behind"):
        other = build.closed() if layout == "twin" or draw.chance(0.4) else build.cap()
        apart = w * draw.uniform(0.8, 1.6) if layout == "behind" else gap
        opened += moved(other, x=side * apart, z=-2.15 * w if layout == "behind" else draw.uniform(-0.3, 0.1))
        words = "twisted up, beside a closed one" if len(other) > 1 else words
    elif layout == "cap beside":
        opened += moved(turned(build.cap(), "y", draw.normal(6)), x=side * gap, z=draw.uniform(-0.1, 0.25))
    elif layout == "cap lying":
        opened += laid(build.cap(), draw, side * gap * draw.uniform(1.2, 1.5), draw.uniform(0.1, 0.8))
    elif layout == "copy":  # the second hangs in the air, as in collages on white
        twin = list(placed(turned(opened, "z", side * draw.choice(draw.uniform(20, 55), 90.0, 180.0))))
        middle = sum(p.mesh.low + p.mesh.high for p in twin) / (2 * len(twin))
        opened = [*opened, *moved(twin, -middle[0] + side * gap * 0.6, 0, -3.5 * w - middle[2])]
        words, count, setting = "twisted up, side by side", 2, "white"
    elif layout == "carton":
        high = float(max(p.mesh.high[1] for p in opened))
        surface = outside if draw.chance(0.5) else plain(np.clip(colour * 0.9, 0, 1), 0.5, "shade-coloured card")
        box = carton(draw, surface, 2.3 * w, high * draw.uniform(0.98, 1.1), 2.3 * w)
        opened.append(box.turned("y", draw.uniform(-20, 20)).moved(-side * gap * 1.15, 0, -0.2))
        words = "twisted up, carton beside"
    else:
        words = "twisted up"
    return Product(
        "lipstick", placed(opened), (colour,), finish, "bullet case", outside, words, "upright", count,
        tiltable=layout == "alone", setting=setting,
    )  # fmt: skip
