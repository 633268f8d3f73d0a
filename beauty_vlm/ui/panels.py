"""Parts of a record as HTML. Pure functions: data in, markup out; every text is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from beauty_vlm.report import Claim, ProductType, Report, Score, Shade, Swatch

NO_PRODUCT = "This is probably not a photo of a beauty product."
NO_SHADE = "The shade cannot be seen in this photo, so no colour is reported."
NO_FINISH = "The finish cannot be told from this photo."
WELCOME = "Add a photo and press Describe: the description and the measured shade appear here."

MENDED, MENDED_BY = "mended", "the caption said"  # evidence that names the captioner's word tells of a mend
VERDICTS = {
    "supported": "seen in the photo",
    MENDED: "mended after the photo",
    "contradicted": "contradicted by the photo",
    "unseen": "could not be checked",
}


def message(sentence: str) -> str:
    """One plain sentence for the reader, announced by screen readers."""
    return f'<div class="bv-message" role="alert">{escape(sentence)}</div>'


def welcome(sentence: str = WELCOME) -> str:
    """What stands in the place of results before there are any."""
    return f'<div class="bv-welcome">{escape(sentence)}</div>'


def percent(score: float) -> str:
    """A probability for the reader: "83%", "<1%"."""
    return "<1%" if 0 < score < 0.01 else f"{score:.0%}"


def bars(scores: Iterable[Score]) -> str:
    """A labelled bar for each score."""
    rows = "".join(
        f'<li><span class="bv-bar-label">{escape(score.label)}</span>'
        f'<span class="bv-bar-score">{escape(percent(score.score))}</span>'
        f'<span class="bv-bar"><span style="width:{_width(score.score)}"></span></span></li>'
        for score in scores
    )
    return f'<ul class="bv-bars">{rows}</ul>'


def product_panel(product: ProductType | None) -> str:
    """What the product is called with the best five types, or that it is probably no beauty product."""
    if product is None:
        return ""
    if product.accepted:
        heading = f'<p class="bv-answer">{escape(product.word.label)}</p>'
        if product.word.label != product.label:
            heading += '<p class="bv-quiet">No single type is likely enough to be named. The nearest:</p>'
    else:
        heading = f'<p class="bv-note">{escape(NO_PRODUCT)}</p><p class="bv-quiet">The nearest types:</p>'
    return card("Product type", heading + bars(product.top))


def description_panel(description: str, claims: Sequence[Claim]) -> str:
    """The description with every claim marked by its verdict; pointing at one, or tabbing to it, shows its evidence.

    Evidence stands in attributes, so that the copied text is the description and nothing else.
    """
    pieces, at = [], 0
    for claim in sorted(claims, key=lambda claim: claim.span):
        start, end = claim.span
        if not at <= start < end <= len(description):
            continue  # marks cannot overlap
        kind = MENDED if MENDED_BY in claim.evidence else claim.verdict
        said = f"{VERDICTS.get(kind, kind)}: {claim.evidence}"
        pieces.append(escape(description[at:start]))
        pieces.append(
            f'<mark class="bv-claim bv-{escape(kind)}" tabindex="0" data-evidence="{escape(said)}" '
            f'aria-label="{escape(f"{claim.text} ({said})")}">{escape(description[start:end])}</mark>'
        )
        at = end
    pieces.append(escape(description[at:]))
    seen = {MENDED if MENDED_BY in claim.evidence else claim.verdict for claim in claims}
    keys = "".join(
        f'<span class="bv-claim bv-{escape(kind)}">{escape(text)}</span> '
        for kind, text in VERDICTS.items()
        if kind in seen
    )
    legend = f'<p class="bv-quiet bv-legend">{keys}Point at a word to see why.</p>' if keys else ""
    return card("Description", f'<p class="bv-said">{"".join(pieces)}</p>{legend}')


def shade_panel(shade: Shade | None) -> str:
    """The main shade as a swatch with its measures, and the palette; or that the shade is not visible."""
    if shade is None or not shade.visible or shade.main is None:
        return card("Shade", f'<p class="bv-note">{escape(NO_SHADE)}</p>')
    others = shade.palette if len(shade.palette) > 1 else ()
    return card("Shade", _swatch(shade.main) + _palette(others))


def finish_panel(finish: Score | None) -> str:
    """The finish and its score."""
    if finish is None:
        return card("Finish", f'<p class="bv-note">{escape(NO_FINISH)}</p>')
    answer = f'<p class="bv-answer">{escape(finish.label)} <small>{escape(percent(finish.score))}</small></p>'
    return card("Finish", answer)


def scores_panel(scores: Sequence[Score]) -> str:
    """How well each of the reader's labels fits."""
    return card("Your labels", bars(scores))


