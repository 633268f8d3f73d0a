"""Slim applicators and what holds them: wands, brush heads, screw-cap tubes and pencils."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, clear, metal, plain
from data.mesh import Mesh, capsule_profile, cylinder, joined, lathe, smooth_normals
from data.product import Part, laid, moved, placed, turned

Tip = Literal["doe-foot", "brush", "mascara", "spoolie"]
# Against the whole wand: mascara heads are long, doe feet short.
TIP_LENGTHS: dict[str, tuple[float, float]] = {
    "doe-foot": (0.24, 0.32),
    "brush": (0.3, 0.4),
    "mascara": (0.5, 0.65),
    "spoolie": (0.45, 0.6),
}


def needles(base: np.ndarray, direction: np.ndarray, length: np.ndarray, thickness: float) -> Mesh:
    """Thin three-sided spikes at `base` (N, 3) along `direction` (N, 3) of `length` (N,)."""
    along = np.array([0.0, 1.0, 0.0])
    side = np.cross(direction, along)
    foot = [side * 0.5 + along * 0.6, side * 0.5 - along * 0.6, -side]
    corners = [base + thickness * f for f in foot] + [base + direction * length[:, None]]
    vertices = np.stack(corners, 1).reshape(-1, 3)
    first = 4 * np.arange(len(base))[:, None]
    faces = np.concatenate([first + np.array(t) for t in ((0, 1, 3), (1, 2, 3), (2, 0, 3))])
    return Mesh(vertices, faces, smooth_normals(vertices, faces), np.full((len(vertices), 2), 0.5))


def bristle_head(draw: Draw, length: float, radius: float) -> Mesh:
    """A mascara or brow head hanging from y = 0: a spiral of bristles, or moulded rings of teeth."""
    outline: Callable[[np.ndarray], np.ndarray] = draw.choice(
        lambda s: np.clip(1.15 - 0.6 * s, 0.3, 1),  # cone
        lambda s: 0.75 + 0.3 * np.sin(np.pi * s),  # barrel
        lambda s: 1 - 0.4 * np.sin(np.pi * s),  # hourglass
        lambda s: np.minimum(1, 2.2 * (1.02 - s) ** 0.5),  # straight, round end
    )
    moulded = draw.chance(0.35)
    count = draw.integer(320, 480) if moulded else draw.integer(900, 1300)
    k = np.arange(count)
    if moulded:
        row = draw.integer(10, 14)
        s, angle = (k // row) / (count // row), 2 * np.pi * (k % row) / row
    else:
        s, angle = k / count, k * 2 * np.pi * draw.integer(9, 16) / count + np.pi * (k % 2)
    jitter = 0 if moulded else draw.rng.normal(0, 0.12, count)
    direction = np.stack([np.cos(angle + jitter), np.zeros(count), np.sin(angle + jitter)], 1)
    base = np.stack([np.zeros(count), -s * length, np.zeros(count)], 1)
    teeth = needles(base, direction, radius * outline(s), radius * (0.16 if moulded else 0.09))
    core = lathe([(0, -length), (radius * 0.3, -length + 0.02), (radius * 0.3, 0)])
    bow = draw.choice(0.0, 0.0, draw.uniform(0.05, 0.14) * length)
    head = joined([teeth, core])
    fraction = -head.vertices[:, 1] / length
    return head.bent(np.stack([bow * np.sin(np.pi * fraction), 0 * fraction, 0 * fraction], 1))


def tip_mesh(draw: Draw, tip: Tip, length: float, radius: float) -> Mesh:
    """The applicator itself, hanging from y = 0 down to y = -length."""
    r, h = radius, length
    if tip in ("mascara", "spoolie"):
        return bristle_head(draw, length, radius)
    if tip == "brush":
        profile = [(0, -h), (0.25 * r, -0.93 * h), (0.8 * r, -0.6 * h), (r, -0.3 * h), (0.6 * r, 0)]
        return lathe(profile, depth=0.6, crease=90)
    profile = [
        (0, -h),
        (0.35 * r, -0.97 * h),
        (0.85 * r, -0.75 * h),
        (r, -0.4 * h),
        (0.8 * r, -0.1 * h),
        (0.4 * r, 0),
    ]
    foot = lathe(profile, depth=0.65, crease=90)
    slant = np.clip(-foot.vertices[:, 1] / h, 0, 1) ** 2 * 0.5 * r
    return foot.bent(np.stack([slant, 0 * slant, 0 * slant], 1))


def wand_parts(
    draw: Draw,
    product: Material,
    cap: Material,
    length: float,
    tip: Tip,
    *,
    cap_radius: float = 0.28,
    cap_height: float = 1.2,
    section: str = "round",
) -> list[Part]:
    """A cap from y = 0 up; below it a stem of `length`, tip included, coated with the product at its end."""
    head = length * draw.uniform(*TIP_LENGTHS[tip])
    stem_radius = cap_radius * draw.uniform(0.12, 0.18)
    widths = {"doe-foot": 0.34, "brush": 0.26, "mascara": draw.uniform(0.42, 0.7), "spoolie": 0.42}
    grey = draw.choice(0.04, 0.05, 0.92)
    stem = lathe([(stem_radius, 0), (stem_radius, -(length - head) - 0.02)])
    return [
        Part(cylinder(cap_radius, cap_height, section), cap),
        Part(stem, plain((grey,) * 3, 0.3, "black stem" if grey < 0.5 else "white stem")),
        Part(tip_mesh(draw, tip, head, cap_radius * widths[tip]).moved(y=-(length - head)), product),
    ]


@dataclass(frozen=True)
class WandTube:
    """A screw-cap tube or bottle with a wand. Lengths in the scene's units; `bulge` widens its middle."""

    product: Material
    outside: Material
    cap: Material
    tip: Tip
    radius: float
    height: float
    cap_height: float
    section: str = "round"
    bulge: float = 0.0
    see_through: bool = False

    def barrel(self, draw: Draw) -> list[Part]:
        """The part that holds the product, on y = 0."""
        r, h = self.radius, self.height
        if self.see_through:
            wall = r * draw.uniform(0.1, 0.2)
            inner = cylinder(r - wall, h - 2.2 * wall, self.section).moved(y=1.4 * wall)
            return [Part(cylinder(r, h, self.section), clear(draw)), Part(inner, self.product)]
        if not self.bulge:
            return [Part(cylinder(r, h, self.section), self.outside)]
        profile = [(0, 0), (r * 0.8, 0), (r * 0.9, 0.05)]
        profile += [
            (r * (1 + self.bulge * np.sin(np.pi * s)), 0.05 + (h - 0.05) * s)
            for s in np.linspace(0.05, 1, 12)
        ]
        return [Part(lathe([*profile, (0, h)], self.section, crease=50), self.outside)]

    def wand(self, draw: Draw) -> list[Part]:
        length = self.height * draw.uniform(0.72, 0.9)
        return wand_parts(
            draw,
            self.product,
            self.cap,
            length,
            self.tip,
            cap_radius=self.radius,
            cap_height=self.cap_height,
            section=self.section,
        )

    def closed(self, draw: Draw) -> list[Part]:
        parts = self.barrel(draw)
        if draw.chance(0.3):
            ring = cylinder(self.radius * 1.01, 0.07, self.section, 0.01).moved(y=self.height - 0.03)
            parts.append(Part(ring, metal(draw)))
        cap = cylinder(self.radius * draw.uniform(0.95, 1.03), self.cap_height, self.section)
        return [*parts, Part(cap.moved(y=self.height + 0.01), self.cap)]

    def open(self, draw: Draw) -> list[Part]:
        """The wand out: standing on its cap, held at an angle as in adverts, or laid in front."""
        neck = cylinder(self.radius * 0.62, 0.25, bevel=0.02).moved(y=self.height)
        parts = [
            *self.barrel(draw),
            Part(neck, draw.choice(metal(draw), plain((0.06,) * 3, 0.3, "black neck"))),
        ]
        wand = self.wand(draw)
        pose = draw.weighted({"tip up": 3, "tip down": 3, "lying": 2})
        if pose == "lying":
            return parts + laid(wand, draw, draw.uniform(-0.4, 0.4), self.radius * 2 + draw.uniform(0.5, 1.1))
        lean = draw.choice(0.0, draw.uniform(-28, 28)) + (180 if pose == "tip up" else 0)
        return parts + beside(draw, parts, turned(wand, "z", lean))

    def parts(self, draw: Draw, layout: str) -> list[Part]:
        """Laid out as "closed", "wand out" or "wand alone"."""
        if layout == "closed":
            return self.closed(draw)
        return (
            self.open(draw) if layout == "wand out" else turned(self.wand(draw), "z", draw.uniform(-50, 50))
        )


