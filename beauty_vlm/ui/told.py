"""The description as the page shows it: each claim marked by its verdict, its evidence, and its place on the photo.

evidence.js opens the evidence of the claim that is pointed at, focused or tapped, and marks its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from beauty_vlm.language.mentions import FORBIDDEN
from beauty_vlm.report import Claim, Evidence, Note, Report
from beauty_vlm.ui.glance import glance
from beauty_vlm.ui.markup import bar, pair, percent
from beauty_vlm.ui.places import Place
from beauty_vlm.writing import notes

SCRIPT = Path(__file__).with_name("evidence.js")
PICTURE = "The photo with the measured part marked"

SUPPORTED, MENDED, UNSEEN, GIVEN = "supported", "mended", "unseen", "given"
# What each marking means, short for the legend and said in full at the head of the evidence.
LEGEND = {SUPPORTED: "seen", MENDED: "mended", UNSEEN: "not sure", GIVEN: "from your notes"}
VERDICTS = {
    SUPPORTED: "Seen in the photo",
    MENDED: "Mended after the photo",
    UNSEEN: "Not sure",
    GIVEN: "Given by you",
}
GIVEN_EVIDENCE = "These are your words. Nothing here was read from the photo."
PLACES = {None: "Photo", "material": "Product", "packaging": "Package", "background": "Background", "others": "Others"}
ON_THE = {
    "material": "on the product",
    "packaging": "on the package",
    "background": "on the background",
    "others": "on another piece",
}


def verdict_of(claim: Claim) -> str:
    """How a claim is marked: what no photo tells is the user's, a word in the place of the caption's is mended."""
    if claim.kind in FORBIDDEN:
        return GIVEN
    return MENDED if claim.said is not None else claim.verdict


def told(report: Report, places: Sequence[Place] = ()) -> str:
    """The answer at a glance; the description with its claims, legend, evidence and conflicts, beside the pictures.

    Evidence stands outside the description's own element, so that the copied text is the description and nothing
    else.
    """
    description, given = report.description or "", report.notes or ()
    ours, yours = notes.told_apart(description, given)
    claims = _apart(report.claims or (), len(ours))
    text = _marked(ours, claims) + _yours(yours, len(claims))
    evidence = [_card(number, verdict_of(claim), claim) for number, claim in enumerate(claims)]
    if yours:
        evidence.append(_given_card(len(claims)))
    kinds = [verdict_of(claim) for claim in claims] + ([GIVEN] if yours else [])
    hidden = report.shade is not None and not report.shade.visible  # a few stray pixels are no material
    seen = [place for place in places if not (hidden and place.region in ("material", "others"))]
    words = f'<p class="bv-said">{text}</p>{_conflicts(given)}{_legend(kinds)}'
    body = f'{glance(report)}<div class="bv-words">{words}</div>{figure(seen)}{"".join(evidence)}'
    return f'<div class="bv-told"><section class="bv-card" aria-label="Description">{body}</section></div>'


def figure(places: Sequence[Place]) -> str:
    """The pictures in one place, of which one shows, and a button for each."""
    if not places:
        return ""
    first = next((place for place in places if place.region), places[0])
    layers, buttons = [], []
    for place in (*places[1:], places[0]):
        key, shown = place.region or "photo", place is first
        layers.append(
            f'<img class="bv-layer" data-region="{key}" src="{escape(place.address)}" alt="" draggable="false">'
        )
        buttons.append(
            f'<button type="button" data-region="{key}" aria-pressed="{str(shown).lower()}">'
            f"{escape(PLACES[place.region])}</button>"
        )
    return (
        f'<figure class="bv-place" data-shown="{first.region or "photo"}" data-chosen="{first.region or "photo"}">'
        f'<button type="button" class="bv-layers" aria-label="{PICTURE}" title="Enlarge">{"".join(layers)}</button>'
        f'<div class="bv-choice" role="group" aria-label="Mark on the photo">{"".join(buttons)}</div></figure>'
    )


def _apart(claims: Sequence[Claim], length: int) -> list[Claim]:
    """The claims in order, without those that overlap another or lie beyond the text: marks cannot."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: claim.span):
        start, end = claim.span
        if (kept[-1].span[1] if kept else 0) <= start < end <= length:
            kept.append(claim)
    return kept


