"""The lipstick itself: the moulded stick with its cut, the name pressed into it, and the case that it turns up from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from data.draw import Draw
from data.label import font, invented_name, printed
from data.material import Material, metal, package, plain, plastic
from data.mesh import Mesh, Point, capsule_profile, cylinder, joined, lathe
from data.product import Part, moved

CUTS = {"slant": 5.0, "teardrop": 2.5, "flat": 1.2, "dome": 1.0, "chisel": 0.35}
EMBOSS_SIDE = 256


def bullet_mesh(draw: Draw, radius: float, height: float, *, fine: bool = True) -> Mesh:
    """A moulded stick from y = -0.1 up to `height`; its cut face looks at -x. uv lies flat on the side at -x."""
    cut = draw.weighted(CUTS)
    power = {"flat": 7.0, "dome": 2.2}.get(cut, draw.uniform(2.0, 2.7))
    dome = radius * (0.3 if cut == "flat" else draw.uniform(0.7, 1.0) if cut == "dome" else draw.uniform(1.1, 1.9))
    dome = min(dome, 0.7 * height)
    side, top, segments = (34, 26, 72) if fine else (16, 14, 40)
    t = np.linspace(0, np.pi / 2, top)
    around = radius * np.cos(t) ** (2 / power)
    up = height - dome + dome * np.sin(t) ** (2 / power)
    profile: list[Point] = [(radius, float(y)) for y in np.linspace(-0.1, height - dome, side)[:-1]]
    profile += [(max(float(r), 1e-4), float(y)) for r, y in zip(around, up, strict=True)]
    mesh = lathe(profile, segments=segments, crease=180)
    x, y, z = mesh.vertices.T
    tip = radius * draw.uniform(0.1, 0.45)
    reach = np.clip((tip - x) / (radius + tip), -0.6, 1)
    if cut == "dome":
        limit = np.full_like(y, 2 * height)
    elif cut == "chisel":
        limit = height * 1.0 - np.abs(x) * draw.uniform(1.0, 1.7)
    else:
        steep = np.tan(np.radians(draw.uniform(25, 45) if cut == "flat" else draw.uniform(50, 64)))
        drop = min(steep * (radius + tip), height - 0.3 * radius)
        bow = draw.uniform(0.72, 0.95) if cut == "teardrop" else 1.0
        limit = height - drop * np.sign(reach) * np.abs(reach) ** bow
    soft = radius * draw.uniform(0.02, 0.07)
    lowered = 0.5 * (y + limit - np.sqrt((y - limit) ** 2 + soft**2)) + 0.25 * soft
    shift = np.zeros_like(mesh.vertices)
    shift[:, 1] = np.minimum(lowered, y) - y
    bent = mesh.bent(shift)
    uv = np.stack([0.5 - 0.42 * z / radius, bent.vertices[:, 1] / height], 1)
    return replace(bent, uv=np.clip(uv, 0, 1))


def embossed(draw: Draw, stick: Material, radius: float, height: float) -> Material:
    """The stick with a name pressed into its cut face: upper edges lie in shade, lower ones catch light."""
    tall = int(EMBOSS_SIDE * height / (2 * radius / 0.84))
    image = Image.new("L", (EMBOSS_SIDE, max(tall, 64)), 0)
    text = invented_name(draw)[: draw.integer(1, 5)]
    block = Image.new("L", (EMBOSS_SIDE * 2, EMBOSS_SIDE), 0)
    size = int(EMBOSS_SIDE * draw.uniform(0.26, 0.5))
    ImageDraw.Draw(block).text((EMBOSS_SIDE, EMBOSS_SIDE / 2), text, fill=255, font=font(draw, size), anchor="mm")
    if draw.chance(0.5):
        block = block.rotate(90, expand=True)
    if box := block.getbbox():
        block = block.crop(box)
    block.thumbnail((int(EMBOSS_SIDE * 0.62), int(tall * 0.4) + 8))
    middle = int(tall * (1 - draw.uniform(0.5, 0.66)))
    image.paste(block, ((EMBOSS_SIDE - block.width) // 2, middle - block.height // 2))
    mask = np.array(image.resize((EMBOSS_SIDE, EMBOSS_SIDE))) / 255.0
    edge = np.gradient(gaussian_filter(mask, 1.6), axis=0)
    light = 1 - 2.6 * edge - 0.1 * gaussian_filter(mask, 1.0)
    ground = np.array(Image.fromarray(stick.texture).resize((EMBOSS_SIDE, EMBOSS_SIDE), Image.Resampling.BILINEAR))
    texture = np.clip(ground * np.clip(light, 0.55, 1.3)[..., None], 0, 255)
    return stick.painted((texture + 0.5).astype(np.uint8))


def milky(draw: Draw) -> Material:
    """Clear plastic as an opaque surface: thin clear walls alone leave specks in a cut-out."""
    return plain(np.full(3, draw.uniform(0.84, 0.95)), draw.uniform(0.08, 0.3), "clear plastic", coat=0.7)


@dataclass(frozen=True)
class LipstickCase:
    """A case on y = 0: base, metal tube and cap, in the scene's units; `reach` is the stick's visible height."""

    section: str
    radius: float
    height: float
    tube_radius: float
    collar: float
    stick_radius: float
    reach: float
    outside: Material
    front: Material
    cap_front: Material
    inner: Material
    trim: Material
    bands: tuple[tuple[float, float], ...]  # each band's lower edge and height, as shares of the base's height
    waist: float  # how much narrower the base is at its top
    dome: float  # how round the cap's top is, in [0, 1]

    def base(self) -> list[Part]:
        """The lower half with its trim."""
        r, h = self.radius, self.height
        profile = capsule_profile(r, h, 0.035)
        slim = [(p[0] * (1 - self.waist * max(0.0, p[1] / h)), p[1]) for p in profile]
        parts = [Part(lathe(slim, self.section), self.front)]
        rings = [
            cylinder(r * (1.012 - self.waist * (low + tall / 2)), tall * h, self.section, 0.012).moved(y=low * h)
            for low, tall in self.bands
        ]
        return [*parts, Part(joined(rings), self.trim)] if rings else parts

    def tube(self) -> list[Part]:
        """The inner tube from the base up to the stick, with the step that real ones have."""
        r, c, s = self.tube_radius, self.collar, self.stick_radius
        step = min(self.radius * 0.9, r * 1.16)
        low = 0.3 * c
        profile = [(step, 0), (step, low), (r, low + 0.02), (r, c - 0.02), (r - 0.015, c), (s, c), (s, c - 0.1)]
        return [Part(lathe(profile).moved(y=self.height), self.inner)]

    def stick(self, draw: Draw, material: Material, *, fine: bool = True) -> Part:
        """The stick above the tube, its cut turned mostly to the camera."""
        facing = draw.weighted({"front": 5.5, "side": 3.5, "back": 0.8})
        off = draw.uniform(-40, 40) if facing == "front" else draw.sign() * draw.uniform(60, 105)
        turn = 90 + (180 + draw.uniform(-40, 40) if facing == "back" else off)
        mesh = bullet_mesh(draw, self.stick_radius, self.reach, fine=fine)
        return Part(mesh.turned("y", turn).moved(y=self.height + self.collar), material)

    def cap(self) -> list[Part]:
        """The cap on y = 0, open end down."""
        r, h = self.radius, self.collar + self.reach + 0.12
        top = 0.035 + self.dome * 0.5 * r
        angle = np.linspace(0, np.pi / 2, 8)
        profile: list[Point] = [(r * 0.9, 0.0), (r, 0.0)]
        edge = min(top, 0.9 * r)
        profile += [(r - edge + edge * float(np.cos(a)), h - top + top * float(np.sin(a))) for a in angle]
        shell = Part(lathe([*profile, (0, h)], self.section, crease=40), self.cap_front)
        if not self.bands:
            return [shell]
        foot = cylinder(r * 1.012, 0.07 * h, self.section, 0.012)
        return [shell, Part(foot, self.trim)]

    def closed(self) -> list[Part]:
        return [*self.base(), *moved(self.cap(), y=self.height + 0.012)]


def lipstick_case(draw: Draw, colour: np.ndarray, *, slim: float = 0.25) -> LipstickCase:
    """A case as shops sell them: 1.6 to 2.3 cm wide for a stick of 1.2 cm; `slim` is the share of straight slim tubes.

    Of those the cap covers all but a foot, mostly of metal, and the closed tube is four to five times as tall as wide.
    """
    straight = draw.chance(slim)
    style = draw.weighted({"any": 5, "black": 2.5, "metal": 2.0, "white": 0.8, "shade": 0.9})
    if style == "shade":
        outside = plastic(draw, np.clip(colour * draw.uniform(0.75, 1.05), 0.02, 0.97), "shade-coloured")
    elif style == "black":
        outside = plastic(draw, np.full(3, draw.uniform(0.012, 0.05)), "black")
    elif style == "white":
        outside = plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white")
    else:
        outside = metal(draw) if style == "metal" else package(draw)
    inner = outside if draw.chance(0.2) else metal(draw, draw.weighted(
        {"gold": 4, "silver": 4, "rose gold": 1.5, "gunmetal": 0.8, "champagne": 0.8}
    ))  # fmt: skip
    if not inner.metallic and draw.chance(0.3):
        inner = plain(np.full(3, 0.03), 0.15, "black plastic")
    section = draw.weighted({"round": 5.4, "square": 2.6, "sharp": 0.8, "soft": 0.9, "hex": 0.4})
    stick_radius = draw.uniform(0.32, 0.38)
    room = draw.uniform(1.28, 1.6) if section == "round" else draw.uniform(1.24, 1.45)
    height = stick_radius * draw.uniform(3.6, 6.4)
    collar = stick_radius * draw.choice(draw.uniform(0.5, 1.4), draw.uniform(1.6, 3.4))
    reach = stick_radius * draw.uniform(2.5, 4.3)
    if straight:
        room = draw.uniform(1.14, 1.28)
        height, collar, reach = (stick_radius * draw.uniform(*v) for v in ((0.9, 2.4), (3.0, 4.8), (3.0, 4.6)))
    elif draw.chance(0.07):  # a mini, for trying
        height, collar, reach = (stick_radius * draw.uniform(*v) for v in ((1.7, 2.7), (0.3, 0.8), (1.5, 2.4)))
    bands: list[tuple[float, float]] = []
    if straight and draw.chance(0.7):  # ridges round the foot's ends
        bands += [(0.0, draw.uniform(0.06, 0.16)), (draw.uniform(0.82, 0.9), 0.1)]
    elif draw.chance(0.55):  # a ring at the shoulder, one at the foot, or a broad two-tone zone
        kind = draw.weighted({"shoulder": 3, "foot": 1.2, "both": 1.4, "zone": 1.5, "middle": 0.6})
        thin = draw.uniform(0.03, 0.1)
        if kind in ("shoulder", "both"):
            bands.append((1 - thin - 0.004, thin))
        if kind in ("foot", "both"):
            bands.append((0.0, thin))
        if kind == "zone":
            bands.append((0.0, draw.uniform(0.3, 0.6)) if draw.chance(0.5) else (0.55, 0.44))
        if kind == "middle":
            bands.append((draw.uniform(0.3, 0.6), draw.uniform(0.08, 0.2)))
    often = draw.choice(0.3, 0.9)
    trim = inner if inner is not outside else metal(draw)
    front = printed(draw, outside, vertical=draw.chance(0.6), often=1.1 - often)
    if straight and draw.chance(0.7):
        front = printed(draw, trim, often=0.4)
    return LipstickCase(
        section,
        stick_radius * room,
        height,
        stick_radius * draw.uniform(1.07, 1.17),
        collar,
        stick_radius,
        reach,
        outside,
        front,
        milky(draw) if draw.chance(0.05) else printed(draw, outside, vertical=draw.chance(0.4), often=often),
        inner,
        trim,
        tuple(bands),
        draw.uniform(0.03, 0.14) if draw.chance(0.2) else 0.0,
        draw.uniform(0.3, 1.0) if draw.chance(0.2) else 0.0,
    )
