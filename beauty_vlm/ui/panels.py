"""What was measured as HTML: product type, shade, finish, packaging. Pure functions: data in, markup out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from beauty_vlm.report import Light, Packaging, ProductType, Report, Score, Shade, Swatch
from beauty_vlm.ui.markup import answer, bars, card, chip, copied, facts, note, pair, percent, swatch, table

NO_PRODUCT = "It is not certain that this photo shows a beauty product."
NO_SHADE = "No shade was found in this photo, so no colour is reported."
NO_FINISH = "The finish cannot be told from this photo."
JUST_SEEN = 1.0  # CIEDE2000: about the least difference that one can see
WELCOME = "Add a photo and press Describe: the description and the measured shade appear here."


def welcome(sentence: str = WELCOME) -> str:
    """What stands in the place of results before there are any."""
    return f'<div class="bv-welcome">{escape(sentence)}</div>'


def product_panel(product: ProductType | None) -> str:
    """What the product is called with the best five types, or that it is probably no beauty product."""
    if product is None:
        return ""
    if product.accepted:
        heading = answer(product.word.label)
        if product.word.label != product.label:
            heading += '<p class="bv-quiet">No single type is likely enough to be named. The nearest:</p>'
    else:
        heading = f'{note(NO_PRODUCT)}<p class="bv-quiet">The nearest types:</p>'
    return card("Product type", heading + bars(product.top))


def shade_panel(shade: Shade | None, called: str = "") -> str:
    """The main shade as a swatch with its measures, its light, and the palette; or why there is none.

    `called` stands in the place of its measured name where the description calls it otherwise.
    """
    if shade is None or shade.main is None:
        return card("Shade", note((shade and shade.unjudged) or NO_SHADE))
    others = shade.palette if len(shade.palette) > 1 else ()
    return card("Shade", _main(shade, shade.main, called) + _palette(others))


def finish_panel(finish: Score | None) -> str:
    """The finish and its score."""
    return card("Finish", note(NO_FINISH) if finish is None else answer(finish.label, finish.score))


def packaging_panel(packaging: Packaging | None) -> str:
    """The package's colour, material and state, as far as they are known; nothing when none is."""
    if packaging is None or not (packaging.colour or packaging.material or packaging.state):
        return ""
    colour = ""
    if seen := packaging.colour:
        text = f'<span>{escape(seen.name)}</span><span class="bv-quiet">{escape(seen.hex)}{_off(seen)}</span>'
        colour = f'<p class="bv-package">{chip(seen.hex)}{text}</p>'
    told = (("Material", packaging.material), ("State", packaging.state))
    scores = [(name, f"{score.label}, {percent(score.score)}") for name, score in told if score is not None]
    return card("Packaging", colour + (facts(scores) if scores else ""))


def scores_panel(scores: Sequence[Score]) -> str:
    """How well each of the reader's labels fits."""
    return card("Your labels", bars(scores))


def details_panel(report: Report) -> str:
    """What the record says of the run itself: its time and its models."""
    parts = []
    if report.timings_ms:
        milliseconds = [(step, f"{spent:,.0f} ms") for step, spent in report.timings_ms.items()]
        parts.append(f"<h4>Time taken</h4>{table(milliseconds)}")
    if report.models:
        parts.append(f"<h4>Models</h4>{table(report.models.items())}")
    return f'<div class="bv-details">{"".join(parts)}</div>'


def lab_text(seen: Swatch) -> str:
    """CIELAB for the reader."""
    lightness, a, b = (round(value, 1) + 0.0 for value in seen.lab)  # + 0.0: no minus before a zero
    return f"L* {lightness:.1f}  a* {a:.1f}  b* {b:.1f}"


def light_text(light: Light) -> str:
    """The light and what told it, for the reader."""
    if light.cast < JUST_SEEN:
        return f"Neutral light, as the {light.source} shows"
    return f"The light: {light.hex}, {light.cast:.1f} ΔE off neutral, as the {light.source} shows"


def _main(shade: Shade, main: Swatch, called: str) -> str:
    measures = [("CIELAB", lab_text(main))]
    if main.uncertainty is not None:
        measures.append(("Uncertainty", f"±{main.uncertainty:.1f} ΔE"))
    measures += [("Undertone", main.undertone), ("Depth", main.depth), ("Share of the product", percent(main.share))]
    corrected = shade.corrected
    block = swatch(main.hex)
    if corrected is not None:
        block = pair([("as seen", main.hex), ("in neutral light", corrected.hex)])
        measures.append(("In neutral light", f"{corrected.name}, {corrected.hex}"))
    name = f'{answer(called or main.name)}<p class="bv-hex">{copied(main.hex)}</p>'
    text = f'<div class="bv-swatch-text">{name}{facts(measures)}{_light(shade.light)}</div>'
    return f'<div class="bv-swatch">{block}{text}</div>'


def _light(light: Light | None) -> str:
    if light is None:
        return ""
    return f'<p class="bv-quiet bv-light">{chip(light.hex)}{escape(light_text(light))}</p>'


def _off(seen: Swatch) -> str:
    return "" if seen.uncertainty is None else f" · ±{seen.uncertainty:.1f} ΔE"


def _palette(swatches: Sequence[Swatch]) -> str:
    if not swatches:
        return ""
    items = "".join(
        f'<li title="{escape(one.hex)}, {escape(percent(one.share))}">{chip(one.hex)}'
        f'<span class="bv-chip-name">{escape(one.name)}</span>'
        f'<span class="bv-quiet">{escape(one.hex)} · {escape(percent(one.share))}</span></li>'
        for one in swatches
    )
    return f'<h4>Palette</h4><ul class="bv-palette">{items}</ul>'
