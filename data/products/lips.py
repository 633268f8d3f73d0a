"""Lipsticks, glosses and lip liners, open and closed, with their swatches."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.label import printed
from data.material import Material, clear, cosmetic, metal, package, plain
from data.mesh import Mesh, blob, capsule_profile, cylinder, joined, lathe, smear
from data.product import Part, Product, laid, moved, placed, turned
from data.products.eyes import pencil_parts
from data.products.swatches import shade
from data.products.wands import Tip, wand_parts

LIPSTICK_FINISHES = {"matte": 3.0, "satin": 4.0, "glossy": 1.2, "shimmer": 0.8, "metallic": 0.3, "sheer": 0.5}
GLOSS_FINISHES = {"glossy": 5.0, "shimmer": 1.6, "sheer": 1.5, "glitter": 0.7, "matte": 0.4}


def lipstick(draw: Draw) -> Product:
    """A bullet, a liquid lipstick, a crayon, or its swatch alone."""
    kind = draw.weighted({"bullet": 6, "liquid": 1.6, "crayon": 0.8, "swatch": 1.8, "lips": 0.5})
    finish = draw.weighted(LIPSTICK_FINISHES)
    colour = shade(draw, "lipstick")
    if kind == "bullet":
        return _bullets(draw, colour, finish)
    if kind == "liquid":
        return tube_with_wand(draw, "lipstick", colour, draw.choice("matte", "satin"), "doe-foot")
    if kind == "crayon":
        return _crayon(draw, "lipstick", colour, draw.choice("satin", "matte"))
    if kind == "lips":
        return _lips(draw, "lipstick", colour, finish)
    return swatch(draw, "lipstick", colour, finish)


def lip_gloss(draw: Draw) -> Product:
    kind = draw.weighted({"tube": 6, "swatch": 2, "lips": 0.4, "squeeze": 0.6})
    finish = draw.weighted(GLOSS_FINISHES)
    colour = shade(draw, "lip gloss")
    if kind == "tube":
        return tube_with_wand(draw, "lip gloss", colour, finish, "doe-foot")
    if kind == "lips":
        return _lips(draw, "lip gloss", colour, "glossy")
    if kind == "squeeze":
        return _squeeze_tube(draw, colour, finish)
    return swatch(draw, "lip gloss", colour, finish)


def lip_liner(draw: Draw) -> Product:
    """Pencils, alone or several, with or without drawn lines, or the lines alone."""
    finish = draw.weighted({"matte": 4, "satin": 2})
    colour = shade(draw, "lip liner")
    core = cosmetic(draw, colour, finish)
    kind = draw.weighted({"pencil": 6, "crayon": 0.8, "strokes": 1.4})
    if kind == "crayon":
        return _crayon(draw, "lip liner", colour, finish)
    if kind == "strokes":
        return swatch(draw, "lip liner", colour, finish, strokes=True)
    body = plain(colour, 0.3, "shade-coloured lacquer", coat=0.8) if draw.chance(0.35) else package(draw)
    count = draw.weighted({1: 6, 2: 1.5, 3: 0.7})
    parts: list[Part] = []
    for k in range(count):
        pencil = pencil_parts(draw, core, printed(draw, body, vertical=True))
        parts += moved(turned(pencil, "z", draw.normal(3)), x=(k - (count - 1) / 2) * draw.uniform(0.4, 0.7))
    layout = "pencil"
    if draw.chance(0.35):
        parts, layout = _with_strokes(draw, parts, core)
        return Product(
            "lip liner", placed(parts), (colour,), finish, "pencil", body, layout, "overhead", count, False
        )
    return Product("lip liner", placed(parts), (colour,), finish, "pencil", body, layout, count=count)


def _with_strokes(draw: Draw, pencils: list[Part], core: Material) -> tuple[list[Part], str]:
    """The pencils laid flat with drawn lines beside them."""
    lying = list(placed(turned(pencils, "x", -90)))
    strokes = [
        smear(draw.rng, draw.uniform(1.2, 2.6), draw.uniform(0.08, 0.2), 0.01, draw.uniform(-3.5, 3.5), 0.2)
        .turned("y", draw.uniform(0, 360))
        .moved(x=draw.sign() * draw.uniform(0.6, 1.0), z=draw.uniform(-1, 1))
        for _ in range(draw.integer(1, 3))
    ]
    middle = sum(p.mesh.low + p.mesh.high for p in lying) / (2 * len(lying))
    return [*moved(lying, -middle[0], 0, -middle[2]), Part(joined(strokes), core)], "lying, with drawn lines"


def swatch(
    draw: Draw,
    product_type: str,
    colour: np.ndarray,
    finish: str,
    *,
    strokes: bool = False,
    layout: str = "swatch",
) -> Product:
    """The texture alone: a smear or several, a poured disc, or thin drawn lines."""
    material = cosmetic(draw, colour, finish)
    kind = "line" if strokes else draw.weighted({"smear": 5, "disc": 2, "several": 1.5})
    meshes: list[Mesh] = []
    shades: tuple[np.ndarray, ...] = (colour,)
    parts: list[Part] = []
    if kind == "disc":
        meshes = [blob(draw.rng, 1.0, draw.uniform(0.03, 0.15), draw.choice(0.0, 0.02, 0.12))]
    elif kind == "line":
        for _ in range(draw.integer(1, 4)):
            line = smear(
                draw.rng, draw.uniform(1.5, 3), draw.uniform(0.07, 0.35), 0.015, draw.uniform(-5, 5), 0.25
            )
            meshes.append(line.moved(x=draw.normal(0.4), z=draw.normal(0.4)))
    else:
        width = draw.uniform(0.35, 1.1)
        mesh = smear(
            draw.rng, draw.uniform(1.6, 2.6), width, draw.uniform(0.03, 0.12), draw.uniform(-1.2, 1.2), 0.15
        )
        meshes = [mesh.turned("y", draw.uniform(0, 360))]
    if kind == "several":  # neighbouring shades side by side
        turn = draw.choice(0.0, 90.0)
        more = [shade(draw, product_type) for _ in range(draw.integer(1, 4))]
        shades = (colour, *more)
        for k, other in enumerate(shades):
            mesh = smear(draw.rng, 2.0, 0.5, 0.06, draw.uniform(-0.3, 0.3), 0.15)
            surface = material if k == 0 else cosmetic(draw, other, finish)
            place = (k - (len(shades) - 1) / 2) * 0.75
            parts.append(Part(mesh.moved(z=place).turned("y", turn), surface))
    else:
        parts = [Part(joined(meshes), material)]
    name = {"disc": "poured swatch", "line": "drawn lines", "several": "row of swatches"}.get(kind, layout)
    return Product(
        product_type, placed(parts), shades, finish, "", None, name, "overhead", len(shades), False
    )


def tube_with_wand(
    draw: Draw, product_type: str, colour: np.ndarray, finish: str, tip: Tip, *, form: str = "tube"
) -> Product:
    """A slim vial with an applicator in its cap: closed, or with the wand standing, lying or leaning beside it."""
    section = draw.choice("round", "round", "square", "soft")
    radius, height = draw.uniform(0.24, 0.42), draw.uniform(1.3, 2.3)
    fill = cosmetic(draw, colour, finish)
    body, seen = _vial(draw, section, radius, height, fill)
    cap_material = (
        package(draw) if draw.chance(0.85) else plain(colour, 0.2, "shade-coloured lacquer", coat=1.0)
    )
    cap_height = draw.uniform(0.7, 1.7)
    cap = Part(
        cylinder(radius * draw.uniform(0.88, 1.05), cap_height, section),
        printed(draw, cap_material, vertical=True, often=0.35),
    )
    kind = draw.weighted({"closed": 4, "wand beside": 3, "wand lying": 2})
    if kind == "closed":
        parts = [*body, cap.moved(y=height + 0.02)]
        shown = (colour,) if seen else ()
        outer = body[0].material if seen else cap_material
        return _vials(draw, Product(
            product_type, placed(parts), shown, finish if seen else None, form, outer, "closed"
        ))  # fmt: skip
    neck = Part(lathe([(radius * 0.62, 0), (radius * 0.62, 0.22)]), plain(np.full(3, 0.85), 0.2)).moved(
        y=height
    )
    wand = [
        Part(cap.mesh.moved(y=0), cap.material),
        *wand_parts(draw, fill, cap_material, height * 0.85, tip),
    ]  # type: ignore[arg-type]
    if kind == "wand lying":
        wand = laid(wand, draw, draw.sign() * draw.uniform(0.9, 1.4), draw.uniform(0.4, 1.1))
    else:
        if draw.chance(0.4):
            wand = turned(wand, "z", draw.uniform(-25, 25))
        if draw.chance(0.3):
            wand = turned(wand, "z", 180)
        wand = moved(placed(wand), x=draw.sign() * radius * draw.uniform(2.4, 4.5))
    parts = [*body, neck, *wand]
    if draw.chance(0.2):
        drop = smear(draw.rng, draw.uniform(1, 2), draw.uniform(0.2, 0.5), 0.05, draw.uniform(-1, 1))
        parts.append(Part(drop.moved(x=draw.uniform(-0.8, 0.8), z=draw.uniform(0.7, 1.2)), fill))
    layout = "open, wand out"
    outer = body[0].material
    return Product(product_type, placed(parts), (colour,), finish, form, outer, layout, tiltable=False)


def _vial(draw: Draw, section: str, radius: float, height: float, fill: Material) -> tuple[list[Part], bool]:
    """A clear vial with its fill, a vial coloured like the fill, or an opaque one; and whether the fill is seen."""
    kind = draw.weighted({"clear": 6, "coloured": 1.5, "opaque": 1.5})
    if kind == "opaque":
        surface = printed(draw, package(draw), vertical=draw.chance(0.7))
        return [Part(cylinder(radius, height, section), surface)], False
    label = (
        printed(draw, fill, vertical=draw.chance(0.7), often=0.7)
        if fill.name in ("glossy", "matte", "satin", "sheer")
        else fill
    )
    if kind == "coloured":
        return [Part(cylinder(radius, height, section), label)], True
    wall = draw.uniform(0.03, 0.1) * (radius / 0.4)
    inside = Part(cylinder(radius - wall, height - 2.2 * wall, section), label).moved(y=1.5 * wall)
    return [Part(cylinder(radius, height, section), clear(draw)), inside], True


def _vials(draw: Draw, product: Product) -> Product:
    """Now and then several of one product in a row."""
    if not draw.chance(0.15):
        return product
    count = draw.integer(2, 5)
    step = float(
        np.ptp([p.mesh.vertices[:, 0].max() for p in product.parts] + [p.mesh.low[0] for p in product.parts])
    )
    parts = [q for k in range(count) for q in moved(product.parts, x=(k - (count - 1) / 2) * step * 1.2)]
    return Product(
        product.product_type, tuple(parts), product.shades, product.finish, product.form, product.package,
        product.layout, count=count,
    )  # fmt: skip


def _bullets(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    case = package(draw)
    inner = metal(draw) if draw.chance(0.65) else case
    if draw.chance(0.1):
        case = plain(colour, draw.uniform(0.2, 0.4), "shade-coloured lacquer", coat=0.5)
    section = draw.choice("round", "round", "square", "soft")
    radius = draw.uniform(0.4, 0.55)
    count = draw.weighted({1: 8, 2: 1, 3: 0.6, 4: 0.3})
    state = draw.weighted({"cap beside": 3.5, "no cap": 2, "cap lying": 2, "closed": 1.0, "bare": 0.7})
    if state == "closed":
        parts = _closed_case(draw, section, radius, case)
        return Product("lipstick", placed(parts), (), None, "bullet case", case, "closed", count=1)
    shades = [colour] + [shade(draw, "lipstick") for _ in range(count - 1)]
    parts = []
    for k, tone in enumerate(shades):
        stick = _one_bullet(
            draw, section, radius, case, inner, cosmetic(draw, tone, finish), bare=state == "bare"
        )
        parts += moved(stick, x=(k - (count - 1) / 2) * radius * 2.6)
    cap = Part(cylinder(radius, draw.uniform(1.1, 1.7), section), printed(draw, case, often=0.5))
    reach = radius * (2.4 + 1.3 * (count - 1))
    if state == "cap beside":
        parts.append(cap.moved(x=draw.sign() * reach * draw.uniform(0.95, 1.3), z=draw.uniform(-0.3, 0.5)))
    elif state == "cap lying":
        parts += laid([cap], draw, draw.sign() * reach, draw.uniform(0.2, 1.0))
    layout = {"bare": "bullet close-up", "no cap": "twisted up"}.get(state, "twisted up, cap off")
    form = "" if state == "bare" else "bullet case"
    if draw.chance(0.12):
        mark = smear(draw.rng, draw.uniform(1, 2.2), draw.uniform(0.3, 0.6), 0.04, draw.uniform(-1, 1))
        parts.append(Part(mark.moved(x=draw.uniform(-0.8, 0.8), z=1.2), cosmetic(draw, colour, finish)))
        layout += ", with a smear"
    return Product("lipstick", placed(parts), tuple(shades), finish, form, case, layout, count=count)


def _closed_case(draw: Draw, section: str, radius: float, case: Material) -> list[Part]:
    height, cap = draw.uniform(0.6, 1.1), draw.uniform(1.1, 1.7)
    ring = Part(cylinder(radius * 1.01, 0.12, section, 0.02), metal(draw)).moved(y=height - 0.06)
    return [
        Part(cylinder(radius, height, section), case),
        ring,
        Part(cylinder(radius, cap, section), printed(draw, case, often=0.6)).moved(y=height + 0.05),
    ]


def _one_bullet(
    draw: Draw, section: str, radius: float, case: Material, inner: Material, stick: Material, *, bare: bool
) -> list[Part]:
    """The case, the metal inner tube and the slanted bullet."""
    height, collar = draw.uniform(0.8, 1.5), draw.uniform(0.2, 0.6)
    inner_radius = radius * draw.uniform(0.82, 0.92)
    r, h = inner_radius * draw.uniform(0.8, 0.92), draw.uniform(0.5, 1.05)
    profile = [
        (r, -0.1),
        (r, h * 0.5),
        (r * 0.98, h * 0.66),
        (r * 0.88, h * 0.83),
        (r * 0.6, h * 0.95),
        (r * 0.25, h),
        (0, h),
    ]
    bullet = lathe(profile, "round", crease=180)
    rise = np.clip((bullet.vertices[:, 1] - 0.3 * h) / (0.7 * h), 0, 1)
    shift = np.zeros_like(bullet.vertices)
    shift[:, 1] = rise * bullet.vertices[:, 0] * draw.uniform(0.3, 1.2) * draw.sign()
    slanted = bullet.bent(shift).turned("y", draw.uniform(-70, 70))
    if bare:
        tube = Part(cylinder(inner_radius, 0.3, "round", 0.03), inner)
        return [tube, Part(slanted.moved(y=0.3), stick)]
    collar_profile = [
        (inner_radius, 0),
        (inner_radius, collar - 0.02),
        (inner_radius - 0.02, collar),
        (r, collar),
    ]
    return [
        Part(lathe(capsule_profile(radius, height), section), printed(draw, case, often=0.45)),
        Part(lathe(collar_profile, draw.choice("round", section)).moved(y=height), inner),
        Part(slanted.moved(y=height + collar), stick),
    ]


def _crayon(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    """A chubby stick: a slim twist-up in a body that often has the shade's colour."""
    stick = cosmetic(draw, colour, finish)
    body = plain(colour, 0.35, "shade-coloured plastic") if draw.chance(0.6) else package(draw)
    r, h = draw.uniform(0.16, 0.24), draw.uniform(2.2, 3.0)
    parts = [
        Part(cylinder(r, h, "round", 0.03), printed(draw, body, vertical=True)),
        Part(lathe([(r * 0.95, 0), (r * 0.72, 0.3)]).moved(y=h), metal(draw) if draw.chance(0.5) else body),
        Part(
            lathe([(r * 0.66, 0), (r * 0.66, 0.35), (r * 0.4, 0.58), (0, 0.66)], crease=60).moved(y=h + 0.28),
            stick,
        ),
    ]
    cap = Part(cylinder(r * 1.02, draw.uniform(0.9, 1.3), "round", 0.04), body)
    if draw.chance(0.5):
        parts.append(cap.moved(x=draw.sign() * r * draw.uniform(3, 5)))
    return Product(product_type, placed(parts), (colour,), finish, "crayon", body, "cap off")


def _squeeze_tube(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A soft tube in the gloss's own colour, crimped at the top."""
    from data.products.vessels import tube_parts

    body = printed(draw, cosmetic(draw, colour, "glossy" if finish != "sheer" else finish), vertical=True)
    parts = tube_parts(draw, body, package(draw), draw.uniform(1.6, 2.2), draw.uniform(0.3, 0.42))
    return Product("lip gloss", placed(parts), (colour,), body.name, "squeeze tube", body, "closed")


def _lips(draw: Draw, product_type: str, colour: np.ndarray, finish: str) -> Product:
    """A mouth in close-up: two lips in the shade on a ground of skin."""
    from data.products.skin import lips_parts

    parts = lips_parts(draw, cosmetic(draw, colour, finish))
    return Product(
        product_type, placed(parts), (colour,), finish, "", None, "worn on lips", "overhead", 1, False
    )
