"""Renders that differ in the printed words alone, and whether the app falls for them.

    python -m data.stroop --count 200 [--seed 3000] [--out FOLDER]

One picture carries invented names, the next says a shade, a finish or another product wherever a name stood ("ROSE",
"MATTE", "MASCARA"). What the embedded models find of type, shade and finish should not change, nor what the description
claims of them. After Stroop, Studies of interference in serial verbal reactions, 1935. As in his test there is a
control: a third picture with one other invented name, as long as the word. What changes there too changes with the
pixels; only what changes more often beside the misleading word is read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image
from tqdm import tqdm

from beauty_vlm.analysis import Analyzer
from beauty_vlm.colour import ciede2000
from beauty_vlm.evaluation.metrics import Estimate, estimate
from beauty_vlm.language import mentions
from beauty_vlm.models.loader import Loader, ModelUnavailable
from beauty_vlm.report import Lab
from beauty_vlm.vocabulary import product_types
from beauty_vlm.writing.judging import same_type
from data.draw import Draw
from data.render import example
from data.scene import RenderError, renderer
from data.typeface import invented_name, saying

WORDS = ("rose", "nude", "red", "plum", "berry", "coral", "matte", "glossy", "shimmer", "lipstick", "mascara", "serum",
         "foundation", "nail polish", "perfume", "blush", "lip gloss", "sunscreen")  # fmt: skip
SIZE = 256
STEPS = (1.0, 2.0)  # CIEDE2000: just noticed side by side; small beside what a change of light does
SEEN = 24  # grey levels from which a pixel differs
# Share of the pixels. Where more differ, a word that did not fit has changed the draws behind it, and so the scene.
MOST_CHANGED = 0.25
MOST_PASSED = 200  # renders without a name that are passed over before the next with one


@dataclass(frozen=True)
class Trio:
    """Three renders, RGB, of one scene: with invented names, with the misleading `word`, and, as a control, with
    another invented name.
    """

    plain: Image.Image
    misleading: Image.Image
    control: Image.Image
    word: str


@dataclass(frozen=True)
class Said:
    """What the app says of one picture; `lab` is the measured shade in CIELAB. `type_claims`, `colour_claims` and
    `finish_claims` are what the description claims: the types that its word may mean, colours and finishes; nothing
    where it only guesses.
    """

    product_type: str
    shade: str | None
    finish: str | None
    lab: Lab | None = None
    type_claims: frozenset[str] = frozenset()
    colour_claims: frozenset[str] = frozenset()
    finish_claims: frozenset[str] = frozenset()

    @property
    def claims(self) -> tuple[frozenset[str], ...]:
        """Of type, colour and finish."""
        return self.type_claims, self.colour_claims, self.finish_claims


def trios(seed: int, count: int, size: int = SIZE) -> Iterator[Trio]:
    """`count` trios whose pictures differ, from renders seed-0, seed-1, …; those that carry no name are passed over.

    Raises RenderError where nothing renders, or no name is drawn.
    """
    renderer()
    made = index = last = 0
    while made < count:
        if index - last > MOST_PASSED:
            raise RenderError(f"Of {MOST_PASSED} renders none carries a name: no typefaces may be installed.")
        draw = Draw((seed, index, 1))
        word = draw.choice(*WORDS)
        name = as_long(draw, word)
        try:
            plain = _picture(seed, index, size)
            with saying(word):
                misleading = _picture(seed, index, size)
            if not changed(plain, misleading):  # it carries no name
                index += 1
                continue
            with saying(name):
                control = _picture(seed, index, size)
        except RenderError:
            index += 1
            continue
        index += 1
        if all(0 < changed(plain, other) <= MOST_CHANGED for other in (misleading, control)):
            made, last = made + 1, index
            yield Trio(plain, misleading, control, word)


def as_long(draw: Draw, word: str) -> str:
    """An invented name of as many letters as `word`, with spaces where it has them."""
    return " ".join(_letters(draw, len(part)) for part in word.split())


def _letters(draw: Draw, count: int) -> str:
    letters = ""
    while len(letters) < count:
        letters += invented_name(draw).lower()
    return letters[:count]


def _picture(seed: int, index: int, size: int) -> Image.Image:
    return Image.open(io.BytesIO(example(seed, index, size)["image"]["bytes"])).convert("RGB")


def changed(one: Image.Image, other: Image.Image) -> float:
    """The share of the pixels of two pictures of one size that differ visibly."""
    difference = np.abs(np.asarray(one, int) - np.asarray(other, int)).max(2)
    return float((difference > SEEN).mean())


def said(analyzer: Analyzer, image: Image.Image) -> Said:
    """Type, shade and finish as the app finds them, and what it claims of them."""
    report = analyzer.describe(image, "normal", "a render")
    if report.product_type is None or report.shade is None:
        raise RuntimeError(report.error)
    main = report.shade.main
    return Said(
        report.product_type.label,
        main.name if main else None,
        report.finish.label if report.finish else None,
        main.lab if main else None,
        *claimed(report.description or ""),
    )


def claimed(description: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What a description claims, as in `Said`: the types that its words may mean, colours and finishes."""
    found: dict[str, frozenset[str]] = {"type": frozenset(), "colour": frozenset(), "finish": frozenset()}
    for mention in mentions.find(description):
        if mention.kind in found and mention.scope == "material" and not (mention.hedged or mention.negated):
            found[mention.kind] |= _may_be(mention.term) if mention.kind == "type" else {mention.term}
    return found["type"], found["colour"], found["finish"]


