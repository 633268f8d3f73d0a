"""How far claims are to be believed, fitted on held-out renders: writes beauty_vlm/writing/reliability.json anew.

    python -m data.fit_reliability [--data DIR …] [--unseen DIR …] [--views 1] [--length normal] [--workers 2]

Run it after the tagger, the segmenter or the captioner was trained, behind `data.fit_visibility`. Renders are easier
than photos, so beside each stand `--views` hard ones of it (`data.hardened`). For every kind of claim a logistic
regression of whether it is right (`beauty_vlm.writing.reliability`) on the measurement's evidence and what the caption
says, drawn by a weak Gaussian prior to believing the tagger's scores alone; then the least bar at which RIGHT of what
is said is right. The printed figures are of five-fold cross-validation, weights and bars being chosen without the
renders they are counted on; those written are of all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold
from tqdm import tqdm

from beauty_vlm.analysis import Analyzer
from beauty_vlm.colour import ciede2000, hex_to_lab
from beauty_vlm.evaluation.claims import check
from beauty_vlm.evaluation.truths import Truth
from beauty_vlm.language.mentions import Scope
from beauty_vlm.models.loader import ModelUnavailable
from beauty_vlm.report import Length
from beauty_vlm.vocabulary import MANY_SHADES, shimmering
from beauty_vlm.writing.borders import names
from beauty_vlm.writing.colour_words import name_probability
from beauty_vlm.writing.judging import Measured, same_type
from beauty_vlm.writing.reliability import EVIDENCE, FILE, Hearing, Reliability, Witnesses
from beauty_vlm.writing.weighing import hearings, type_words
from data.described import Task, pictures, tasks, untrained
from data.hardened import views
from data.workers import spread

RIGHT = 0.97  # of the claims made: the goal
# A bar is never above it: what is right that likely may be said, whether or not there are enough renders to tell.
BARS = np.linspace(0.3, RIGHT, 68)
PICK = 10.0  # CIEDE2000 within which a measured colour is the product's own, badly measured; beyond it is another's
WEIGHED = ("agrees", "differs")  # silence is what these are held against
SAID_OF: dict[str, tuple[str, str, Scope]] = {
    "shade": ("A lipstick in {}.", "colour", "material"),
    "package_colour": ("The package is {}.", "packaging", "packaging"),
}
DIGITS = 4
# Standard deviation of a weight: a weakly informative prior for log-odds (Gelman et al., Ann. Appl. Stat. 2 (2008)
# 1360-1383).
PRIOR = 2.5
ESSENTIAL = ("type", "shade")  # what a description is for
BELIEVED = {"score": 1.0}  # before anything is fitted; other evidence says nothing then
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One photo: what is true of it, what was measured, and the caption; whether it is a hard view of a render."""

    truth: Truth
    measured: Measured
    caption: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What both witnesses say of one claim, and whether it is right."""

    hearing: Hearing
    right: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may be said, if what it rests on is right: how likely it then is, and whether it is right."""

    hearing: Hearing
    likely: float
    right: bool

    def probability(self, witnesses: Witnesses) -> float:
        """That it is right, 0..1."""
        return self.likely * witnesses.probability(self.hearing)


@dataclass(frozen=True, slots=True)
class Heard:
    """Of one example and each kind of claim, what teaches its weights, and the words for it, the most telling first.

    `file` names the render, `hard` tells whether it is a hard view of it.
    """

    file: str
    hard: bool
    rows: dict[str, tuple[Row, ...]]
    words: dict[str, tuple[Word, ...]]


def heard(one: Example) -> Heard:
    """The claims of an example that the truth can judge."""
    found = hearings(one.measured, one.caption)
    rows: dict[str, tuple[Row, ...]] = {"type": tuple(_type_rows(one))}
    words: dict[str, tuple[Word, ...]] = {"type": tuple(_type_words(rows["type"]))}
    for kind, hearing in found.items():
        right = _right(kind, one)
        if right is not None:
            rows[kind] = (Row(hearing, right),)
            words[kind] = (Word(hearing, 1.0, right),)
        if kind in SAID_OF:
            words[kind] = tuple(_colour_words(kind, hearing, one))
    return Heard(one.truth.file, one.hard, rows, words)


