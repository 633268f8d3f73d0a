"""Words for colours, held against what was measured: which are true of a swatch, and how likely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from beauty_vlm.colour import ciede2000, lab_to_hex
from beauty_vlm.language.mentions import Mention, Scope
from beauty_vlm.report import Evidence, Shade, Swatch
from beauty_vlm.vocabulary import COLOUR_TOLERANCE, may_name, nearest_named
from beauty_vlm.writing import borders
from beauty_vlm.writing.reliability import Trust

# Smaller parts of a surface do not give it its name.
NAMING_SHARE = 0.1
DEPTHS = ("very light", "light", "medium", "deep", "very deep")
DEPTH_SYNONYMS = {"dark": "deep", "pale": "light", "very dark": "very deep", "very pale": "very light"}
# "Brownish red" lies between red and brown: farther from either by this (CIEDE2000) than what each may name alone.
TINT_TOLERANCE = COLOUR_TOLERANCE


def naming(shade: Shade) -> list[Swatch]:
    """The main swatch and all others that are large enough to be what a word meant, no surer than the main one."""
    main = shade.palette[0].uncertainty if shade.palette else None
    return [
        swatch if number == 0 or main is None else replace(swatch, uncertainty=main)
        for number, swatch in enumerate(shade.palette)
        if number == 0 or swatch.share >= NAMING_SHARE
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """What a mention says of a colour, wherever it stands in a text."""

    term: str
    tint: str | None
    depth: str | None
    undertone: str | None

    @classmethod
    def of(cls, mention: Mention) -> _Words:
        return cls(mention.term, mention.tint, mention.depth, mention.undertone)

    def hold(self, swatch: Swatch) -> bool:
        if self.tint is None:
            near = may_name(self.term, swatch.lab)
        else:
            near = all(may_name(term, swatch.lab, TINT_TOLERANCE) for term in (self.term, self.tint))
        return near and depth_true(self.depth, swatch) and undertone_true(self.undertone, swatch)


def holds(mention: Mention, swatch: Swatch) -> bool:
    """Whether a colour's word and its modifiers are true of a swatch's colour as it stands."""
    return _Words.of(mention).hold(swatch)


def surely(mention: Mention, swatch: Swatch, trust: Trust) -> bool:
    """Whether a colour's word and its modifiers are true of a swatch, and likely enough of what was measured as it."""
    words = _Words.of(mention)
    return _is_sure(words.hold, lambda: _probability(words, swatch), swatch, trust, mention.scope)


def surely_modified(kind: str, said: str, swatch: Swatch, trust: Trust, scope: Scope = "material") -> bool:
    """The same of a word for the depth or the undertone alone."""
    true = partial(depth_true if kind == "depth" else undertone_true, said)
    return _is_sure(true, lambda: borders.probability(true, swatch), swatch, trust, scope)


def sure_name(swatch: Swatch, trust: Trust, scope: Scope = "material") -> str | None:
    """The most telling word for a swatch that is likely enough, None where none is."""
    said = ((name, replace(borders.mention_of(name), scope=scope)) for name in borders.names(swatch))
    return next((name for name, mention in said if surely(mention, swatch, trust)), None)


def name_probability(name: str, swatch: Swatch) -> float:
    """That a name is true of the colour that was measured as a swatch, 0..1, where that is the product's own."""
    mention = borders.mention_of(name)
    return mention_probability(mention, swatch) if holds(mention, swatch) else 0.0


def mention_probability(mention: Mention, swatch: Swatch) -> float:
    """The same of a colour's word and its modifiers, which may be no word for the measured colour as it stands."""
    return _probability(_Words.of(mention), swatch)


@lru_cache(maxsize=256)
def _probability(words: _Words, swatch: Swatch) -> float:
    """A caption's candidates say the same words again and again of the same few swatches."""
    return borders.probability(words.hold, swatch)


def _is_sure(
    true: Callable[[Swatch], bool], probability: Callable[[], float], swatch: Swatch, trust: Trust, scope: Scope
) -> bool:
    its, bar = {
        "material": (trust.shade, trust.shade_bar),
        "others": (trust.shade, trust.shade_bar),
        "packaging": (trust.package_colour, trust.package_colour_bar),
    }.get(scope, (1.0, trust.shade_bar))
    return its >= bar and true(swatch) and its * probability() >= bar


def depth_true(said: str | None, swatch: Swatch) -> bool:
    """One step beside the measured depth is a matter of taste."""
    depth = DEPTH_SYNONYMS.get(said or "", said)
    return depth is None or abs(DEPTHS.index(depth) - DEPTHS.index(swatch.depth)) <= 1


def undertone_true(said: str | None, swatch: Swatch) -> bool:
    """Whether an undertone's word is true of a swatch; neutral is beside both of the others."""
    return said is None or said == swatch.undertone or "neutral" in (said, swatch.undertone)


def evidence_of(swatch: Swatch, said: str | None = None, region: Scope = "material") -> Evidence:
    """The figures behind a colour word held against a swatch; None is the swatch's own name."""
    nearest = swatch.lab if said is None else nearest_named(said, swatch.lab)
    return Evidence(
        f"measured {swatch.name}, {swatch.hex}",
        measured=swatch.hex,
        claimed=swatch.hex if nearest == swatch.lab else lab_to_hex(nearest),
        delta_e=round(float(ciede2000(swatch.lab, nearest)), 2),
        region=region,
    )