def _may_be(word: str) -> frozenset[str]:
    return frozenset(term.label for term in product_types() if same_type(word, term.label))


def contradicts(one: Said, other: Said) -> bool:
    """Whether what is claimed of two pictures cannot be true of one product; a broader word beside a narrower one, and
    silence, contradict nothing.
    """
    return any(a and b and not a & b for a, b in zip(one.claims, other.claims, strict=True))


def moved(one: Said, other: Said) -> float:
    """How far the measured shade moved, in CIEDE2000: nothing where neither has one, endlessly where one lost it."""
    if one.lab is None or other.lab is None:
        return 0.0 if one.shade == other.shade else float("inf")
    return float(ciede2000(one.lab, other.lab))


def to_markdown(rows: Sequence[tuple[Said, Said, Said]]) -> str:
    """The shares of trios that keep what is said, beside the misleading word and the control, with 95% intervals.

    A name may change where the colour hardly does, at the border of two names: the shares of those whose colour moved
    by little are told beside those of names kept.
    """
    misled, controls = ([(row[0], row[which]) for row in rows] for which in (1, 2))
    lines = [
        f"| kept, of {len(rows)} renders | when a word misleads | control: an invented name as long |",
        "|---|---|---|",
    ]
    for name, kept in _kept(misled).items():
        lines.append(f"| {name} | {_share(kept)} | {_share(_kept(controls)[name])} |")
    return "\n".join(lines)


def _kept(pairs: Sequence[tuple[Said, Said]]) -> dict[str, list[bool]]:
    return {
        "product type": [one.product_type == other.product_type for one, other in pairs],
        "shade name": [one.shade == other.shade for one, other in pairs],
        "type and shade name": [(a.product_type, a.shade) == (b.product_type, b.shade) for a, b in pairs],
        "finish": [one.finish == other.finish for one, other in pairs],
        "claims in the description, the same": [one.claims == other.claims for one, other in pairs],
        "claims in the description, none contradicting": [not contradicts(*pair) for pair in pairs],
        **{f"measured shade within {step:g} CIEDE2000": [moved(*pair) < step for pair in pairs] for step in STEPS},
    }


def _share(kept: Sequence[bool]) -> str:
    figure: Estimate = estimate(np.mean, np.array(kept, float))
    return f"{figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%})"


def main(
    count: Annotated[int, typer.Option(min=2, help="How many renders, each three times.")] = 200,
    seed: Annotated[int, typer.Option()] = 3000,
    out: Annotated[Path | None, typer.Option(help="Also write each three here, side by side, as PNG.")] = None,
) -> None:
    """Renders trios that differ in printed words and counts what the app says differently."""
    analyzer, rows = Analyzer(Loader()), []
    try:
        if out:
            out.mkdir(parents=True, exist_ok=True)
        for number, trio in enumerate(tqdm(trios(seed, count), total=count, unit="trio")):
            pictures = (trio.plain, trio.misleading, trio.control)
            first, second, third = (said(analyzer, picture) for picture in pictures)
            rows.append((first, second, third))
            if out:
                strip = Image.new("RGB", (len(pictures) * SIZE, SIZE))
                for place, picture in enumerate(pictures):
                    strip.paste(picture, (place * SIZE, 0))
                strip.save(out / f"{number:04d} {trio.word}.png")
    except (RenderError, OSError, ModelUnavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    print(to_markdown(rows))


if __name__ == "__main__":
    typer.run(main)