def details_panel(report: Report) -> str:
    """How the description came about: the raw caption, what was checked, models and timings."""
    parts = []
    if report.caption:
        parts.append(f"<h4>Caption as the model wrote it</h4><p>{escape(report.caption)}</p>")
    if report.claims:
        parts.append(f"<h4>Checked statements</h4>{_claims(report.claims)}")
    if report.timings_ms:
        milliseconds = [(step, f"{spent:,.0f} ms") for step, spent in report.timings_ms.items()]
        parts.append(f"<h4>Time taken</h4>{table(milliseconds)}")
    if report.models:
        parts.append(f"<h4>Models</h4>{table(report.models.items())}")
    return f'<div class="bv-details">{"".join(parts)}</div>'


def card(title: str, body: str) -> str:
    """A titled box around `body`, which is markup already."""
    return f'<section class="bv-card"><h3>{escape(title)}</h3>{body}</section>'


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Two columns of text."""
    cells = "".join(f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in rows)
    return f'<table class="bv-table">{cells}</table>'


def _swatch(swatch: Swatch) -> str:
    lightness, a, b = (round(value, 1) + 0.0 for value in swatch.lab)  # + 0.0: no minus before a zero
    measures = (
        ("Hex", swatch.hex),
        ("CIELAB", f"L* {lightness:.1f}  a* {a:.1f}  b* {b:.1f}"),
        ("Undertone", swatch.undertone),
        ("Depth", swatch.depth),
        ("Share of the product", percent(swatch.share)),
    )
    facts = "".join(f"<div><dt>{escape(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in measures)
    return (
        f'<div class="bv-swatch"><div class="bv-colour" style="background:{_css_colour(swatch.hex)}"></div>'
        f'<div class="bv-swatch-text"><p class="bv-answer">{escape(swatch.name)}</p>'
        f"<dl>{facts}</dl></div></div>"
    )


def _palette(swatches: Sequence[Swatch]) -> str:
    if not swatches:
        return ""
    items = "".join(
        f'<li title="{escape(swatch.hex)}, {escape(percent(swatch.share))}">'
        f'<span class="bv-chip" style="background:{_css_colour(swatch.hex)}"></span>'
        f'<span class="bv-chip-name">{escape(swatch.name)}</span>'
        f'<span class="bv-quiet">{escape(swatch.hex)} · {escape(percent(swatch.share))}</span></li>'
        for swatch in swatches
    )
    return f'<h4>Palette</h4><ul class="bv-palette">{items}</ul>'


def _claims(claims: Iterable[Claim]) -> str:
    items = "".join(
        f'<li class="bv-{escape(claim.verdict)}"><b>{escape(claim.text)}</b> '
        f"{escape(VERDICTS.get(claim.verdict, claim.verdict))}"
        f'<span class="bv-quiet"> · {escape(claim.evidence)}</span></li>'
        for claim in claims
    )
    return f'<ul class="bv-claims">{items}</ul>'


def _width(score: float) -> str:
    return f"{100 * min(max(score, 0.0), 1.0):.1f}%"


def _css_colour(value: str) -> str:
    """`value` when it is a plain hex colour, else transparent: nothing else may enter a style attribute."""
    return value if re.fullmatch(r"#[0-9a-fA-F]{6}", value) else "transparent"
