"""How far claims are to be believed, fitted on held-out renders: writes beauty_vlm/writing/reliability.json anew.

    python -m data.imagefolder --data renders/a --part validation --out folder     # for each folder of renders
    python -m data.fit_reliability FOLDER [FOLDER2 …] [--length normal]

Run it after the tagger, the segmenter or the captioner was trained. For every kind of claim a logistic regression of
whether it is right (`beauty_vlm.writing.reliability`) on the measurement's strength and what the caption says, drawn
by a weak Gaussian prior to believing the measurement alone; then the least bar at which RIGHT of what is said is right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from scipy.optimize import minimize
from tqdm import tqdm

from beauty_vlm.analysis import Analyzer
from beauty_vlm.evaluation.claims import check
from beauty_vlm.evaluation.truths import EvaluationError, Truth, read_truths
from beauty_vlm.intake import IntakeError
from beauty_vlm.language.mentions import Scope
from beauty_vlm.measurement.colour import ciede2000, hex_to_lab
from beauty_vlm.models.loader import Loader, ModelUnavailable
from beauty_vlm.report import Length, Report, Shade
from beauty_vlm.writing.borders import names
from beauty_vlm.writing.judging import MANY_SHADES, Measured, name_probability, same_type
from beauty_vlm.writing.reliability import FILE, Reliability, Witnesses
from beauty_vlm.writing.weighing import Hearing, hearings, type_words

RIGHT = 0.97  # of the claims made: the goal
# A bar is never above it: what is right that likely may be said, whether or not there are enough renders to tell.
BARS = np.linspace(0.3, RIGHT, 68)
PICK = 10.0  # CIEDE2000 within which a measured colour is the product's own, badly measured; beyond it is another's
WEIGHED = ("agrees", "differs")  # silence is what these are held against
SAID_OF = {"shade": ("A lipstick in {}.", "colour"), "package_colour": ("The package is {}.", "packaging")}
DIGITS = 4
# Standard deviation of a weight: a weakly informative prior for log-odds (Gelman et al., Ann. Appl. Stat. 2 (2008)
# 1360-1383).
PRIOR = 2.5
ESSENTIAL = ("type", "shade")  # what a description is for


@dataclass(frozen=True, slots=True)
class Example:
    """One photo: what is true of it, what was measured, and the caption."""

    truth: Truth
    measured: Measured
    caption: str


@dataclass(frozen=True, slots=True)
class Row:
    """What both witnesses say of one claim, and whether it is right."""

    hearing: Hearing
    right: bool


def example(truth: Truth, report: Report) -> Example | None:
    """A described photo, of which the record holds all that is weighed; None for a failure."""
    if report.product_type is None or report.shade is None or report.caption is None:
        return None
    package = report.packaging
    colour = package.colour if package else None
    surroundings: dict[Scope, Shade] = {"packaging": Shade(True, colour, (colour,))} if colour else {}
    measured = Measured(report.product_type, report.shade, report.finish, surroundings, package)
    return Example(truth, measured, report.caption)


def rows(examples: Sequence[Example], kind: str) -> Iterator[Row]:
    """The claims of a kind that the truth can judge."""
    for one in examples:
        if kind == "type":
            if one.measured.product_type.accepted and one.truth.product_type is not None:
                for word, hearing in type_words(one.measured.product_type, one.caption):
                    yield Row(hearing, same_type(word, one.truth.product_type))
        elif (found := hearings(one.measured, one.caption).get(kind)) and (right := _right(kind, one)) is not None:
            yield Row(found, right)


def _right(kind: str, one: Example) -> bool | None:
    truth, measured = one.truth, one.measured
    if kind == "package_colour":
        colour = measured.surroundings["packaging"].main
        return None if colour is None else _judged(f"The package is {colour.name}.", truth, "packaging")
    if kind in ("material", "state"):
        seen = getattr(measured.packaging, kind)
        known = truth.packaging_material if kind == "material" else truth.packaging_state
        return None if known is None else bool(known == seen.label)
    if truth.shade_visible is False:
        return False
    if kind == "finish":
        return None if truth.finish is None or measured.finish is None else truth.finish == measured.finish.label
    main = measured.shade.main
    if truth.shade_hex is None or truth.product_type in MANY_SHADES or main is None:
        return None
    return bool(ciede2000(main.lab, hex_to_lab(truth.shade_hex)) <= PICK)


def _judged(text: str, truth: Truth, kind: str) -> bool | None:
    """Whether the one claim of a kind in a text is right, None where the truth does not tell."""
    return next((claim.correct for claim in check(text, truth) if claim.kind == kind), None)


def fitted(found: Sequence[Row]) -> Witnesses:
    """The likeliest weights a posteriori; as they stand without rows. Signs are kept: who agrees never harms."""
    start = np.array(astuple(Witnesses())[:-1])
    if not found:
        return Witnesses(bar=RIGHT)
    features = np.array(
        [[1.0, row.hearing.strength, *(float(row.hearing.agreement == one) for one in WEIGHED)] for row in found]
    )
    signs = np.where([row.right for row in found], 1.0, -1.0)

    def loss(weights: np.ndarray) -> float:
        prior = ((weights - start)[1:] ** 2).sum() / (2 * PRIOR**2)
        return float(np.logaddexp(0.0, -signs * (features @ weights)).sum() + prior)

    bounds = [(None, None), (0.0, None), (0.0, None), (None, 0.0)]
    weights = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    bias, strength, agrees, differs = (round(float(value), DIGITS) for value in weights)
    return Witnesses(bias, strength, agrees, differs, RIGHT)


def least_bar(said: Callable[[float], Sequence[bool]], essential: bool = False) -> float:
    """The least bar at which RIGHT of what is said is right, one error more being counted than was seen, as conformal
    risk control does (Angelopoulos et al., ICLR 2024).

    Where none is found, RIGHT, from which little is said; of what is `essential`, the bar at which the share of right
    ones is highest by the lower end of its 95% interval (Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212).
    """
    claims = {round(float(bar), DIGITS): said(float(bar)) for bar in BARS}
    for bar, right in claims.items():
        if right and (len(right) - sum(right) + 1) / (len(right) + 1) <= 1 - RIGHT:
            return bar
    return max(claims, key=lambda bar: _lower_end(claims[bar])) if essential and any(claims.values()) else RIGHT


def _lower_end(right: Sequence[bool]) -> float:
    """Of the 95% interval of a share, 0 without any."""
    if not right:
        return 0.0
    count, share, z = len(right), float(np.mean(right)), 1.96
    margin = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return float((share + z**2 / (2 * count) - margin) / (1 + z**2 / count))


def fit(examples: Sequence[Example]) -> Reliability:
    """The reliability of all kinds of claims."""
    kinds = {field.name: fitted(list(rows(examples, field.name))) for field in fields(Reliability)}
    return Reliability(
        **{
            kind: replace(one, bar=least_bar(_said(kind, one, examples), kind in ESSENTIAL))
            for kind, one in kinds.items()
        }
    )


def _said(kind: str, witnesses: Witnesses, examples: Sequence[Example]) -> Callable[[float], Sequence[bool]]:
    """What would be said with a bar: whether each claim is right."""
    if kind == "type" or kind in SAID_OF:
        found = _types(witnesses, examples) if kind == "type" else _colours(kind, witnesses, examples)
        photos = list(found)
        return lambda bar: [
            right for words in photos for right in [right for share, right in words if share >= bar][:1]
        ]
    scored = [(witnesses.probability(*astuple(row.hearing)), row.right) for row in rows(examples, kind)]
    return lambda bar: [right for probability, right in scored if probability >= bar]


def _types(witnesses: Witnesses, examples: Sequence[Example]) -> Iterator[list[tuple[float, bool]]]:
    """Of each photo the words for its type, as `_colours`; the broadest is said in any case."""
    for one in examples:
        if one.measured.product_type.accepted and one.truth.product_type is not None:
            words = type_words(one.measured.product_type, one.caption)
            shares = [witnesses.probability(*astuple(hearing)) for _, hearing in words[:-1]]
            rights = [same_type(word, one.truth.product_type) for word, _ in words]
            yield list(zip([*shares, 1.0], rights, strict=True))


def _colours(kind: str, witnesses: Witnesses, examples: Sequence[Example]) -> Iterator[list[tuple[float, bool]]]:
    """Of each photo the words for its colour, the most telling first: how likely each is, and whether it is right."""
    text, claim = SAID_OF[kind]
    for one in examples:
        if (found := hearings(one.measured, one.caption).get(kind)) is None:
            continue
        surface = one.measured.shade if kind == "shade" else one.measured.surroundings["packaging"]
        assert surface.main is not None
        its = witnesses.probability(*astuple(found))
        judged = [(name, _judged(text.format(name), one.truth, claim)) for name in names(surface.main)]
        yield [(its * name_probability(name, surface.main), right) for name, right in judged if right is not None]


def write(reliability: Reliability, path: Path = FILE) -> None:
    """Write reliability.json."""
    path.write_text(json.dumps(asdict(reliability), indent=2) + "\n", encoding="utf-8")


def to_markdown(reliability: Reliability, examples: Sequence[Example]) -> str:
    """Of each kind of claim how many could be made, how many are, and the share of right ones among each."""
    lines = ["| claim | bar | could be said | right | said | right |", "|---|---|---|---|---|---|"]
    for kind in (field.name for field in fields(Reliability)):
        witnesses = getattr(reliability, kind)
        said = _said(kind, witnesses, examples)
        cells = (cell for right in (said(0.0), said(witnesses.bar)) for cell in (str(len(right)), _share(right)))
        lines.append(f"| {kind.replace('_', ' ')} | {witnesses.bar:.2f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(right: Sequence[bool]) -> str:
    return f"{np.mean(right):.3f}" if right else "–"


def main(
    folders: Annotated[list[Path], typer.Argument(help="Labelled folders of held-out renders (data.imagefolder).")],
    length: Annotated[Length, typer.Option(help="How long the captions are.")] = "normal",
) -> None:
    """Fits the reliability of claims on labelled photos that no model was trained on."""
    analyzer, found = Analyzer(Loader()), []
    try:
        for folder in folders:
            for truth in tqdm(read_truths(folder), unit="photo"):
                try:
                    found.append(example(truth, analyzer.analyze(folder / truth.file, length).report))
                except IntakeError as error:
                    typer.echo(str(error), err=True)
    except (EvaluationError, ModelUnavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    examples = [one for one in found if one is not None]
    reliability = fit(examples)
    write(reliability)
    print(to_markdown(reliability, examples))


if __name__ == "__main__":
    typer.run(main)
