"""The record of one photo: what every surface (app, shell, catalog, Python) returns.

Plain frozen data and its JSON form. Nothing here computes; it is filled by `beauty_vlm.analysis`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Lab = tuple[float, float, float]
Length = Literal["short", "normal", "detailed"]


@dataclass(frozen=True, slots=True)
class Score:
    """A label and its probability in [0, 1]."""

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class ProductType:
    """The tagged product type. `accepted` is False when the photo is likely no such product at all.

    `named` is what the description may call it: the label where that is likely enough, else a broader word
    such as "lip product", with its probability.
    """

    label: str
    score: float
    accepted: bool
    top: tuple[Score, ...]  # five, best first
    named: Score | None = None  # None: the label

    @property
    def word(self) -> Score:
        """What the description calls it, and how likely that is."""
        return self.named or Score(self.label, self.score)


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour of the product's material.

    `lab` is CIELAB (D65, 2° observer, L* 0..100); `share` is the part of the material's pixels, 0..1.
    """

    name: str
    hex: str
    lab: Lab
    share: float
    undertone: str
    depth: str


@dataclass(frozen=True, slots=True)
class Shade:
    """The measured shade; `main` is None when no material of the product can be seen."""

    visible: bool
    main: Swatch | None
    palette: tuple[Swatch, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the description says: its text, its [start, end) in `description`, and the verdict.

    `kind` is one of "type", "colour", "finish", "packaging", "background": the last two are colours said of those.
    `verdict` is "supported" or "unseen"; what the photo contradicts is mended or cut before it is said, and the
    evidence names the word that stood there.
    """

    text: str
    span: tuple[int, int]
    kind: str
    verdict: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything said of one photo. On failure `status` is a short code, `error` a sentence, the rest None."""

    file: str | None
    status: str = "ok"
    error: str | None = None
    caption: str | None = None
    description: str | None = None
    product_type: ProductType | None = None
    shade: Shade | None = None
    finish: Score | None = None
    claims: tuple[Claim, ...] | None = None
    models: dict[str, str] | None = field(default=None)
    timings_ms: dict[str, float] | None = field(default=None)

    @classmethod
    def failure(cls, file: str | None, status: str, error: str) -> Report:
        """The record of a photo that could not be described."""
        return cls(file=file, status=status, error=error)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of this record; tuples become lists when it is serialised."""
        return asdict(self)