def _type_rows(one: Example) -> Iterator[Row]:
    if one.measured.product_type.accepted and one.truth.product_type is not None:
        for word, hearing in type_words(one.measured.product_type, one.caption):
            yield Row(hearing, same_type(word, one.truth.product_type))


def _type_words(rows: Sequence[Row]) -> Iterator[Word]:
    """The broadest, "beauty product", is said in any case, and claims no more than that the photo was accepted: were it
    counted, its being right would make room for wrong ones.
    """
    for row in rows[:-1]:
        yield Word(row.hearing, 1.0, row.right)


def _colour_words(kind: str, hearing: Hearing, one: Example) -> Iterator[Word]:
    text, claim, scope = SAID_OF[kind]
    surface = one.measured.shade if scope == "material" else one.measured.surroundings[scope]
    assert surface.main is not None
    for name in names(surface.main):
        if (right := _judged(text.format(name), one.truth, claim)) is not None:
            yield Word(hearing, name_probability(name, surface.main), right)


def _right(kind: str, one: Example) -> bool | None:
    truth, measured = one.truth, one.measured
    if kind == "package_colour":
        colour = measured.surroundings["packaging"].main
        return None if colour is None else _judged(f"The package is {colour.name}.", truth, "packaging")
    if kind in ("material", "state"):
        seen = getattr(measured.packaging, kind)
        known = truth.packaging_material if kind == "material" else truth.packaging_state
        return None if known is None else bool(known == seen.label)
    if kind == "shimmer_free":  # of what is hidden nothing shimmers either: that teaches nothing
        return None if truth.finish is None else truth.finish not in shimmering()
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


def fitted(kind: str, found: Sequence[Row]) -> Witnesses:
    """The likeliest weights a posteriori of a kind of claim; without rows, those of BELIEVED. Signs are kept: more
    evidence never harms, nor does who agrees.
    """
    names = EVIDENCE[kind]
    start = np.array([0.0, *(BELIEVED.get(name, 0.0) for name in names), 0.0, 0.0])
    if not found:
        return _witnesses(names, start)
    features = np.array(
        [
            [
                1.0,
                *(row.hearing.evidence[name] for name in names),
                *(float(row.hearing.agreement == one) for one in WEIGHED),
            ]
            for row in found
        ]
    )
    signs = np.where([row.right for row in found], 1.0, -1.0)

    def loss(weights: np.ndarray) -> float:
        prior = ((weights - start)[1:] ** 2).sum() / (2 * PRIOR**2)
        return float(np.logaddexp(0.0, -signs * (features @ weights)).sum() + prior)

    bounds = [(None, None), *((0.0, None) for _ in names), (0.0, None), (None, 0.0)]
    return _witnesses(names, minimize(loss, start, method="L-BFGS-B", bounds=bounds).x)


def _witnesses(names: Sequence[str], values: np.ndarray) -> Witnesses:
    bias, *weights, agrees, differs = (round(float(value), DIGITS) for value in values)
    return Witnesses(bias, dict(zip(names, weights, strict=True)), agrees, differs, RIGHT)


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


def fit(found: Sequence[Heard]) -> Reliability:
    """The reliability of all kinds of claims."""
    kinds = {kind: fitted(kind, [row for one in found for row in one.rows.get(kind, ())]) for kind in EVIDENCE}
    return Reliability(
        **{kind: replace(one, bar=least_bar(said(kind, one, found), kind in ESSENTIAL)) for kind, one in kinds.items()}
    )


def said(kind: str, witnesses: Witnesses, found: Sequence[Heard]) -> Callable[[float], list[bool]]:
    """What would be said of a kind with a bar, one word of an example at most: whether each is right."""
    likely = [[(word.probability(witnesses), word.right) for word in one.words.get(kind, ())] for one in found]

    def with_bar(bar: float) -> list[bool]:
        first = (next((right for share, right in words if share >= bar), None) for words in likely)
        return [right for right in first if right is not None]

    return with_bar


