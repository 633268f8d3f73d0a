"""What the renders' columns say of the package, in the classes of beauty_vlm/vocabulary/packaging.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass

from beauty_vlm.vocabulary import UNPACKED, finishes, shade_visibilities

# Last word of the renderer's material -> class, by what a photo can tell. Sheets of clear glass and of clear plastic
# are one surface to the renderer, lacquer and plastic differ by a coat only. A container named like a finish is a
# clear one seen through to its contents.
MATERIALS = {
    "lacquer": "glossy plastic",
    "plastic": "glossy plastic",
    "soft-touch": "matte plastic",
    "metal": "metal",
    "wood": "wood",
    **{finish.label: "clear glass or plastic" for finish in finishes()},
}
SEE_THROUGH = {"glass": ("clear", "frosted", "tinted", "amber"), "plastic": ("clear", "frosted")}

CLOSED = re.compile(r"(^|, )closed")
OPEN = re.compile(
    r"\b(open|twisted up|lid (up|off|missing|beside|leaning)|cap (off|beside)|(wand|tip|brush|dropper) out"
    r"|wand (standing|lying|leaning|alone|beside)|(tip|bullet) close-up|drawing a line|pencil|pan without a case)\b"
    r"|^with drawn strokes|^lying, with drawn lines"
)
DIFFERENT = "different ones"  # of one type, some of which may be open
UNOPENED = re.compile(r"^(with its (carton|box)|side by side|in two sizes|one standing|several lying|before its box)")


@dataclass(frozen=True, slots=True)
class PackagingTruth:
    """Labels of packaging.yaml, "" where the render does not say."""

    material: str
    state: str
    visibility: str


def packaging_truth(
    product_type: str, packaging: str, packaging_colour: str, layout: str, shade_visible: bool
) -> PackagingTruth:
    """The classes of a render, from its columns of these names (data/README.md).

    The material is also a tool's own, since most wood is a brush's. The state: make-up worn; else, without a package,
    a swatch; else what the layout says of cap, lid, wand or bullet. Layouts that tell of a carton or a second package
    only ("side by side") are closed where no shade shows. The rest ("in a row", "with a smear beside it") stands for
    open and closed ones alike and is left out, as are sets and different ones of a type. Whether a shade is visible is
    not asked of tools and other things, which have none.
    """
    seen, hidden = (term.label for term in shade_visibilities())
    return PackagingTruth(
        _material(packaging, packaging_colour),
        _state(product_type, packaging, layout, shade_visible),
        "" if product_type in UNPACKED else seen if shade_visible else hidden,
    )


def _material(packaging: str, colour: str) -> str:
    if colour in SEE_THROUGH.get(packaging, ()):
        return "clear glass or plastic"
    return "glossy plastic" if packaging == "glass" else MATERIALS.get(packaging, "")


def _state(product_type: str, packaging: str, layout: str, shade_visible: bool) -> str:
    if product_type in (*UNPACKED, "makeup set") or layout.startswith(DIFFERENT):
        return ""
    if layout.startswith("worn"):
        return "worn"
    if not packaging:
        return "swatch" if shade_visible and layout != "bare" else ""  # a bare bar of soap is the product itself
    if CLOSED.search(layout) and not layout.startswith("twisted up"):
        return "closed"
    if OPEN.search(layout):
        return "open"
    return "closed" if UNOPENED.search(layout) and not shade_visible else ""
