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

    @property
    def told(self) -> str:
        """As a text says it: "satin, 51%"."""
        return f"{self.label}, {percent(self.score)}"


def percent(share: float) -> str:
    """A share or probability for the reader: "83%", "<1%", ">99%"."""
    return "<1%" if 0 < share < 0.01 else ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


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

    `lab` is CIELAB (D65, 2° observer, L* 0..100); `share` is the part of the material's pixels, 0..1;
    `uncertainty` is how far off the measurement may be, in CIEDE2000 (the error that 68% stay below), None where not
    estimated.
    """

    name: str
    hex: str
    lab: Lab
    share: float
    undertone: str
    depth: str
    uncertainty: float | None = None


@dataclass(frozen=True, slots=True)
class Light:
    """The light that a photo was taken in, as read from what should be neutral in it.

    `hex` is the colour that a white surface has in the photo, `source` what told it ("background", "packaging", or
    "background and packaging"), `cast` its distance from neutral of the same lightness in CIEDE2000.
    """

    hex: str
    source: str
    cast: float


@dataclass(frozen=True, slots=True)
class Shade:
    """The measured shade; `main` is None when no material of the product can be seen or its colour cannot be judged.

    `others` are the shades, at most four, of pieces that lie apart and differ from it in colour: the next bottle.
    `unjudged` is then a sentence that says why a visible material's shade cannot be judged (a monochrome or strongly
    tinted photo). `main` and `palette` are as seen; `corrected` is `main` under a neutral light, where the light could
    be estimated.
    """

    visible: bool
    main: Swatch | None
    palette: tuple[Swatch, ...]
    corrected: Swatch | None = None
    light: Light | None = None
    unjudged: str | None = None
    others: tuple[Swatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Packaging:
    """What is seen of the package: its main colour, and the likeliest of its materials and states ("open")."""

    colour: Swatch | None
    material: Score | None
    state: Score | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a claim was judged as it was: `text` in plain words, and the figures behind it where there are any.

    `probability` is a classifier's; `measured` is the hex of the region's colour and `claimed` that of the nearest
    colour that the word may name, `delta_e` their CIEDE2000; `region` is "material", "packaging", "background", or
    "others" for pieces of other shades.
    """

    text: str
    probability: float | None = None
    measured: str | None = None
    claimed: str | None = None
    delta_e: float | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the description says: its text, its [start, end) in `description`, and the verdict.

    `kind` is one of `beauty_vlm.language.mentions.KINDS`. `verdict` is "supported", or "unseen" for what nothing here
    measures; what the photo contradicts is mended or cut before it is said. `said` is the caption's word that it
    replaces, `hedge` the "probably" or "perhaps" that makes a guess of it.
    """

    text: str
    span: tuple[int, int]
    kind: str
    verdict: str
    evidence: Evidence
    said: str | None = None
    hedge: str | None = None


@dataclass(frozen=True, slots=True)
class Mend:
    """A word of the caption that did not reach the description: what stands instead ("": nothing), and why.

    Where it makes a claim, `kind` is the claim's, `verdict` what became of it ("contradicted" by the photo, "unseen"
    where that cannot tell, "supported" of what is said elsewhere) and `evidence` what it was held against.
    """

    said: str
    instead: str
    reason: str
    kind: str | None = None
    verdict: str | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something the user gave: `kind` is "brand", "shade", "ingredients" or "other".

    `conflict` is a sentence where the photo shows something else.
    """

    kind: str
    text: str
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything said of one photo; `length` is how long the description was to be. On failure `status` is a short
    code, `error` a sentence, the rest None.
    """

    file: str | None
    status: str = "ok"
    error: str | None = None
    caption: str | None = None
    description: str | None = None
    product_type: ProductType | None = None
    shade: Shade | None = None
    finish: Score | None = None
    packaging: Packaging | None = None
    claims: tuple[Claim, ...] | None = None
    mends: tuple[Mend, ...] | None = None
    notes: tuple[Note, ...] | None = None
    length: Length | None = None
    models: dict[str, str] | None = field(default=None)
    timings_ms: dict[str, float] | None = field(default=None)

    @classmethod
    def failure(cls, file: str | None, status: str, error: str) -> Report:
        """The record of a photo that could not be described."""
        return cls(file=file, status=status, error=error)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of this record; tuples become lists when it is serialised."""
        return asdict(self)