def _marked(text: str, claims: Sequence[Claim]) -> str:
    pieces, at = [], 0
    for number, claim in enumerate(claims):
        start, end = claim.span
        pieces += [escape(text[at:start]), _mark(number, verdict_of(claim), text[start:end], claim.evidence.region)]
        at = end
    return "".join([*pieces, escape(text[at:])])


def _mark(number: int, kind: str, text: str, region: str | None) -> str:
    place = f' data-region="{escape(region)}"' if region else ""
    return (
        f'<mark class="bv-claim bv-{escape(kind)}" role="button" tabindex="0" aria-expanded="false"'
        f' aria-controls="bv-evidence-{number}" aria-describedby="bv-evidence-{number}"{place}>{escape(text)}</mark>'
    )


def _yours(sentence: str, number: int) -> str:
    if not sentence:
        return ""
    lead = notes.OPENING.strip()
    return f"{_mark(number, GIVEN, lead, None)}{escape(sentence[len(lead) :])}"


def _conflicts(given: Sequence[Note]) -> str:
    sentences = [note.conflict for note in given if note.conflict]
    return "".join(f'<p class="bv-conflict">{escape(sentence)}</p>' for sentence in sentences)


def _legend(kinds: Sequence[str]) -> str:
    if not kinds:
        return ""
    keys = "".join(
        f'<span class="bv-claim bv-{kind}">{escape(text)}</span>' for kind, text in LEGEND.items() if kind in kinds
    )
    return (
        f'<p class="bv-quiet bv-legend">{keys}</p>'
        '<p class="bv-quiet bv-how"><span class="bv-if-mouse">Point at a marked word to see why.</span>'
        '<span class="bv-if-touch">Tap a marked word to see why.</span></p>'
    )


def _card(number: int, kind: str, claim: Claim) -> str:
    said = ""
    if claim.said:
        said = f'<p class="bv-was">The caption said <s>{escape(claim.said)}</s>.</p>'
    return _evidence(number, kind, f"{said}<p>{escape(_sentence(claim.evidence.text))}</p>{_figures(claim)}")


def _given_card(number: int) -> str:
    return _evidence(number, GIVEN, f"<p>{escape(GIVEN_EVIDENCE)}</p>")


def _evidence(number: int, kind: str, body: str) -> str:
    return (
        f'<div class="bv-evidence" id="bv-evidence-{number}" hidden>'
        f'<p class="bv-verdict bv-{escape(kind)}">{escape(VERDICTS.get(kind, kind))}</p>{body}'
        '<button type="button" class="bv-close" aria-label="Close">×</button></div>'
    )


def _figures(claim: Claim) -> str:
    """The figures behind a claim: swatches side by side with their ΔE, or a bar of its probability."""
    evidence = claim.evidence
    parts = []
    if evidence.measured:
        where = ON_THE.get(evidence.region or "", "")
        swatches = [(f"measured {where}".strip(), evidence.measured)]
        if evidence.claimed:
            swatches.append((f"nearest “{claim.said or claim.text}”", evidence.claimed))
        parts.append(pair(swatches) + _difference(evidence))
    if evidence.probability is not None:
        share = f'<span class="bv-bar-score">{escape(percent(evidence.probability))}</span>'
        parts.append(f'<div class="bv-likely"><span>Probability</span>{share}{bar(evidence.probability)}</div>')
    return "".join(parts)


def _difference(evidence: Evidence) -> str:
    if evidence.delta_e is None:
        return ""
    if evidence.delta_e < 0.05:
        return '<p class="bv-quiet">ΔE 0: the measured colour is one that the word means.</p>'
    return f'<p class="bv-quiet">ΔE {evidence.delta_e:.1f} apart (1 is about the least that one can see).</p>'


def _sentence(text: str) -> str:
    """Plain words as a sentence."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) or not text else '.'}"
