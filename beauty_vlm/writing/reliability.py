"""How likely a claim is, by two witnesses, the measurement and the caption, and from when on it is made.

Of each kind of claim the measurement gives some evidence by name, of which more is never less likely: `score`, the
log-odds of what the tagger says; of a measured colour its `uncertainty` (in tens of CIEDE2000, negative), and its
`share` of what was measured, 0..1; of the product's material the log-odds that it is `visible` at all, and `segmented`,
those that its pixels have of being material, on average.

The weights and bars stand in reliability.json, fitted on held-out renders by `python -m data.fit_reliability`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Literal

from beauty_vlm.report import Score

FILE = Path(__file__).with_suffix(".json")
Agreement = Literal["agrees", "differs", "silent"]  # what the caption says of it, beside the measurement

# The evidence on each kind of claim.
EVIDENCE: dict[str, tuple[str, ...]] = {
    "type": ("score",),
    "shade": ("uncertainty", "share", "visible", "segmented"),
    "finish": ("score", "visible"),
    "shimmer_free": ("score", "visible"),
    "package_colour": ("uncertainty", "share"),
    "material": ("score",),
    "state": ("score",),
}


@dataclass(frozen=True, slots=True)
class Hearing:
    """What both witnesses say of one claim: the measurement's evidence by name, and whether the caption agrees."""

    evidence: Mapping[str, float]
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Witnesses:
    """A logistic regression: the log-odds of a claim are `bias`, the evidence times its `weights`, and `agrees` or
    `differs` by what the caption says. The claim is made from the probability `bar` on.
    """

    bias: float = 0.0
    weights: Mapping[str, float] = field(default_factory=lambda: {"score": 1.0})
    agrees: float = 0.0
    differs: float = 0.0
    bar: float = 0.5

    def probability(self, hearing: Hearing) -> float:
        """The probability of a claim, 0..1. Raises KeyError for lack of evidence that is weighed."""
        said = {"agrees": self.agrees, "differs": self.differs, "silent": 0.0}[hearing.agreement]
        measured = sum(weight * hearing.evidence[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-self.bias - measured - said))


def _of_colour() -> Witnesses:
    return Witnesses(weights={"uncertainty": 1.0})


@dataclass(frozen=True, slots=True)
class Reliability:
    """The witnesses of each kind of claim. `package_colour` is that the measured colour of the package is its own."""

    type: Witnesses = field(default_factory=Witnesses)
    shade: Witnesses = field(default_factory=_of_colour)
    finish: Witnesses = field(default_factory=Witnesses)
    shimmer_free: Witnesses = field(default_factory=Witnesses)
    package_colour: Witnesses = field(default_factory=_of_colour)
    material: Witnesses = field(default_factory=Witnesses)
    state: Witnesses = field(default_factory=Witnesses)


@dataclass(frozen=True, slots=True)
class Trust:
    """How far what was measured is to be believed in one photo: how likely the measured shade, each of those of other
    pieces and the package's colour are theirs and no other surface's, the bar of each kind of claim, and the likeliest
    type by both witnesses (None: the tagger's). By default, all is believed.
    """

    shade: float = 1.0
    package_colour: float = 1.0
    shade_bar: float = 0.5
    package_colour_bar: float = 0.5
    finish_bar: float = 0.5
    shimmer_free_bar: float = 0.5
    material_bar: float = 0.7
    state_bar: float = 0.7
    type: Score | None = None
    others: tuple[float, ...] = ()


def log_odds(probability: float) -> float:
    """Of a probability 0..1, no farther from even than one in a thousand."""
    bounded = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(bounded / (1 - bounded))


@lru_cache(maxsize=1)
def reliability() -> Reliability:
    """The fitted one. Raises ValueError when reliability.json is wrong."""
    return read(FILE)


def read(path: Path) -> Reliability:
    """Read a file as `data.fit_reliability` writes it; raises ValueError naming file and entry."""
    document = json.loads(path.read_text(encoding="utf-8"))
    kinds = {one.name for one in fields(Reliability)}
    if not isinstance(document, Mapping) or set(document) != kinds:
        raise ValueError(f"{path.name} must have the entries {', '.join(sorted(kinds))}")
    return Reliability(
        **{kind: _witnesses(entry, EVIDENCE[kind], f"{path.name}: {kind}") for kind, entry in document.items()}
    )


def _witnesses(entry: object, evidence: Collection[str], where: str) -> Witnesses:
    numbers = _numbers(entry, {one.name for one in fields(Witnesses)}, where, but="weights")
    assert isinstance(entry, Mapping)
    return Witnesses(weights=_numbers(entry["weights"], evidence, f"{where}: weights"), **numbers)


def _numbers(entry: object, names: Collection[str], where: str, but: str | None = None) -> dict[str, float]:
    """The numbers of an entry that has these names and no others, less what is no number by its name `but`."""
    if not isinstance(entry, Mapping) or set(entry) != set(names):
        raise ValueError(f"{where} must have {', '.join(sorted(names))}")
    numbers = {name: value for name, value in entry.items() if name != but}
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in numbers.values()):
        raise ValueError(f"{where}: every value must be a number")
    return {name: float(value) for name, value in numbers.items()}
