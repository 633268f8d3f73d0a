"""Weighs what was measured against what the caption says of the same: two witnesses who looked at one photo.

Where the captioner, who measures nothing, names the measured colour, type or finish too, that is far likelier right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import Scope
from beauty_vlm.report import ProductType, Score, Shade, Swatch
from beauty_vlm.vocabulary import packaging_states, shimmering, type_groups
from beauty_vlm.writing.colour_words import holds
from beauty_vlm.writing.judging import Measured, looks_like, same_type
from beauty_vlm.writing.reliability import Agreement, Hearing, Reliability, Trust, log_odds, reliability

SCORE_DIGITS = 4  # as the tagger's
TEN = 10.0  # CIEDE2000 in which the uncertainty of a colour is counted


def weigh(measured: Measured, caption: str, fitted: Reliability | None = None) -> Measured:
    """The same with each probability by both witnesses, the type's word chosen by them, and the bars of each claim."""
    fitted = fitted or reliability()
    likely = likelihoods(measured, caption, fitted)
    product_type = _named(measured.product_type, caption, fitted)
    trust = Trust(
        shade=likely.get("shade", 1.0),
        package_colour=likely.get("package_colour", 1.0),
        shade_bar=fitted.shade.bar,
        package_colour_bar=fitted.package_colour.bar,
        finish_bar=fitted.finish.bar,
        shimmer_free_bar=fitted.shimmer_free.bar,
        material_bar=fitted.material.bar,
        state_bar=fitted.state.bar,
        type=likeliest_type(product_type, caption, fitted),
        others=tuple(fitted.shade.probability(one) for one in _of_others(measured)),
    )
    package = measured.packaging
    if package is not None:
        material, state = _scored(package.material, likely.get("material")), _scored(package.state, likely.get("state"))
        package = replace(package, material=material, state=state)
    return replace(
        measured,
        product_type=product_type,
        finish=_scored(measured.finish, likely.get("finish")),
        shimmer_free=_scored(measured.shimmer_free, likely.get("shimmer_free")),
        packaging=package,
        trust=trust,
    )


def likelihoods(measured: Measured, caption: str, fitted: Reliability) -> dict[str, float]:
    """How likely each kind of claim is but the type's, 0..1."""
    return {kind: getattr(fitted, kind).probability(one) for kind, one in hearings(measured, caption).items()}


def hearings(measured: Measured, caption: str) -> dict[str, Hearing]:
    """What both say of all but the type, by the kind of claim; nothing of what was not measured."""
    said = [mention for mention in mentions.find(caption) if not mention.negated]
    found: dict[str, Hearing] = {}
    surfaces: tuple[tuple[str, Scope, Shade | None], ...] = (
        ("shade", "material", measured.shade),
        ("package_colour", "packaging", measured.surroundings.get("packaging")),
    )
    for kind, scope, surface in surfaces:
        if surface is not None and surface.main is not None and surface.main.uncertainty is not None:
            colours = [one for one in said if one.kind == "colour" and one.scope == scope]
            evidence = _of_colour(surface.main, surface.main.share)
            if scope == "material":
                evidence |= _of_material(measured)
            found[kind] = Hearing(evidence, _agreement([holds(one, surface.main) for one in colours]))
    finishes = [one.term for one in said if one.kind == "finish" and one.scope == "material"]
    if finish := measured.finish:
        found["finish"] = _of_surface(finish, measured, (term == finish.label for term in finishes))
    if free := measured.shimmer_free:
        found["shimmer_free"] = _of_surface(free, measured, (term not in shimmering() for term in finishes))
    if measured.packaging is not None and (material := measured.packaging.material):
        materials = [looks_like(one.term) for one in said if one.kind == "packaging"]
        found["material"] = _by_score(material, (material.label in labels for labels in materials if labels))
    if measured.packaging is not None and (state := measured.packaging.state):
        known = {term.label for term in packaging_states()}
        states = [one.term for one in said if one.kind == "state" and one.term in known]
        found["state"] = _by_score(state, (term == state.label for term in states))
    return found


def _of_colour(swatch: Swatch, share: float) -> dict[str, float]:
    return {"uncertainty": -(swatch.uncertainty or 0.0) / TEN, "share": share}


def _of_material(measured: Measured) -> dict[str, float]:
    return {"visible": log_odds(measured.visible), "segmented": log_odds(measured.segmented)}


def _of_surface(score: Score, measured: Measured, agrees: Iterable[bool]) -> Hearing:
    return Hearing({"score": log_odds(score.score), **_of_material(measured)}, _agreement(agrees))


def _of_others(measured: Measured) -> list[Hearing]:
    """What is measured of the other pieces' shades: each is as much itself as all pieces together explain the material.
    The caption names one shade.
    """
    told = sum(swatch.share for swatch in (measured.shade.main, *measured.shade.others) if swatch)
    return [
        Hearing(_of_colour(swatch, min(told, 1.0)) | _of_material(measured), "silent")
        for swatch in measured.shade.others
    ]


def type_words(product_type: ProductType, caption: str) -> list[tuple[str, Hearing]]:
    """The words for the likeliest type, it and the groups that hold it, narrower ones first, and what both say of each.

    A group's share is that of its types among the likeliest five.
    """
    said = _types_said(caption)
    words = [(product_type.label, frozenset([product_type.label]))]
    words += [(group.name, group.types) for group in type_groups() if product_type.label in group.types]
    found = []
    for word, types in words:
        share = sum(score.score for score in product_type.top if score.label in types)
        found.append((word, _by_score(Score(word, share), _named_by(said, types))))
    return found


def _named(product_type: ProductType, caption: str, fitted: Reliability) -> ProductType:
    """With the narrowest word that is likely enough, else the broadest."""
    if not product_type.accepted:
        return product_type
    scores = [
        Score(word, round(fitted.type.probability(one), SCORE_DIGITS))
        for word, one in type_words(product_type, caption)
    ]
    likely = (score for score in scores if score.score >= fitted.type.bar)
    return replace(product_type, named=next(likely, scores[-1]))


def likeliest_type(product_type: ProductType, caption: str, fitted: Reliability) -> Score | None:
    """The likeliest, by both witnesses, of the best types that the word for it holds; None where it holds none."""
    said = _types_said(caption)
    word = product_type.word.label
    held = next((group.types for group in type_groups() if group.name == word), frozenset([word]))
    scores = [
        Score(one.label, round(fitted.type.probability(_by_score(one, _named_by(said, [one.label]))), SCORE_DIGITS))
        for one in product_type.top
        if one.label in held
    ]
    return max(scores, key=lambda score: score.score, default=None)


def _types_said(caption: str) -> list[str]:
    return [one.term for one in mentions.find(caption) if one.kind == "type" and not one.negated]


def _named_by(said: Iterable[str], types: Collection[str]) -> list[bool]:
    return [any(same_type(term, label) for label in types) for term in said]


def _by_score(score: Score, agrees: Iterable[bool]) -> Hearing:
    return Hearing({"score": log_odds(score.score)}, _agreement(agrees))


def _agreement(agrees: Iterable[bool]) -> Agreement:
    """Of each thing that the caption says, whether it is what was measured."""
    found = list(agrees)
    return "silent" if not found else "agrees" if any(found) else "differs"


def _scored(score: Score | None, probability: float | None) -> Score | None:
    return score if score is None or probability is None else Score(score.label, round(probability, SCORE_DIGITS))
