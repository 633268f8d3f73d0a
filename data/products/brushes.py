"""Make-up brushes of all kinds with soft hair: alone, in sets, in cups, rolls and trays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, metal, package, plain
from data.mesh import Mesh, box, cylinder, joined, lathe
from data.product import Part, Product, View, laid, moved, placed, turned
from data.products.placing import Parts, flat_lay, middled, spun
from data.products.shapes import grey, hue
from data.products.wands import beside

HAIR = (
    (0.05, 0.04, 0.04),
    (0.05, 0.04, 0.04),
    (0.28, 0.17, 0.11),
    (0.92, 0.90, 0.86),
    (0.72, 0.53, 0.40),
    (0.85, 0.6, 0.62),
)
HAIR_TEXTURE = 192  # texels across; single hairs show as stripes of one or two pixels
HAIRS = 1500  # of all brushes of a picture together


@dataclass(frozen=True)
class Kind:
    """A head against the handle's radius: `neck` the ferrule's end, `hair` its length, `wide` its bulge, `flat` depth.

    `tip` are the outline's last points as shares of width and height; `slant` tilts the edge of angled brushes.
    """

    neck: float
    hair: float
    wide: float
    flat: float
    tip: tuple[tuple[float, float], ...]
    slant: float = 0.0


DOME = ((0.99, 0.62), (0.9, 0.8), (0.68, 0.93), (0.35, 0.99), (0.0, 1.0))
POINT = ((0.9, 0.6), (0.62, 0.8), (0.3, 0.94), (0.0, 1.0))
FLAT = ((1.0, 0.8), (0.97, 0.93), (0.85, 0.99), (0.0, 1.0))
ARCH = ((1.0, 0.9), (0.8, 0.97), (0.4, 1.0), (0.0, 1.0))
KINDS: dict[str, Kind] = {
    "powder": Kind(2.1, 1.0, 1.75, 1.0, DOME), "tapered": Kind(1.8, 1.0, 1.5, 1.0, POINT),
    "foundation": Kind(1.7, 0.8, 1.2, 0.35, DOME), "angled cheek": Kind(1.9, 0.85, 1.5, 0.6, DOME, 0.55),
    "flat top": Kind(2.0, 0.7, 1.25, 1.0, FLAT), "fan": Kind(1.2, 0.75, 4.6, 0.08, ARCH),
    "shader": Kind(1.15, 0.42, 1.3, 0.45, DOME), "blending": Kind(1.0, 0.55, 1.5, 0.9, POINT),
    "liner": Kind(0.75, 0.3, 0.85, 1.0, POINT), "angled liner": Kind(0.9, 0.28, 1.0, 0.25, FLAT, 0.6),
    "stipple": Kind(2.1, 0.62, 1.15, 1.0, FLAT), "lip": Kind(0.8, 0.34, 0.95, 0.5, POINT),
}  # fmt: skip
SET_ORDER = ("powder", "angled cheek", "flat top", "tapered", "foundation", "stipple", "fan", "blending", "shader",
             "blending", "angled liner", "lip", "liner")  # fmt: skip
WEIGHTS = {"powder": 3, "tapered": 1.4, "foundation": 1.3, "angled cheek": 1.2, "flat top": 1.2, "fan": 0.8,
           "shader": 1.3, "blending": 1.2, "liner": 0.5, "angled liner": 0.5, "stipple": 0.6, "lip": 0.4}  # fmt: skip


@dataclass(frozen=True)
class Family:
    """What the brushes of one line share."""

    handle: Material
    ferrule: Material
    hair: Material
    grip: str
    slim: float


def family_of(draw: Draw) -> Family:
    """Hair runs dark to light from root to tip, or is dyed at the tip."""
    root = np.array(draw.choice(*HAIR))
    tip = {"same": root * 1.05, "white": grey(draw), "dark": root * 0.5, "dyed": hue(draw, (0.3, 0.7), (0.35, 0.8))}[
        draw.weighted({"same": 3, "white": 1.5, "dark": 0.8, "dyed": 0.9})
    ]
    start = draw.uniform(0.3, 0.7)
    rise = np.clip((np.linspace(1, 0, HAIR_TEXTURE) - start) / draw.uniform(0.1, 0.3), 0, 1)[:, None, None]
    strands = 0.84 + 0.32 * draw.rng.random((1, HAIR_TEXTURE, 1))
    texture = np.clip((root * (1 - rise) + tip * rise) * strands, 0, 1)
    hair = plain(root, 0.8, "bristles", specular=0.2).painted((texture * 255).astype(np.uint8))
    woody = plain(np.array([0.72, 0.54, 0.36]) * draw.uniform(0.5, 1.1), 0.45, "brown wood")
    handle = woody if draw.chance(0.22) else package(draw)
    grip = draw.weighted({"tapered": 5, "straight": 1.5, "bulb": 1.5, "spiral": 0.8})
    ferrule = metal(draw) if draw.chance(0.85) else handle
    handle = printed(draw, handle, vertical=True, often=0.5)
    return Family(handle, ferrule, hair, grip, draw.uniform(0.85, 1.15))


def tuft(draw: Draw, kind: Kind, neck: float, hair: float, hairs: int) -> Mesh:
    """Hair standing on y = 0: a soft body, and single hairs on it that end in a fine fringe."""
    wide = neck * kind.wide
    root = np.array([(neck * 0.94, 0.0), (0.55 * neck + 0.45 * wide, 0.2 * hair), (0.96 * wide, 0.45 * hair)])
    if kind.flat < 0.1:  # a fan opens evenly from its root
        root = np.array([(neck * 0.94, 0.0), (0.35 * wide, 0.3 * hair), (0.68 * wide, 0.6 * hair)])
    outline = np.concatenate([root, [(wide * a, hair * b) for a, b in kind.tip]])
    body = lathe([(float(r) * 0.97, float(y) * 0.97) for r, y in outline], depth=kind.flat, crease=180)
    # Hairs follow the outline from a point of it upward and end a little beyond it.
    angle = draw.rng.uniform(0, 2 * np.pi, hairs)
    end = np.sqrt(draw.rng.uniform(0.0, 1.0, hairs))  # how far from the axis it ends, as a share of its widest
    steps = np.linspace(0, 1, 5)
    ys, rs = outline[:, 1], outline[:, 0]
    order = np.argsort(-rs[len(root) - 1 :]) + len(root) - 1
    shoulder_r, shoulder_y = rs[order][::-1], ys[order][::-1]
    top_r = end * wide * 0.99
    top_y = np.interp(top_r, shoulder_r, shoulder_y) * (1 + draw.rng.normal(0, 0.022, hairs))
    height = top_y[:, None] * (0.45 + 0.55 * steps[None])
    limit = np.interp(height, ys, rs)
    radius = top_r[:, None] * (limit / wide) ** (1 - steps[None])
    radius = np.where(steps[None] > 0.8, top_r[:, None] * 1.01, np.minimum(radius, limit))
    a = angle[:, None] + draw.rng.normal(0, 0.03, hairs)[:, None] * steps[None]
    centre = np.stack([radius * np.cos(a), height, radius * np.sin(a) * kind.flat], 2)
    half = 0.011 * (0.3 + neck * 3) * (1 - steps) ** 0.5 + 5e-4
    across = np.stack([-np.sin(a), 0 * a, np.cos(a) * kind.flat], 2) * half[None, :, None]
    vertices = np.stack([centre - across, centre + across], 2)  # hairs, steps, 2, 3
    cell = np.array([(0, 1, 3), (0, 3, 2)])
    faces = np.concatenate([cell + 2 * k for k in range(4)])
    faces = (np.arange(hairs)[:, None, None] * 10 + faces[None]).reshape(-1, 3)
    out = np.stack([np.cos(a), 0.5 + 0 * a, np.sin(a) / max(kind.flat, 0.2)], 2)
    out /= np.linalg.norm(out, axis=2, keepdims=True)
    uv = np.stack([np.broadcast_to(draw.rng.random(hairs)[:, None], a.shape), np.clip(height / hair, 0, 1)], 2)
    fringe = Mesh(
        vertices.reshape(-1, 3),
        faces,
        np.repeat(out, 2, axis=1).reshape(-1, 3),
        np.repeat(uv, 2, axis=1).reshape(-1, 2),
    )
    whole = joined([body, fringe])
    if kind.slant:
        shift = np.zeros_like(whole.vertices)
        shift[:, 1] = np.clip(whole.vertices[:, 1] / hair - 0.35, 0, 1) * whole.vertices[:, 0] * kind.slant * 1.6
        whole = Mesh(whole.vertices + shift, whole.faces, whole.normals, whole.uv)
    return whole


def brush(draw: Draw, family: Family, name: str | None = None, hairs: int = HAIRS, double: bool = False) -> Parts:
    """A brush that stands on its handle's end, hair up; some 15 to 18 cm long in units of 4 cm."""
    kind = KINDS[name or draw.weighted(WEIGHTS)]
    big = kind.neck > 1.4
    r = draw.uniform(0.085, 0.12) * family.slim * (1.0 if big else 0.8)
    length = draw.uniform(1.9, 2.4) if big else draw.uniform(2.2, 2.7)
    neck, hair = r * kind.neck, kind.hair * draw.uniform(0.85, 1.15)
    grips = {
        "tapered": [(0, 0), (r * 0.4, 0.02), (r * 0.7, length * 0.3), (r * 1.1, length * 0.8), (r, length)],
        "straight": [(0, 0), (r * 0.9, 0), (r, 0.04), (r, length)],
        "bulb": [(0, 0), (r * 0.35, 0.02), (r * 0.45, length * 0.35), (r * 1.35, length * 0.78), (r, length)],
        "spiral": [(0, 0), *((r * (1 + 0.14 * (k % 2)), 0.1 + k * length / 26) for k in range(25)), (r, length)],
    }  # fmt: skip
    grip = grips["tapered" if double else family.grip]
    tall = draw.uniform(0.35, 0.6) if big else draw.uniform(0.4, 0.55)
    steps = [(r * 1.01, 0), (r * 1.04, 0.03), (r * 1.0, 0.06), (0.5 * (r + neck), tall * 0.55), (neck, tall)]
    ferrule = lathe(steps, crease=60)
    squeeze = np.zeros_like(ferrule.vertices)
    flat_neck = max(kind.flat, 0.4) if kind.flat > 0.1 else 0.45
    squeeze[:, 2] = ferrule.vertices[:, 2] * (flat_neck - 1) * np.clip(ferrule.vertices[:, 1] / tall, 0, 1)
    return [
        Part(lathe(grip, crease=90), family.handle),
        Part(ferrule.bent(squeeze).moved(y=length), family.ferrule),
        Part(tuft(draw, kind, neck, hair, hairs).moved(y=length + tall - 0.01), family.hair),
    ]


