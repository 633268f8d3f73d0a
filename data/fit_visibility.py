"""Fits whether a photo shows a product's shade, after each training of the tagger:

    python -m data.fit_visibility [--data DIR …] [--unseen DIR …] [--unasked] [--out FILE]

A logistic regression of the truth on what the embedded models say (`beauty_vlm.measurement.visibility.evidence`), and
the probability at which "no shade to be seen" has its best F1. Only renders that the tagger was not trained on will do:
on its own it is surer than it has a right to be. The printed figures are of five-fold cross-validation, coefficients
and threshold being chosen without the renders they are counted on; those written are of all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from tqdm import tqdm

from beauty_vlm.evaluation.metrics import Estimate, estimate, f1
from beauty_vlm.measurement.regions import MATERIAL, MIN_MATERIAL, product_box, share
from beauty_vlm.measurement.visibility import CLOSED, FITTED, QUESTION, Fit, evidence, has_none, is_ruled_out
from beauty_vlm.models.loader import Loader, ModelUnavailable
from data.described import Place, pictures, untrained

FOLDS = 5
SEED = 0
DIGITS = 4
THRESHOLDS = np.arange(0.02, 0.99, 0.01)


@dataclass(frozen=True, slots=True)
class Seen:
    """One render: whether its shade is hidden, and what the models say of that.

    `none` whether there is none to measure whatever is asked: by the product's type, or for want of material.
    """

    hidden: bool
    none: bool
    ruled: bool  # hidden by the rule for want of the question
    evidence: dict[str, float]


def looked_at(places: Sequence[Place], loader: Loader) -> Iterator[Seen]:
    """What the embedded models say of the renders at these places. Raises ModelUnavailable."""
    tagger, segmenter, captioner = loader.tagger(), loader.segmenter(), loader.captioner()
    for truth, image in pictures(places):
        regions = segmenter.regions(image)
        box = product_box(regions)
        embedding = tagger.embed(image, *([image.crop(box)] if box else []))
        state, material = tagger.packaging_state(embedding), share(regions, MATERIAL)
        product_type = tagger.product_type(embedding, captioner.opinion(image))
        none = has_none(product_type) or material < MIN_MATERIAL
        found = evidence(state, material, tagger.shade_visible(embedding))
        yield Seen(truth.shade_visible is False, none, none or is_ruled_out(state, material), found)


def fit(rows: Sequence[Seen], names: Sequence[str]) -> Fit:
    """The regression on the evidence of these names, and the threshold of the best F1.

    Of rows without a name's value the mean stands for it. Raises ValueError where all rows, or none, are hidden.
    """
    open_question = [row for row in rows if not row.none]
    found = np.array([[row.evidence.get(name, np.nan) for name in names] for row in open_question])
    visible = np.array([not row.hidden for row in open_question])
    if visible.all() or not visible.any():
        raise ValueError("Both renders that show a shade and renders that hide one are needed.")
    means = np.nanmean(found, axis=0)
    model = LogisticRegression().fit(np.where(np.isnan(found), means, found) - means, visible)
    fitted = Fit(
        round(float(model.intercept_[0]), DIGITS),
        {name: round(float(weight), DIGITS) for name, weight in zip(names, model.coef_[0], strict=True)},
        {name: round(float(mean), DIGITS) for name, mean in zip(names, means, strict=True)},
        0.5,
    )
    truth = np.array([row.hidden for row in rows], float)
    chances = np.array([fitted.probability(row.evidence) for row in rows])
    none = np.array([row.none for row in rows])
    scores = [f1((none | (chances < threshold)).astype(float), truth) for threshold in THRESHOLDS]
    return replace(fitted, threshold=round(float(THRESHOLDS[int(np.argmax(scores))]), 2))


def said_hidden(rows: Sequence[Seen], fitted: Fit) -> np.ndarray:
    """Which renders (N,) are taken for such that show no shade: ones and zeros."""
    return np.array([row.none or fitted.probability(row.evidence) < fitted.threshold for row in rows], float)


def crossed(rows: Sequence[Seen], names: Sequence[str]) -> np.ndarray:
    """As `said_hidden`, each fold's by the fit on the others."""
    said = np.zeros(len(rows))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for learnt, left_out in folds.split(np.zeros(len(rows)), [row.hidden for row in rows]):
        fitted = fit([rows[k] for k in learnt], names)
        said[left_out] = said_hidden([rows[k] for k in left_out], fitted)
    return said


def to_markdown(rows: Sequence[Seen], names: Sequence[str]) -> str:
    """How right the rule, a fit without the question and one with all of `names` are on these renders."""
    truth = np.array([row.hidden for row in rows], float)
    judged = {"the rule": np.array([row.ruled for row in rows], float)}
    without = [name for name in names if name != QUESTION]
    judged["state and material"] = crossed(rows, without)
    if len(without) < len(names):
        judged["with the question"] = crossed(rows, names)
    lines = [
        "| no shade to be seen, told by | renders | F1 | precision | recall | hidden ones taken for visible |",
        "|---|---|---|---|---|---|",
    ]
    for what, said in judged.items():
        right = said == truth
        precision, recall = right[said == 1].astype(float), right[truth == 1].astype(float)
        figures = [estimate(f1, said, truth), estimate(np.mean, precision), estimate(np.mean, recall)]
        missed = f"{int((~right[truth == 1]).sum())} of {int(truth.sum())}"
        lines.append(f"| {what} | {len(rows)} | {' | '.join(map(_figure, figures))} | {missed} |")
    return "\n".join(lines)


def _figure(figure: Estimate) -> str:
    if figure.value is None:
        return "–"
    return f"{figure.value:.3f}" + ("" if figure.low is None else f" ({figure.low:.3f} to {figure.high:.3f})")


def main(
    data: Annotated[
        list[Path] | None, typer.Option(help="Folder of Parquet shards, of which the held-out part is taken.")
    ] = None,
    unseen: Annotated[
        list[Path] | None, typer.Option(help="Folder of shards that no training saw, taken whole.")
    ] = None,
    unasked: Annotated[bool, typer.Option("--unasked", help="Fit without the tagger's question.")] = False,
    out: Annotated[Path, typer.Option(help="The JSON to write.")] = FITTED,
) -> None:
    """Fits the coefficients, writes them, and prints how right they are."""
    names = [CLOSED, "material"] if unasked else [QUESTION, CLOSED, "material"]
    try:
        places = untrained(data or (), unseen or ())
        rows = list(tqdm(looked_at(places, Loader()), total=len(places), unit="render"))
        table, fitted = to_markdown(rows, names), fit(rows, names)
        print(f"{table}\n\n{out}: {json.dumps(asdict(fitted))}")  # first: it took minutes
        out.write_text(json.dumps(asdict(fitted), indent=2) + "\n", encoding="utf-8")
    except (OSError, ValueError, ModelUnavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    typer.run(main)
