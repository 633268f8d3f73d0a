"""Three captions of a render, short, normal and detailed: they say only what can be seen, in the trade's words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from beauty_vlm.report import Shade
from beauty_vlm.vocabulary import MANY_SHADES, name_colour
from data.draw import Draw
from data.material import FINISHES
from data.product import Product

TEXTURES: dict[str, tuple[str, ...]] = {
    "matte": ("the surface is flat and velvety without shine", "a soft matte texture that reflects no light"),
    "satin": ("the surface has a soft, even sheen", "a smooth satin texture with a gentle glow"),
    "glossy": ("bright, wet-looking highlights lie on the surface", "a smooth texture with a high shine"),
    "shimmer": ("fine pearl gives the surface a soft sparkle", "a shimmering texture with fine pearl"),
    "glitter": ("visible flecks of glitter catch the light", "a sparkling texture full of glitter flecks"),
    "metallic": (
        "the surface has a foil-like metallic sheen",
        "a dense metallic texture that reflects like foil",
    ),
    "sheer": ("the colour is translucent with a glassy shine", "a thin, see-through texture"),
}
NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
UNSEEN = ("the shade cannot be seen", "no shade is visible")
LAYOUTS = {  # what a layout's short name reads like in a sentence
    "swatch": "shown as a swatch", "pencil": "with its tip showing", "single": "by itself", "bare": "without a package",
    "closed": "closed", "pan without a case": "as a pan without a case", "alone": "by itself",
}  # fmt: skip
PALETTE_NAMES = 3  # how many of a palette's colours a caption lists


@dataclass(frozen=True)
class Captions:
    short: str
    normal: str
    detailed: str


def captions(draw: Draw, product: Product, shade: Shade, background: str) -> Captions:
    """Captions of one photo, from the truth of its product and the shade as it appears in the picture."""
    if product.product_type == "other":
        return _other(draw, background)
    product = replace(product, layout=LAYOUTS.get(product.layout, product.layout))
    noun = noun_of(product)
    colour = _phrase(shade)
    several = shade.main is not None and product.product_type in MANY_SHADES
    if several:
        names = list(dict.fromkeys(s.name for s in shade.palette))[:PALETTE_NAMES]
        colour = _listed(names)
        short = f"{article(noun)} {noun} with {colour}"
        normal = f"{short}, {product.layout}"
    elif colour is None:
        short = f"{article(noun)} {noun}, {product.layout}"
        normal = f"{article(noun)} {noun} {_package(product)}, {product.layout}"
    else:
        short = draw.choice(f"{article(colour)} {colour} {noun}", f"{article(noun)} {noun} in {colour}")
        normal = _normal(draw, product, noun, colour)
    return Captions(_clean(short), _clean(normal), _clean(_detailed(draw, product, shade, noun, normal, background)))


def noun_of(product: Product) -> str:
    """What a seller would call it, in one noun phrase without a colour."""
    label, form = product.product_type, product.form
    if label == "bronzer or highlighter":
        return "highlighter" if product.finish in ("shimmer", "metallic", "glitter") else "bronzer"
    if label == "brush or tool":
        return form or "makeup brush"
    if label == "powder":
        return "face powder"
    if label == "brow product":
        return f"brow {form}" if form in ("pencil", "gel", "pomade", "palette") else "brow product"
    return label


def article(words: str) -> str:
    return "an" if words[:1].lower() in "aeiou" else "a"


def _phrase(shade: Shade) -> str | None:
    return None if shade.main is None else name_colour(shade.main.lab).phrase


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _package(product: Product) -> str:
    if product.package is None or not product.package.name or not product.form:
        return ""
    name = "clear plastic" if product.package.name in FINISHES else product.package.name
    if product.form in noun_of(product) or product.form in name:
        return f"in {name}"
    if product.form.split()[0] in name:
        name = name.removesuffix(product.form.split()[0]).strip()
    return f"in {article(name)} {name} {product.form}"


def _normal(draw: Draw, product: Product, noun: str, colour: str) -> str:
    finish = product.finish or ""
    if "swatch" in product.layout or not product.package:
        where = product.layout
    else:
        where = draw.choice(product.layout, _package(product)) or product.layout
    choices = (
        f"{article(finish)} {finish} {noun} in {colour}, {where}",
        f"{article(colour)} {colour} {noun} with {article(finish)} {finish} finish, {where}",
        f"{article(noun)} {noun} in {colour} with {article(finish)} {finish} finish, {where}",
    )
    return draw.choice(*choices)


def _detailed(draw: Draw, product: Product, shade: Shade, noun: str, normal: str, background: str) -> str:
    sentences = [normal]
    if shade.main is not None and product.finish:
        words = name_colour(shade.main.lab)
        sentences.append(
            draw.choice(
                f"the shade is {article(words.depth)} {words.depth}, {words.undertone} {words.term}",
                f"its colour is {words.term}, {words.depth} in depth "
                f"with {article(words.undertone)} {words.undertone} undertone",
            )
        )
        sentences.append(draw.choice(*TEXTURES[product.finish]))
    else:
        hidden = ("the shade is hidden by the closed package",) if product.layout == "closed" else ()
        sentences.append(draw.choice(*UNSEEN, *hidden))
    package = _package(product)
    if package and package not in normal:
        sentences.append(f"it comes {package}")
    if product.count > 1 and product.count in NUMBERS and product.product_type not in MANY_SHADES:
        sentences.append(f"{NUMBERS[product.count]} shades or pieces are shown")
    if background:
        sentences.append(f"the background is {background}")
    return ". ".join(sentences)


def _other(draw: Draw, background: str) -> Captions:
    short = draw.choice("no beauty product", "an object that is not a beauty product")
    normal = f"{short} on {article(background)} {background} background" if background else short
    return Captions(_clean(short), _clean(normal), _clean(f"{normal}. there is no shade to describe"))


def _clean(text: str) -> str:
    """One space between words, no stray commas, a capital at the start of each sentence and a stop at the end."""
    sentences = [" ".join(s.replace(" ,", ",").split()).strip(" ,") for s in text.split(". ")]
    return " ".join(s[0].upper() + s[1:] + "." for s in sentences if s)
