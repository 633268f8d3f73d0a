"""The answer at a glance: what the product is called and its measured shade, in the words of the description."""

from __future__ import annotations

from html import escape

from beauty_vlm.report import Report
from beauty_vlm.ui.markup import copied, swatch
from beauty_vlm.writing.headline import called_shade

NO_PRODUCT = "Perhaps no beauty product"
NO_SHADE = "No shade can be seen"
UNJUDGED = "The shade cannot be judged"


def glance(report: Report) -> str:
    """A swatch, the product, its shade with hex, and the photo's name."""
    main = report.shade.main if report.shade else None
    colour = swatch(main.hex) if main else ""
    name = f'<p class="bv-quiet bv-file">{escape(report.file)}</p>' if report.file else ""
    return f'<div class="bv-glance">{colour}<div><h3>{_product(report)}</h3>{_shade(report)}{name}</div></div>'


def _product(report: Report) -> str:
    product = report.product_type
    if product is None:
        return "Description"
    word, doubt = (product.word.label, ", ") if product.accepted else (NO_PRODUCT, ", else ")
    guesses = [claim for claim in report.claims or () if claim.kind == "type" and claim.hedge]
    guess = f"{doubt}{guesses[0].hedge} {guesses[0].text}" if guesses else ""
    return escape(f"{word[:1].upper()}{word[1:]}") + (f"<small>{escape(guess)}</small>" if guess else "")


def _shade(report: Report) -> str:
    shade = report.shade
    if shade is None:
        return ""
    if shade.main is None:
        return f"<p>{UNJUDGED if shade.unjudged else NO_SHADE}</p>"
    off = "" if shade.main.uncertainty is None else f' <span class="bv-quiet">±{shade.main.uncertainty:.1f} ΔE</span>'
    return f"<p>{escape(called_shade(report))} {copied(shade.main.hex)}{off}</p>"
