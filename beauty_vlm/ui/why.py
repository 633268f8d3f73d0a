"""The "Why" panel: how the description came about, in plain words. Pure functions: data in, markup out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from beauty_vlm.report import Claim, Mend, Note, ProductType, Report, Score, Shade
from beauty_vlm.ui.markup import card, chip, percent
from beauty_vlm.ui.panels import light_text
from beauty_vlm.ui.told import UNSEEN, verdict_of
from beauty_vlm.vocabulary import OTHER, product_types

NO_MENDS = "Nothing that the caption says had to be mended."
CONTRADICTED = "contradicted"
DENIED = "The photo contradicts:"
OTHERWISE = "Unsure, not to be seen, or said otherwise:"


def why_panel(report: Report) -> str:
    """How the type was decided and the shade measured, the caption, what was mended, not seen, or not sure."""
    parts = (
        ("The product type", _type(report.product_type)),
        ("The shade", _shade(report.shade)),
        ("The caption as the model wrote it", _caption(report.caption)),
        ("What was mended", _mends(report.mends)),
        ("What could not be seen", _unseen(report)),
        ("What is not sure", _unsure(report)),
        ("Your notes", _notes(report.notes or ())),
    )
    rows = "".join(f"<dt>{escape(title)}</dt><dd>{body}</dd>" for title, body in parts if body)
    return card("Why it says so", f'<dl class="bv-why">{rows}</dl>') if rows else ""


def _paragraph(*sentences: str) -> str:
    return f"<p>{escape(' '.join(sentence for sentence in sentences if sentence))}</p>"


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _type(product: ProductType | None) -> str:
    if product is None:
        return ""
    first = f"The photo was compared with {len(product_types())} product types."
    nearest = f"The likeliest is {_scored(Score(product.label, product.score))}"
    nearest += f"; then {_scored(product.top[1])}." if len(product.top) > 1 else "."
    if not product.accepted:
        return _paragraph(first, nearest, "That is too unlike a beauty product to name one.")
    if product.word.label != product.label:
        word, share = product.word.label, percent(product.word.score)
        wider = f"No single type is likely enough, so the description says “{word}”, {share}."
        return _paragraph(first, nearest, wider)
    return _paragraph(first, nearest)


def _scored(score: Score) -> str:
    return f"{'none of these' if score.label == OTHER else score.label}, {percent(score.score)}"


def _shade(shade: Shade | None) -> str:
    if shade is None:
        return ""
    if shade.main is None:
        return _paragraph(shade.unjudged or "None of the product's own material can be seen, so nothing was measured.")
    main, light, corrected = shade.main, shade.light, shade.corrected
    text = _paragraph(
        "A model marked the pixels of the product's own material; their colour was measured in CIELAB. Where some of it"
        " stands free, as an applicator or a smear does, that counts, and not what its package veils.",
        ""
        if main.uncertainty is None
        else f"It may be off by ±{main.uncertainty:.1f} ΔE; 1 ΔE is about the least that one can see.",
        "Pieces of other colours lie apart; those that are together the largest give the shade."
        if shade.others
        else "",
    )
    swatches = f'<span class="bv-seen">{chip(main.hex)}{escape(f"As seen: {main.name}, {main.hex}")}</span>'
    for one in shade.others:
        swatches += f'<span class="bv-seen">{chip(one.hex)}{escape(f"Beside it: {one.name}, {one.hex}")}</span>'
    if corrected is not None:
        told = f"In neutral light: {corrected.name}, {corrected.hex}"
        swatches += f'<span class="bv-seen">{chip(corrected.hex)}{escape(told)}</span>'
    if light is not None:
        swatches += f'<span class="bv-seen">{chip(light.hex)}{escape(light_text(light))}</span>'
        return f"{text}{swatches}"
    untold = "Nothing in the photo tells the colour of its light, so the shade is given as seen."
    return f"{text}{swatches}{_paragraph(untold)}"


def _mends(mends: Sequence[Mend] | None) -> str:
    if mends is None:
        return ""
    denied = [_mend(mend) for mend in mends if mend.verdict == CONTRADICTED]
    others = [_mend(mend) for mend in mends if mend.verdict != CONTRADICTED]
    told = "".join(
        _paragraph(sentence) + _list(some) for sentence, some in ((DENIED, denied), (OTHERWISE, others)) if some
    )
    return told or _paragraph(NO_MENDS)


def _mend(mend: Mend) -> str:
    said, instead = f"<s>{escape(mend.said)}</s>", f"<ins>{escape(mend.instead)}</ins>"
    change = f"{said} → {instead}" if mend.said and mend.instead else f"{said} left out" if mend.said else instead
    return f'{change}<span class="bv-quiet">: {escape(mend.reason)}</span>'


def _unseen(report: Report) -> str:
    missing = []
    if report.shade and report.shade.main is None and not report.shade.unjudged:
        missing.append("The shade.")
    if report.finish is None:
        missing.append("The finish.")
    return _list(missing)


def _unsure(report: Report) -> str:
    return _list([_unchecked(claim) for claim in report.claims or () if verdict_of(claim) == UNSEEN])


def _unchecked(claim: Claim) -> str:
    return f'“{escape(claim.text)}”<span class="bv-quiet">: {escape(claim.evidence.text)}</span>'


def _notes(notes: Sequence[Note]) -> str:
    if not notes:
        return ""
    items = [
        f"{escape(note.kind)}: “{escape(note.text)}”"
        + (f' <span class="bv-quiet">{escape(note.conflict)}</span>' if note.conflict else "")
        for note in notes
    ]
    return _list(items) + _paragraph("They were not read from the photo and changed nothing that was measured.")


def _caption(caption: str | None) -> str:
    return f'<p class="bv-caption">{escape(caption)}</p>' if caption else ""