def write(reliability: Reliability, path: Path = FILE) -> None:
    """Write reliability.json."""
    path.write_text(json.dumps(asdict(reliability), indent=2) + "\n", encoding="utf-8")


def to_markdown(found: Sequence[Heard]) -> str:
    """Of each kind of claim how many could be made of the renders and of their hard views, how many are, and the share
    of right ones among each; by the weights and bars that are fitted to the other folds.
    """
    folds = []
    for learnt, left_out in GroupKFold(FOLDS).split(np.zeros(len(found)), groups=[one.file for one in found]):
        folds.append((fit([found[k] for k in learnt]), [found[k] for k in left_out]))
    lines = ["| claim | of | bars | could be said | right | said | right |", "|---|---|---|---|---|---|---|"]
    for kind in EVIDENCE:
        for hard in sorted({one.hard for one in found}):
            could: list[bool] = []
            are: list[bool] = []
            for reliability, left_out in folds:
                witnesses = getattr(reliability, kind)
                would = said(kind, witnesses, [one for one in left_out if one.hard == hard])
                could += would(0.0)
                are += would(witnesses.bar)
            bars = [getattr(reliability, kind).bar for reliability, _ in folds]
            cells = (cell for right in (could, are) for cell in (str(len(right)), _share(right)))
            span = f"{min(bars):.2f} to {max(bars):.2f}"
            lines.append(
                f"| {kind.replace('_', ' ')} | {'hard views' if hard else 'renders'} | {span} | {' | '.join(cells)} |"
            )
    return "\n".join(lines)


def _share(right: Sequence[bool]) -> str:
    return f"{np.mean(right):.3f}" if right else "–"


def examples(analyzer: Analyzer, task: Task, length: Length, times: int) -> list[Heard]:
    """What is heard of a task's renders, and of `times` hard views of each."""
    places = [(task.shard, row) for row in task.rows]
    seen: list[tuple[Truth, Image.Image, bool]] = [(truth, image, False) for truth, image in pictures(places)]
    for number in range(times):
        seen += [(truth, image, True) for truth, image in views(places, task.rows[0] + number)]
    found = []
    for truth, image, hard in seen:
        analysis = analyzer.analyze(image, length, name=truth.file)
        if analysis.measured is not None:
            found.append(heard(Example(truth, analysis.measured, analysis.report.caption or "", hard)))
    return found


def main(
    data: Annotated[
        list[Path] | None, typer.Option(help="Folder of Parquet shards, of which the held-out part is taken.")
    ] = None,
    unseen: Annotated[
        list[Path] | None, typer.Option(help="Folder of shards that no training saw, taken whole.")
    ] = None,
    times: Annotated[int, typer.Option("--views", min=0, help="Hard views of each render.")] = 1,
    length: Annotated[Length, typer.Option(help="How long the captions are.")] = "normal",
    workers: Annotated[int, typer.Option(min=1, help="Processes, of one thread each.")] = 2,
    out: Annotated[Path, typer.Option(help="The JSON to write.")] = FILE,
) -> None:
    """Fits the reliability of claims on renders that no model was trained on, and prints how right they are."""
    found: list[Heard] = []
    try:
        places = untrained(data or (), unseen or ())
        with tqdm(total=len(places), unit="render") as bar:
            for task, some in spread(partial(_numbered, length=length, times=times), tasks(places), workers):
                found += some
                bar.update(len(task.rows))
        found.sort(key=lambda one: (one.file, one.hard))  # workers end in any order
        fitted = fit(found)
        print(to_markdown(found))  # first: it took minutes
        write(fitted, out)
    except BrokenProcessPool as error:
        typer.echo("A worker was killed, perhaps for want of memory; give --workers 1.", err=True)
        raise typer.Exit(1) from error
    except (OSError, ValueError, ModelUnavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _numbered(analyzer: Analyzer, task: Task, length: Length, times: int) -> tuple[Task, list[Heard]]:
    return task, examples(analyzer, task, length, times)


if __name__ == "__main__":
    typer.run(main)
