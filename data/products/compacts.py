"""Colour for face and eyes in all its forms; here the pressed: compacts, pans, groups of compacts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data import film
from data.draw import Draw
from data.material import cosmetic, metal, package
from data.mesh import lathe
from data.product import Part, Product, View, moved, placed, turned
from data.products.cases import COMPACT_LAYOUTS, Case, applicator, case, lying_brush, puff, with_lid
from data.products.complexion import tube
from data.products.creams import dropper, pot
from data.products.embossing import blended, pressed, relief
from data.products.embossing import powder as pressed_powder
from data.products.liquids import liquid
from data.products.loose import loose_powder
from data.products.palettes import contour, palette, quad
from data.products.shop_compacts import shop_compact, two_streaks
from data.products.sticks import double_ended, stick
from data.products.swatches import FINISH_WEIGHTS, LIQUID_FINISHES, crushed, finish, related, shade, swatch
from data.products.vessels import carton
from data.products.wands import beside

__all__ = ["blush", "bronzer", "compact", "eyeshadow", "palette", "powder"]

VIEWS: dict[str, dict[View, float]] = {  # shops photograph a half-open case from above, its lid's name in view
    "half open": {"overhead": 4, "flat": 1},
    "open flat": {"overhead": 2, "flat": 1},
    "lid missing": {"overhead": 1, "flat": 1},
    "closed": {"overhead": 1, "flat": 1.5},
}


# Bronzers are mostly matte browns, highlighters pale and shimmering.
BRONZER = {"matte": 5.0, "satin": 2.5, "shimmer": 1.5, "metallic": 0.3}
HIGHLIGHTER = {"shimmer": 5.0, "metallic": 3.0, "satin": 0.8, "glitter": 0.6}
PALE = 0.74  # mean sRGB from which a bronzer or highlighter is a highlighter


def finish_of(draw: Draw, product_type: str, colour: np.ndarray) -> str:
    """A finish that suits the type and, of bronzers and highlighters, the sRGB `colour` (3,)."""
    if product_type != "bronzer or highlighter":
        return finish(draw, product_type)
    return draw.weighted(HIGHLIGHTER if float(np.mean(colour)) > PALE else BRONZER)


def powder_shade(draw: Draw, product_type: str) -> np.ndarray:
    """The sRGB colour (3,) of a pressed powder: of bronzers and highlighters in compacts, more are bronzers."""
    colour = shade(draw, product_type)
    if product_type == "bronzer or highlighter" and float(np.mean(colour)) > PALE and draw.chance(0.45):
        return shade(draw, product_type)
    return colour


def filled(
    draw: Draw, case: Case, product_type: str, colour: np.ndarray, main: str
) -> tuple[list[Part], list[np.ndarray]]:
    """The tray with its powder, of one colour mostly, and the shades."""
    tray = case.tray()
    if draw.chance(0.3):
        tray.append(case.rim(metal(draw)))
    section, depth = case.well
    kind = draw.weighted({"single": 7, "baked": 0.9, "blended": 1.1, "strips": 1.0})
    if kind == "strips":
        count = draw.weighted({2: 2, 3: 1})
        shades = [colour] + [related(draw, colour) for _ in range(count - 1)]
        edges = np.linspace(-1, 1, count + 1)
        for left, right, tone in zip(edges[:-1], edges[1:], shades, strict=True):
            own = main if draw.chance(0.6) else finish_of(draw, product_type, tone)
            strip = case.strip(left + 0.012, right - 0.012)
            tray.append(Part(strip, pressed_powder(draw, tone, own, relief(draw))))
        return tray, shades
    height = relief(draw)
    dome = draw.uniform(0.08, 0.3) if kind == "baked" else draw.weighted({0.0: 5, 0.05: 1})
    surface = pressed(
        case.pan - 0.012,
        (case.pan - 0.012) * depth,
        section,
        case.height - 0.015,
        height,
        strength=draw.uniform(0.015, 0.04),
        dome=dome,
    )
    material = pressed_powder(draw, colour, main, height)
    shades = [colour]
    if kind == "blended" or (kind == "baked" and draw.chance(0.5)):
        shades.append(related(draw, colour))
        material = blended(draw, material, *shades)
    return [*tray, Part(surface, material)], shades


def compact(draw: Draw, product_type: str) -> Product:
    """Pressed powder in a hinged or screw-top case, sometimes with its carton, a brush or crumbs."""
    colour = powder_shade(draw, product_type)
    main = finish_of(draw, product_type, colour)
    shell, layout = case(draw, colour), draw.weighted(COMPACT_LAYOUTS)
    tray, shades = filled(draw, shell, product_type, colour, main)
    parts = with_lid(draw, shell, tray, layout)
    hidden = layout == "closed" and shell.lid_kind == "solid"
    view = draw.weighted(VIEWS.get(layout, {"flat": 1}))
    if layout == "closed" and not hidden:
        layout = "closed under a clear lid"
    company = draw.weighted(
        {"none": 14, "applicator": 0.5, "brush": 1.2, "carton": 1, "crumbs": 0.0 if hidden else 1.2}
    )
    if company == "applicator":
        parts += beside(draw, parts, applicator(draw))
    elif company == "brush":
        parts += beside(draw, parts, lying_brush(draw, draw.choice("powder", "angled cheek", "tapered")))
    elif company == "carton":
        parts += beside(draw, parts, lying_carton(draw))
    elif company == "crumbs":
        crumbs = crushed(draw, 0.4).moved(draw.uniform(-0.8, 0.8), 0, shell.depth + draw.uniform(0.4, 0.8))
        parts.append(Part(crumbs, cosmetic(draw, colour, main)))
    return Product(
        product_type,
        placed(parts),
        () if hidden else tuple(shades),
        None if hidden else main,
        "compact",
        shell.face if shell.outside.clear else shell.outside,
        layout,
        view,
        tiltable=False,
    )


def lying_carton(draw: Draw) -> list[Part]:
    """The flat folding box of a compact on its back, its printed face up."""
    box = carton(draw, package(draw), draw.uniform(1.9, 2.3), draw.uniform(1.9, 2.3), draw.uniform(0.3, 0.5))
    return list(placed(turned([box], "x", -90)))


def group(draw: Draw, product_type: str) -> Product:
    """Two to five equal compacts, each with its own shade, in a row, a fan or overlapping."""
    count = draw.weighted({2: 3, 3: 3, 4: 2, 5: 1})
    first = powder_shade(draw, product_type)
    main = finish_of(draw, product_type, first)
    shell = case(draw)
    layout = draw.weighted({"lid missing": 2, "open, lid up": 2, "half open": 1, "open flat": 1})
    spin, swing = draw.uniform(-40, 40), draw.chance(0.5)
    parts: list[Part] = []
    shades = [first] + [shade(draw, product_type) for _ in range(count - 1)]
    height = relief(draw)
    for k, colour in enumerate(shades):
        surface = pressed(
            shell.pan - 0.012, (shell.pan - 0.012) * shell.well[1], shell.well[0], shell.height - 0.015, height,
            rows=64,
        )  # fmt: skip
        one = [*shell.tray(), Part(surface, pressed_powder(draw, colour, main, height))]
        one = with_lid(draw, shell, one, layout)
        one = turned(one, "y", spin + (draw.uniform(-30, 30) if swing else 0))
        across = 2 if draw.chance(0.6) or count < 4 else 3
        deep = 2.3 * shell.depth * (2 if layout == "open flat" else 1.25)
        parts += moved(one, (k % across) * 2.35 * (1 + 0.15 * swing), 0, (k // across) * deep)
    low = np.min([p.mesh.low for p in parts], 0)
    high = np.max([p.mesh.high for p in parts], 0)
    parts = moved(parts, -(low + high)[0] / 2, 0, -(low + high)[2] / 2)
    return Product(
        product_type,
        placed(parts),
        tuple(shades),
        main,
        "compact",
        shell.face if shell.outside.clear else shell.outside,
        f"{layout}, several together",
        draw.choice("flat", "overhead"),
        count,
        tiltable=False,
    )


def pan_alone(draw: Draw, product_type: str) -> Product:
    """A powder pan out of its case, as the disc that shops cut out, now and then on a smear or with crumbs."""
    colour = powder_shade(draw, product_type)
    main = finish_of(draw, product_type, colour)
    rim = metal(draw, "silver")
    section = draw.weighted({"round": 5, "square": 1, "sharp": 1.5})
    depth = 1.0 if section == "round" else draw.uniform(0.6, 1.0)
    thick = draw.uniform(0.08, 0.16)
    height = relief(draw)
    dome = draw.weighted({0.0: 4, 0.06: 1, 0.2: 0.7})
    powder_ = pressed_powder(draw, colour, main, height)
    if draw.chance(0.15):
        powder_ = blended(draw, powder_, colour, related(draw, colour))
    half = 0.965
    parts = [Part(pressed(half, half * depth, section, thick - 0.005, height, strength=0.035, dome=dome), powder_)]
    if draw.chance(0.7):
        wall = [(0.96, 0), (1.0, 0.01), (1.0, thick), (0.968, thick), (0.966, thick - 0.05)]
        parts.append(Part(lathe(wall, section, depth=depth), rim))
    else:  # no pan: a cake of powder
        wall = [(0.9, 0), (0.962, 0.03), (0.968, thick - 0.02), (0.955, thick - 0.006)]
        parts.append(Part(lathe(wall, section, depth=depth), powder_))
    if draw.chance(0.22):
        heap = crushed(draw, draw.uniform(0.4, 0.6))
        angle = draw.uniform(-0.6, 3.7)
        parts.append(Part(heap.moved(1.15 * np.cos(angle), 0, 1.15 * np.sin(angle) * depth), powder_))
    elif draw.chance(0.15):
        stroke = film.smear(draw.rng, 3.2, draw.uniform(0.8, 1.3), 0.04, draw.uniform(-0.5, 0.5))
        parts.append(Part(stroke.turned("y", draw.uniform(0, 180)), cosmetic(draw, colour, main)))
    return Product(
        product_type,
        placed(parts),
        (colour,),
        main,
        "metal pan",
        rim,
        "pan without a case",
        draw.choice("overhead", "overhead", "flat"),
        tiltable=False,
    )


def with_puff(draw: Draw) -> Product:
    """A compact of face powder, open, its puff beside it or on its edge."""
    colour, main = shade(draw, "powder"), finish(draw, "powder")
    shell = case(draw)
    height = relief(draw)
    depth = shell.well[1]
    half = shell.pan - 0.012
    surface = pressed(half, half * depth, shell.well[0], shell.height - 0.015, height)
    tray = [*shell.tray(), Part(surface, pressed_powder(draw, colour, main, height))]
    parts = with_lid(draw, shell, tray, draw.choice("open, lid up", "open, lid up", "open flat"))
    sponge = puff(draw, shell.pan * depth * 0.75)
    if draw.chance(0.6):
        parts += beside(draw, parts, sponge)
    else:
        parts += moved(sponge, draw.uniform(-0.3, 0.3), shell.height, shell.depth * draw.uniform(0.4, 0.9))
    outside = shell.face if shell.outside.clear else shell.outside
    return Product(
        "powder", placed(parts), (colour,), main, "compact", outside, "open with a puff", "flat", tiltable=False
    )


def single_shadow(draw: Draw, product_type: str) -> Product:
    """A small single shadow: a pan in a tight clear-lidded case, open or closed."""
    colour = powder_shade(draw, product_type)
    main = finish_of(draw, product_type, colour)
    body = package(draw)
    section = draw.choice("round", "round", "square")
    height = relief(draw)
    h, pan = draw.uniform(0.3, 0.5), draw.uniform(0.78, 0.9)
    shell = Case(section, 1.0, 1.0, h, pan, body, section, 1.0, draw.choice("clear", "clear", "window", "solid"))
    surface = pressed(pan - 0.012, pan - 0.012, section, h - 0.015, height)
    tray = [*shell.tray(), Part(surface, pressed_powder(draw, colour, main, height))]
    layout = draw.weighted({"open, lid up": 2, "half open": 1, "lid beside": 2, "lid missing": 2, "closed": 2})
    parts = with_lid(draw, shell, tray, layout)
    hidden = layout == "closed" and shell.lid_kind == "solid"
    if layout == "closed" and not hidden:
        layout = "closed under a clear lid"
    shades, seen = ((), None) if hidden else ((colour,), main)
    view: View = draw.choice("flat", "overhead")
    return Product(product_type, placed(parts), shades, seen, "pot", body, layout, view, tiltable=False)


def blush(draw: Draw) -> Product:
    makers = {
        "compact": 7.5, "shop": 7.0, "streaks": 0.9, "group": 1.0,
        "pan": 1.3, "pot": 1.5, "stick": 3.6, "liquid": 3.8, "tube": 0.8, "dropper": 0.3,
        "contour": 1.6, "swatch": 8.0,
    }  # fmt: skip
    return _face_colour(draw, "blush", makers, {"smear": 3, "poured disc": 3, "crushed powder": 2.5})


def bronzer(draw: Draw) -> Product:
    makers = {
        "compact": 6.5, "shop": 6.5, "streaks": 0.4, "group": 0.8,
        "pan": 0.9, "pot": 0.8, "stick": 1.6, "liquid": 3.0, "tube": 0.5, "dropper": 1.2,
        "contour": 2.2, "swatch": 3.0,
    }  # fmt: skip
    kinds = {"smear": 2.5, "poured disc": 1.5, "crushed powder": 2}
    return _face_colour(draw, "bronzer or highlighter", makers, kinds)


def eyeshadow(draw: Draw) -> Product:
    makers = {
        "compact": 1.2, "single": 3.0, "quad": 2.0, "pan": 3.0, "pot": 1.8, "loose": 1.0, "stick": 2.0, "liquid": 2.2,
        "swatch": 4.0,
    }  # fmt: skip
    return _face_colour(draw, "eyeshadow", makers, {"smear": 3, "poured disc": 0.5, "crushed powder": 3})


def powder(draw: Draw) -> Product:
    makers = {
        "compact": 5.0, "shop": 5.0, "streaks": 0.2, "puff": 2.5, "group": 0.5, "loose": 4.0, "pan": 0.7, "swatch": 2.2,
    }  # fmt: skip
    return _face_colour(draw, "powder", makers, {"smear": 1, "poured disc": 0.5, "crushed powder": 3})


def glow(draw: Draw, product_type: str) -> Product:
    """Liquid highlighter or bronzer, pearly mostly."""
    return liquid(draw, product_type, finish=draw.weighted({"shimmer": 4, "metallic": 2, "satin": 1.2, "glossy": 1}))


def _face_colour(draw: Draw, product_type: str, weights: dict[str, float], swatches: dict[str, float]) -> Product:
    kind = draw.weighted(weights)
    if kind == "swatch":
        return swatch(draw, product_type, swatches, FINISH_WEIGHTS[product_type])
    if kind == "puff":
        return with_puff(draw)
    if kind in ("shop", "streaks"):
        colour = powder_shade(draw, product_type)
        form = shop_compact if kind == "shop" else two_streaks
        return form(draw, product_type, colour, finish_of(draw, product_type, colour))
    if kind == "tube":
        return tube(draw, product_type, shade(draw, product_type), draw.weighted(LIQUID_FINISHES))
    makers: dict[str, Callable[[Draw, str], Product]] = {
        "compact": compact,
        "group": group,
        "single": single_shadow,
        "pan": pan_alone,
        "stick": double_ended if draw.chance(0.1) else stick,
        "liquid": glow if product_type == "bronzer or highlighter" else liquid,
        "dropper": dropper,
        "contour": contour,
        "quad": quad,
        "loose": loose_powder,
        "pot": pot,
    }
    return makers[kind](draw, product_type)
