"""The last sentences of a description, from the measurements: the package, the shade and that nothing shimmers, or that
the shade cannot be judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from beauty_vlm.colour import ciede2000
from beauty_vlm.language.mentions import Scope
from beauty_vlm.report import Claim, Evidence, Length, Swatch
from beauty_vlm.vocabulary import MANY_SHADES, families
from beauty_vlm.writing.borders import mention_of
from beauty_vlm.writing.colour_words import evidence_of, naming, sure_name, surely
from beauty_vlm.writing.guesses import Sentence, finish_guess, joined, shade_guess
from beauty_vlm.writing.judging import Measured, Verdict, shimmer_free
from beauty_vlm.writing.lexicon import article
from beauty_vlm.writing.mending import judged_mentions
from beauty_vlm.writing.page import Page
from beauty_vlm.writing.phrases import Judged, listed
from beauty_vlm.writing.reliability import Trust

LISTED_SHADES = 4
SAYS_UNJUDGED = "cannot be judged"
SHADE_UNJUDGED = "The shade cannot be judged from this photo"
SHADE_UNSURE = "The shade is too uncertain to name."
OTHERS = "Others are "
NO_SHIMMER = "No shimmer is visible."
TELL_DEPTH = frozenset(["pale", "light", "dark", "deep"])  # in a term's own name, as "light grey"
PLAIN_COLOURS = frozenset(
    ["white", "black", "grey", "beige", "cream", "gold", "orange", "navy", "turquoise", "burgundy", "violet"]
)
OWN_SHARE = 0.5  # of the package that has the colour which is said of it
THROUGH = 10.0  # CIEDE2000 of package and product below which the product may be seen through its package


def close(page: Page, measured: Measured, length: Length) -> None:
    """The last sentences: what the package is, the shade as measured and that it does not shimmer, or that it cannot be
    judged.
    """
    package = package_sentence(measured, page.claims)
    if length == "detailed" and package is not None:
        page.sentence(package, _supported(package, measured))
    if measured.shade.main is not None:
        of_finish = length != "short" and not _says(page, "finish")
        _shade(page, measured, measured.shade.main, length, finish_guess(measured) if of_finish else None)
        if of_finish and (finish := sure_finish(measured)):
            page.sentence(finish, judged_mentions(finish, measured, None))
        elif of_finish and shimmer_free(measured):
            page.sentence(NO_SHIMMER, judged_mentions(NO_SHIMMER, measured, None))
    if unjudged := unjudged_sentence(measured):
        page.sentence(unjudged)


def sure_finish(measured: Measured) -> str | None:
    """What the finish is, where that is sure."""
    finish = measured.finish
    return f"The finish is {finish.label}." if finish and finish.score >= measured.trust.finish_bar else None


def unjudged_sentence(measured: Measured) -> str | None:
    """That the shade of a visible material cannot be judged, and why; None where it can."""
    why = measured.shade.unjudged
    if why is None:
        return None
    if SAYS_UNJUDGED in why.lower():
        return why if why.endswith(".") else f"{why}."
    return f"{SHADE_UNJUDGED}: {why[:1].lower()}{why[1:].rstrip('.')}."


def package_sentence(measured: Measured, said: Sequence[Claim] = ()) -> str | None:
    """What is certain of the package, and not among the claims said already, in one sentence; None where nothing is."""
    packaging = measured.packaging
    if packaging is None:
        return None
    bars = measured.trust
    known = {claim.kind for claim in said if claim.kind == "state" or claim.evidence.region == "packaging"}
    material = (
        packaging.material.label if packaging.material and packaging.material.score >= bars.material_bar else None
    )
    state = packaging.state.label if packaging.state and packaging.state.score >= bars.state_bar else None
    own = packaging.colour if _is_own_colour(measured) else None
    colour = sure_name(own, measured.trust, "packaging") if own is not None else None
    if known - {"state"}:  # its colour or material is said
        colour = material = None
    plain = colour is not None and colour.split()[-1] in PLAIN_COLOURS | families()
    parts = [colour] if colour and plain else []
    if material:  # "matte plastic": a finish is the product's, to a reader
        parts.append(material if material.startswith("clear") else material.split()[-1])
    words = [" ".join(parts)] if parts else []
    if colour and not plain:  # packages are of walnut, too
        words.append(f"{colour} in colour")
    if state in ("open", "closed") and "state" not in known:
        words.append(state)
    return f"The package is {listed((word, True) for word in words)[0]}." if words else None


def _supported(package: str, measured: Measured) -> Judged:
    """The claims of the package's own sentence, of which only what is sure is in it: also of "glass or plastic"."""
    material = measured.packaging.material if measured.packaging else None
    told = Evidence(material.told, probability=material.score, region="packaging") if material else Evidence("")
    return [
        (mention, verdict if verdict.instead is None else Verdict("supported", told))
        for mention, verdict in judged_mentions(package, measured, None)
    ]


