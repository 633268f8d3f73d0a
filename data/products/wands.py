"""Slim applicators and what holds them: wands, brush heads, screw-cap tubes and pencils."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, metal, plain
from data.mesh import Mesh, capsule_profile, cylinder, joined, lathe, smooth_normals
from data.product import Part, moved, placed

Tip = Literal["doe-foot", "brush", "mascara", "spoolie"]
# Against the whole wand: mascara heads are long, doe feet short.
TIP_LENGTHS: dict[str, tuple[float, float]] = {
    "doe-foot": (0.15, 0.24),
    "brush": (0.22, 0.34),
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
    if tip in ("mascara", "spoolie"):
        return bristle_head(draw, length, radius)
    return brush_head(draw, length, radius) if tip == "brush" else doe_foot(draw, length, radius)


def brush_head(draw: Draw, length: float, radius: float) -> Mesh:
    """A lip or polish brush hanging from y = 0: a flat or round tuft with strands and a tapered or blunt end."""
    blunt = draw.uniform(0.25, 0.75)
    s = np.linspace(0, 1, 18)
    belly = np.minimum(0.62 + 0.38 * np.sin(np.pi * np.clip(s / 0.8, 0, 1)), (1.0 - s**6) * 1.2)
    outline = radius * np.where(s > 0.55, belly * (1 - (1 - blunt) * (np.clip(s - 0.55, 0, None) / 0.45) ** 1.6), belly)
    profile = [(max(float(r), 1e-3), -length * float(t)) for r, t in zip(outline[::-1], s[::-1], strict=True)]
    tuft = lathe([(0, -length), *profile[1:]], depth=draw.uniform(0.45, 1.0), crease=180)
    angle = np.arctan2(tuft.vertices[:, 2], tuft.vertices[:, 0])
    strands = 0.05 * np.sin(angle * draw.integer(9, 15) + 3 * tuft.vertices[:, 1] / length)
    fade = np.clip(-tuft.vertices[:, 1] / length, 0, 1)
    return tuft.bent(tuft.vertices * np.array([1.0, 0.0, 1.0]) * (strands * fade)[:, None])


def doe_foot(draw: Draw, length: float, radius: float) -> Mesh:
    """A flocked foot hanging from y = 0: a slim drop cut slantwise, so that it ends in a soft point at -x."""
    s = np.linspace(0, 1, 26)
    plump = draw.uniform(0.25, 0.6)  # where the drop is widest
    widen = 0.55 + 0.45 * np.sin(0.5 * np.pi * np.clip(s / plump, 0, 1))
    outline = radius * widen * np.sqrt(np.clip(1 - np.clip((s - plump) / (1 - plump), 0, 1) ** 2.6, 0, 1))
    profile = [(max(float(r), 1e-3), -length * float(t)) for r, t in zip(outline[::-1], s[::-1], strict=True)]
    foot = lathe([(0, -length), *profile[1:]], depth=draw.uniform(0.6, 0.85), segments=36, crease=180)
    fraction = np.clip(-foot.vertices[:, 1] / length, 0, 1)
    start, steep = draw.uniform(0.2, 0.4), draw.uniform(0.9, 1.7)
    face = radius * (1.0 - steep * np.clip((fraction - start) / (1 - start), 0, None))
    x, soft = foot.vertices[:, 0], 0.08 * radius
    lowered = 0.5 * (x + face - np.sqrt((x - face) ** 2 + soft**2))
    shift = np.zeros_like(foot.vertices)
    shift[:, 0] = np.maximum(np.minimum(lowered, x), -radius) - x
    return foot.bent(shift)


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
    stem = stem_parts(draw, product, length, tip, cap_radius=cap_radius)
    return [Part(cylinder(cap_radius, cap_height, section), cap), *stem]


def stem_parts(draw: Draw, product: Material, length: float, tip: Tip, *, cap_radius: float = 0.28) -> list[Part]:
    """What hangs below a cap from y = 0 down to -`length`: the rod, its collar and the coated tip."""
    head = length * draw.uniform(*TIP_LENGTHS[tip])
    rod = cap_radius * draw.uniform(0.14, 0.22)
    widths = {
        "doe-foot": draw.uniform(0.26, 0.4), "brush": draw.uniform(0.22, 0.34),
        "mascara": draw.uniform(0.42, 0.7), "spoolie": 0.42,
    }  # fmt: skip
    # Mascara rods are black; those of lip colours and concealers mostly clear or white.
    dark = draw.chance(0.8 if tip in ("mascara", "spoolie") else 0.4)
    colour = np.full(3, draw.uniform(0.03, 0.07) if dark else draw.uniform(0.84, 0.95))
    end = -(length - head)
    pieces = [lathe([(rod, 0), (rod, end - 0.02)])]
    if draw.chance(0.4):  # the plug that seals the neck
        plug = cap_radius * draw.uniform(0.4, 0.55)
        pieces.append(lathe([(0, -0.14), (plug, -0.14), (plug, 0)]))
    surface = plain(colour, 0.25, "black stem" if dark else "white stem")
    coated = [tip_mesh(draw, tip, head, cap_radius * widths[tip]).moved(y=end)]
    if tip in ("doe-foot", "brush") and draw.chance(0.5):  # the rod's end is wet, too
        wet = -end * draw.uniform(0.05, 0.3)
        coated.append(lathe([(rod * 1.02, end + wet), (rod * 1.14, end + 0.7 * wet), (rod * 1.2, end)]))
    return [Part(joined(pieces), surface), Part(joined(coated), product)]


def beside(draw: Draw, parts: list[Part], other: list[Part], gap: float | None = None) -> list[Part]:
    """`other` put on the table to the left or right of `parts`."""
    other = list(placed(other))
    side = draw.sign()
    edge = max(p.mesh.high[0] for p in parts) if side > 0 else min(p.mesh.low[0] for p in parts)
    near = min(p.mesh.low[0] for p in other) if side > 0 else max(p.mesh.high[0] for p in other)
    space = draw.uniform(0.08, 0.5) if gap is None else gap
    return moved(other, edge - near + side * space, 0, draw.uniform(-0.1, 0.3))


def pencil_parts(
    draw: Draw,
    core: Material,
    body: Material,
    *,
    length: float | None = None,
    sharpened: bool | None = None,
) -> list[Part]:
    """A pencil of 3.5 to 4.5 on y = 0 with its tip up: sharpened wood, or a twist-up with a thin lead."""
    length = length or draw.uniform(3.5, 4.5)
    radius = draw.uniform(0.085, 0.13)
    shaft = printed(draw, body, vertical=True, often=0.75)
    wooden = draw.chance(0.6) if sharpened is None else sharpened
    parts = _sharpened(draw, core, body, shaft, length, radius) if wooden else []
    if not wooden:
        collar = radius * draw.uniform(2.0, 5.0)
        thin = radius * draw.uniform(0.3, 0.6)
        out = draw.uniform(0.1, 0.3)
        top = length - collar - out
        parts.append(Part(cylinder(radius, top, bevel=0.02), shaft))
        parts.append(Part(lathe([(radius, top), (thin * 1.2, top + collar)]), draw.choice(metal(draw), body, body)))
        lead_profile = [(thin, 0), (thin, out * 0.6), (thin * 0.6, out * 0.9), (0, out)]
        parts.append(Part(lathe(lead_profile).moved(y=top + collar), core))
    end = draw.weighted({"plain": 4, "dipped": 3.5, "band": 1.5, "plug": 1})
    if end == "plain":
        return parts
    # The far end tells the shade, or is a metal band, or a plug.
    high = {"dipped": draw.uniform(0.1, 0.5), "band": draw.uniform(0.05, 0.16), "plug": draw.uniform(0.2, 0.4)}[end]
    surface = plain(core.colour, 0.3, "shade-coloured end", coat=0.5) if end == "dipped" else metal(draw)
    return [*parts, Part(lathe(capsule_profile(radius * 1.012, high, 0.015)), surface)]


def _sharpened(draw: Draw, core: Material, body: Material, shaft: Material, length: float, radius: float) -> list[Part]:
    """Paint with the scalloped edge that a sharpener leaves, bare wood, and the point."""
    section = draw.choice("round", "round", "hex")
    cone, lead = radius * draw.uniform(3.4, 5.4), draw.uniform(0.36, 0.52)
    shoulder = length - cone
    paint = lathe([(0, 0), (radius, 0.01), (radius, shoulder - 0.12), (radius, shoulder)], section, segments=48)
    angle = np.arctan2(paint.vertices[:, 2], paint.vertices[:, 0])
    waves = draw.integer(4, 6)
    dip = np.where(paint.vertices[:, 1] > shoulder - 0.01, radius * 0.4 * np.abs(np.sin(waves * angle / 2)), 0.0)
    paint = paint.bent(np.stack([0 * dip, -dip, 0 * dip], 1))
    wood = draw.choice(plain((0.82, 0.64, 0.45), 0.7, "wood"), plain((0.9, 0.77, 0.6), 0.6, "wood"), body)
    inside = radius * 0.985
    bare = lathe(
        [(inside, shoulder - 0.5 * radius), (inside, shoulder), (radius * lead, length - cone * lead)], section
    )
    blunt = draw.uniform(0.1, 0.3)
    point = [
        (radius * lead, -cone * lead),
        (radius * blunt, -0.6 * cone * blunt),
        (radius * blunt * 0.6, -0.01),
        (0, 0),
    ]
    return [Part(paint, shaft), Part(bare, wood), Part(lathe(point).moved(y=length), core)]