def brushes(draw: Draw) -> Product:
    """One brush, or two to twelve: in a row, laid out, fanned, in a cup, in a roll, with a kabuki."""
    family = family_of(draw)
    count = draw.weighted({1: 4.5, 2: 0.8, 3: 0.9, 4: 0.7, 5: 1, 6: 0.7, 7: 0.5, 8: 0.6, 10: 0.6, 12: 0.5})
    if count == 1:
        layout = draw.weighted({"single": 4, "laid flat": 2})
        one = brush(draw, family)
        if draw.chance(0.4):
            one = turned(one, "z", 180) if draw.chance(0.25) else one
        if layout == "single":
            return _product(one, family, "brush", layout, 1, "upright", True)
        return _product(flat_lay([spun(one, draw.uniform(-50, 50))]), family, "brush", layout, 1, "overhead", False)
    layout = draw.weighted({"in a row": 4, "fanned out": 1.2, "in a cup": 1.2, "in a roll": 1, "laid out": 1.2})
    hairs = HAIRS // count + 60
    names = [SET_ORDER[(k * len(SET_ORDER)) // count] for k in range(count)]
    if draw.chance(0.3):
        names = [draw.weighted(WEIGHTS) for _ in range(count)]
    if draw.chance(0.3):
        names = names[::-1]
    made = [brush(draw, family, name, hairs) for name in names]
    if layout == "in a cup":
        return _product(_in_cup(draw, made[:8]), family, "brush set", layout, min(count, 8), "upright", False)
    parts: Parts = []
    flat = layout != "in a row" or draw.chance(0.5)
    x, tidy = 0.0, draw.uniform(0.3, 2.0)
    for k, one in enumerate(made):
        half = float(max(p.mesh.high[0] for p in one))
        if layout == "fanned out":
            parts += flat_lay([turned(one, "z", -(k - (count - 1) / 2) * min(13.0, 75 / count))])
            continue
        x += half + draw.uniform(0.05, 0.16)
        if layout == "laid out":
            parts += flat_lay([spun(one, draw.normal(16) + 180 * draw.chance(0.3), 1.3 * x, draw.normal(0.5))])
        elif flat:
            foot = spun(one, draw.normal(tidy), x, 0)
            low = float(min(p.mesh.low[1] for p in foot))
            parts += flat_lay([moved(foot, y=-low)])
        else:
            parts += moved(placed(one), x=x)
        x += half
    if layout == "in a roll":
        parts = _rolled(draw, parts)
    view: View = "overhead" if flat else "upright"
    return _product(parts, family, "brush set", layout, count, view, False)


def _product(parts: Parts, family: Family, form: str, layout: str, count: int, view: View, tiltable: bool) -> Product:
    return Product("brush or tool", middled(parts), (), None, form, family.handle, layout, view, count, tiltable)


def _in_cup(draw: Draw, made: list[Parts]) -> Parts:
    cup = package(draw)
    wall = [(0, 0), (0.5, 0), (0.54, 0.05), (0.56, 1.5), (0.52, 1.5), (0.48, 0.1), (0, 0.1)]
    parts = [Part(lathe(wall, draw.choice("round", "round", "soft")), printed(draw, cup, often=0.4))]
    for k, one in enumerate(made):
        lean = turned(turned(one, "z", draw.uniform(3, 10)), "y", 360 * k / len(made) + draw.uniform(-20, 20))
        a = np.radians(360 * k / len(made))
        parts += moved(lean, 0.12 * np.cos(a), 0.12, -0.12 * np.sin(a))
    return parts


def _rolled(draw: Draw, parts: Parts) -> Parts:
    """On an opened roll of cloth or leather whose pocket hides the handles' ends."""
    low, high = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    wide, deep = float(high[0] - low[0]) + 0.5, float(high[2] - low[2]) + 0.5
    hide = package(draw)
    leather = plain(hide.colour, 0.7, "roll", specular=0.2)
    middle = float(low[0] + high[0]) / 2
    mat = box(wide, 0.03, deep, 0.01).moved(middle, -0.035, float(low[2] + high[2]) / 2)
    pocket_deep = deep * draw.uniform(0.3, 0.45)
    pocket = box(wide, 0.1, pocket_deep, 0.03).moved(middle, 0.14, float(high[2]) + 0.25 - pocket_deep / 2)
    seams = [
        box(0.015, 0.012, pocket_deep, 0.003).moved(
            low[0] - 0.1 + k * wide / 9, 0.236, float(high[2]) + 0.25 - pocket_deep / 2
        )
        for k in range(1, 9)
    ]
    thread = plain(np.clip(leather.colour * 0.6 + 0.1, 0, 1), 0.8, "thread")
    return [*parts, Part(joined([mat, pocket]), leather), Part(joined(seams), thread)]


def kabuki(draw: Draw) -> Product:
    """A short brush with a broad tuft, its cap beside it or not, or a travel brush in a sleeve."""
    family = family_of(draw)
    r, h = draw.uniform(0.28, 0.45), draw.uniform(0.5, 1.3)
    shape = KINDS[draw.choice("powder", "powder", "flat top", "stipple", "tapered")]
    kind = Kind(1.0, 0.9, draw.uniform(1.15, 1.5), 1.0, shape.tip)
    sleeve = draw.chance(0.4)
    body = (
        [(0, 0), (r * 0.9, 0), (r, 0.04), (r * draw.uniform(0.7, 1.0), h * 0.5), (r, h)]
        if not sleeve
        else [(0, 0), (r * 0.96, 0), (r, 0.04), (r, h)]
    )
    parts = [
        Part(lathe(body, crease=60), family.handle),
        Part(lathe([(r * 1.02, 0), (r * 1.02, 0.14), (r * 0.97, 0.16)]).moved(y=h - 0.14), family.ferrule),
        Part(tuft(draw, kind, r * 0.95, draw.uniform(0.6, 1.0), HAIRS).moved(y=h), family.hair),
    ]
    if sleeve and draw.chance(0.7):
        parts += beside(draw, parts, [Part(cylinder(r * 1.05, h * 0.9, bevel=0.03), family.ferrule)])
    return _product(parts, family, "brush", "single", 1, "upright", True)


def lying_brush(draw: Draw) -> Parts:
    """A fine flat brush for gel, lying on y = 0."""
    body = package(draw)
    r = draw.uniform(0.06, 0.09)
    handle = lathe([(0, 0), (r * 0.5, 0.03), (r, 1.2), (r, 1.6)], crease=90)
    ferrule = lathe([(r, 1.6), (r * 0.8, 2.0)])
    hair = lathe([(r * 0.8, 2.0), (r * 0.9, 2.12), (r * 0.3, 2.3), (0, 2.31)], depth=0.5, crease=90)
    upright = [Part(handle, body), Part(ferrule, metal(draw)), Part(hair, plain((0.06, 0.04, 0.03), 0.8, "bristles"))]
    return laid(upright, draw, 0.0, 1.2)