def _is_own_colour(measured: Measured) -> bool:
    """Whether the measured colour of the package is its own: not what a clear wall shows or metal mirrors, nor
    one of many.
    """
    packaging = measured.packaging
    if packaging is None or packaging.colour is None or packaging.material is None or measured.shade.unjudged:
        return False
    shows_others = any(packaging.material.label.startswith(word) for word in ("clear", "metal"))
    lab = packaging.colour.lab
    through = any(ciede2000(lab, swatch.lab) < THROUGH for swatch in measured.shade.palette)
    return packaging.colour.share >= OWN_SHARE and not shows_others and not through


def _says(page: Page, kind: str) -> bool:
    return any(claim.kind == kind for claim in page.claims)


def _shade(page: Page, measured: Measured, main: Swatch, length: Length, finish: Sentence | None) -> None:
    """The shade's own sentence: of a detailed description as measured; of any, where nothing of it is sure, a guess.

    `finish` is a guess at the finish, said last.
    """
    many, trust = measured.product_type.label in MANY_SHADES, measured.trust
    named = [(swatch, sure_name(swatch, trust)) for swatch in naming(measured.shade)[: LISTED_SHADES if many else 1]]
    swatches = [replace(swatch, name=name) for swatch, name in named if name is not None]
    guess = None
    if swatches and length == "detailed":
        _measured_sentence(page, measured, main, swatches)
        if not many:  # of these, all are listed
            _others(page, measured, swatches[0].name)
    elif not swatches and measured.shade.unjudged is None and not _says(page, "colour"):
        guess = shade_guess(measured, length)
        if guess is None and length == "detailed":
            page.sentence(SHADE_UNSURE)
    if guess and finish:
        page.sentence(*joined(guess, finish))
    elif one := guess or finish:
        page.sentence(*one)


def _measured_sentence(page: Page, measured: Measured, main: Swatch, swatches: Sequence[Swatch]) -> None:
    """The shades as measured, by names that are sure; of a single one with its depth and undertone, where these are."""
    single = len(swatches) == 1
    names = [_with_modifiers(main, swatches[0].name, measured.trust)] if single else [one.name for one in swatches]
    begin = "The shade is " if single else "The shades are "
    page.sentence(*_listed(begin, list(zip(names, swatches, strict=True)), "material"))


def _others(page: Page, measured: Measured, main: str) -> None:
    """The shades of other pieces, by names that are sure and not the main shade's."""
    trust, named = measured.trust, dict[str, Swatch]()
    for number, swatch in enumerate(measured.shade.others):
        its = trust.others[number] if trust.others else trust.shade
        name = sure_name(swatch, replace(trust, shade=its), "others")
        if name is not None and name != main:
            named.setdefault(name, swatch)
    if told := list(named.items())[:LISTED_SHADES]:
        page.sentence(*_listed(OTHERS, told, "others"))


def _listed(begin: str, told: Sequence[tuple[str, Swatch]], scope: Scope) -> Sentence:
    """`begin`, and the names with their hexes; an article before those that have modifiers ("a deep, cool plum")."""
    sentence, judged = begin, []
    for number, (name, swatch) in enumerate(told):
        sentence += "" if number == 0 else " and " if number == len(told) - 1 else ", "
        sentence += f"{article(name)} " if "," in name else ""
        mention = replace(mention_of(name), span=(len(sentence), len(sentence) + len(name)), scope=scope)
        judged.append((mention, Verdict("supported", evidence_of(swatch, region=scope))))
        sentence += f"{name} ({swatch.hex})"
    return sentence, judged


def _with_modifiers(main: Swatch, name: str, trust: Trust) -> str:
    """A shade's sure name with its depth and undertone before it ("deep, cool plum"), where it says none of these and
    both are sure.
    """
    said = mention_of(name)
    if said.depth or said.undertone or set(name.split()) & TELL_DEPTH:
        return name
    full = f"{main.depth}, {main.undertone} {name}"
    return full if mention_of(full).term == said.term and surely(mention_of(full), main, trust) else name
