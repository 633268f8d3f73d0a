"""How likely a claim is, by two witnesses, the measurement and the caption, and from when on it is made.

The weights and bars stand in reliability.json, fitted on held-out renders by `python -m data.fit_reliability`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Literal

from beauty_vlm.report import Score

FILE = Path(__file__).with_suffix(".json")
Agreement = Literal["agrees", "differs", "silent"]  # what the caption says of it, beside the measurement


@dataclass(frozen=True, slots=True)
class Witnesses:
    """A logistic regression: the log-odds of a claim are `bias` + `strength` times the measurement's own strength, and
    `agrees` or `differs` by what the caption says. The claim is made from the probability `bar` on.
    """

    bias: float = 0.0
    strength: float = 1.0
    agrees: float = 0.0
    differs: float = 0.0
    bar: float = 0.5

    def probability(self, strength: float, agreement: Agreement) -> float:
        """The probability of a claim, 0..1."""
        said = {"agrees": self.agrees, "differs": self.differs, "silent": 0.0}[agreement]
        return 1.0 / (1.0 + math.exp(-self.bias - self.strength * strength - said))


@dataclass(frozen=True, slots=True)
class Reliability:
    """The witnesses of each kind of claim. `package_colour` is that the measured colour of the package is its own."""

    type: Witnesses = field(default_factory=Witnesses)
    shade: Witnesses = field(default_factory=Witnesses)
    finish: Witnesses = field(default_factory=Witnesses)
    package_colour: Witnesses = field(default_factory=Witnesses)
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
    return Reliability(**{kind: _witnesses(entry, f"{path.name}: {kind}") for kind, entry in document.items()})


def _witnesses(entry: object, where: str) -> Witnesses:
    names = {one.name for one in fields(Witnesses)}
    if not isinstance(entry, Mapping) or set(entry) != names:
        raise ValueError(f"{where} must have {', '.join(sorted(names))}")
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in entry.values()):
        raise ValueError(f"{where}: every value must be a number")
    return Witnesses(**{name: float(value) for name, value in entry.items()})