def beside(draw: Draw, parts: list[Part], other: list[Part], gap: float | None = None) -> list[Part]:
    """`other` put on the table to the left or right of `parts`."""
    other = list(placed(other))
    side = draw.sign()
    edge = max(p.mesh.high[0] for p in parts) if side > 0 else min(p.mesh.low[0] for p in parts)
    near = min(p.mesh.low[0] for p in other) if side > 0 else max(p.mesh.high[0] for p in other)
    space = draw.uniform(0.08, 0.5) if gap is None else gap
    return moved(other, edge - near + side * space, 0, draw.uniform(-0.1, 0.3))


def pencil_parts(draw: Draw, core: Material, body: Material) -> list[Part]:
    """A pencil of 3.5 to 4.5 on y = 0 with its tip up: sharpened wood, or a twist-up with a thin lead."""
    length, radius = draw.uniform(3.5, 4.5), draw.uniform(0.085, 0.13)
    shaft = printed(draw, body, vertical=True, often=0.6)
    parts = []
    if draw.chance(0.5):
        section = draw.choice("round", "round", "hex")
        cone = radius * draw.uniform(3.0, 4.6)
        lead = draw.uniform(0.32, 0.45)
        wood = draw.choice(plain((0.82, 0.64, 0.45), 0.7, "wood"), body)
        parts.append(Part(lathe([(0, 0), (radius, 0.01), (radius, length - cone)], section), shaft))
        parts.append(
            Part(lathe([(radius, length - cone), (radius * lead, length - cone * lead)], section), wood)
        )
        point = [(radius * lead, -cone * lead), (radius * 0.1, -0.02), (0, 0)]
        parts.append(Part(lathe(point).moved(y=length), core))
    else:
        collar = radius * draw.uniform(2.0, 5.0)
        thin = radius * draw.uniform(0.3, 0.6)
        out = draw.uniform(0.1, 0.3)
        top = length - collar - out
        parts.append(Part(cylinder(radius, top, bevel=0.02), shaft))
        parts.append(
            Part(lathe([(radius, top), (thin * 1.2, top + collar)]), draw.choice(metal(draw), body, body))
        )
        lead_profile = [(thin, 0), (thin, out * 0.6), (thin * 0.6, out * 0.9), (0, out)]
        parts.append(Part(lathe(lead_profile).moved(y=top + collar), core))
    if draw.chance(0.35):  # the other end: a metal band or a plug
        band = lathe(capsule_profile(radius * 1.04, draw.uniform(0.08, 0.4), 0.015))
        parts.append(Part(band, metal(draw)))
    return parts
