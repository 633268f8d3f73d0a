"""How right the tool is on labelled photos: `python -m beauty_vlm evaluate FOLDER`.

Every photo counts: one that fails is a miss, and so is a labelled shade that was not found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from tqdm import tqdm

from beauty_vlm.catalog import Describer, describe_one
from beauty_vlm.colour import ciede2000, hex_to_lab
from beauty_vlm.evaluation import references
from beauty_vlm.evaluation.claims import ANY, BROADER, GUESS, KINDS, Checked, check, facts
from beauty_vlm.evaluation.metrics import (
    Estimate,
    Floats,
    estimate,
    expected_calibration_error,
    f1,
    macro_recall,
    pooled,
)
from beauty_vlm.evaluation.truths import METADATA, EvaluationError, Truth, read_truths, spread
from beauty_vlm.report import Length, Report
from beauty_vlm.vocabulary import OTHER

CLOSE, NEAR = 3.0, 6.0  # CIEDE2000: the same shade to most people; the same family of shades

Similarity = Callable[[Path, str], float]  # photo, text -> CLIPScore


@dataclass(frozen=True, slots=True)
class Outcome:
    """One photo's truth beside what was said of it; `delta_e` (CIEDE2000) is None unless both shades are
    known. `claims` are those of the description that the labels can judge, `caption_claims` those of the raw
    caption, `facts` the kinds of claim that the labels would confirm."""

    file: str
    status: str
    product_type: str | None
    predicted_type: str | None
    score: float | None
    top: tuple[str, ...]
    accepted: bool | None
    shade_hex: str | None
    predicted_hex: str | None
    delta_e: float | None
    finish: str | None = None
    predicted_finish: str | None = None
    packaging_material: str | None = None
    predicted_material: str | None = None
    packaging_state: str | None = None
    predicted_state: str | None = None
    shade_visible: bool | None = None
    predicted_visible: bool | None = None
    caption: str | None = None
    description: str | None = None
    claims: tuple[Checked, ...] = ()
    caption_claims: tuple[Checked, ...] = ()
    facts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    clip_score: float | None = None


@dataclass(frozen=True, slots=True)
class ShadeResult:
    """CIEDE2000 of the main shade against the label.

    `mean` and `median` are over the labelled photos whose shade was found; `within_3` and `within_6` and
    `not_visible` are shares of all labelled photos, one without a found shade being outside of both.
    """

    median: Estimate
    mean: Estimate
    within_3: Estimate
    within_6: Estimate
    not_visible: Estimate


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """`precision`: right claims among those that the labels can judge; `recall`: labelled facts that are said and
    right, the type by its own name; `broad_recall`: the same, a broader word for the type counted, but for "beauty
    product". `by_kind` holds the precision of each kind of claim; the `n` of precisions are claims."""

    precision: Estimate
    recall: Estimate
    broad_recall: Estimate
    by_kind: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures. Shares are 0..1. Failed photos are misses for the tops and recalls; calibration and the
    accepted rate are over the described photos. `accepted` is over photos not labelled "other", `rejected`
    over those that are; `hidden_f1` is the F1 of "no shade can be seen". `bleu`, `cider` and `clip_score` compare
    descriptions with reference captions."""

    photos: int
    failures: Mapping[str, int]
    top_1: Estimate
    top_3: Estimate
    macro_recall: Estimate
    recall: Mapping[str, Estimate]  # by type, as are the next two
    recall_in_three: Mapping[str, Estimate]
    shade_by_type: Mapping[str, ShadeResult]
    calibration_error: Estimate
    accepted: Estimate
    rejected: Estimate
    shade: ShadeResult
    finish: Estimate
    packaging_material: Estimate
    packaging_state: Estimate
    hidden_f1: Estimate
    claims: ClaimResult
    caption_claims: ClaimResult
    bleu: Estimate
    cider: Estimate
    clip_score: Estimate
    confusion: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # true type -> said type -> photos
    reliability: tuple[tuple[float, bool], ...] = ()  # (score, whether right) of each typed photo

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the figures."""
        return asdict(self)


def judge(truth: Truth, report: Report) -> Outcome:
    """The photo's truth beside its record."""
    tagged, shade = report.product_type, report.shade
    main, package = shade.main if shade else None, report.packaging
    delta_e = None
    if main and truth.shade_hex:
        delta_e = float(ciede2000(np.asarray(main.lab), hex_to_lab(truth.shade_hex)))
    return Outcome(
        file=truth.file,
        status=report.status,
        product_type=truth.product_type,
        predicted_type=tagged.label if tagged else None,
        score=tagged.score if tagged else None,
        top=tuple(score.label for score in tagged.top) if tagged else (),
        accepted=tagged.accepted if tagged else None,
        shade_hex=truth.shade_hex,
        predicted_hex=main.hex if main else None,
        delta_e=delta_e,
        finish=truth.finish,
        predicted_finish=report.finish.label if report.finish else None,
        packaging_material=truth.packaging_material,
        predicted_material=package.material.label if package and package.material else None,
        packaging_state=truth.packaging_state,
        predicted_state=package.state.label if package and package.state else None,
        shade_visible=truth.shade_visible,
        predicted_visible=shade.visible if shade else None,
        caption=report.caption,
        description=report.description,
        claims=tuple(check(report.description or "", truth)),
        caption_claims=tuple(check(report.caption or "", truth)),
        facts=facts(truth),
        references=truth.captions,
    )


def summarise(outcomes: Sequence[Outcome]) -> Evaluation:
    """All figures of these photos."""
    typed = [outcome for outcome in outcomes if outcome.product_type is not None]
    labels = sorted({outcome.product_type for outcome in typed if outcome.product_type})
    correct = _column(outcome.predicted_type == outcome.product_type for outcome in typed)
    in_three = _column(outcome.product_type in outcome.top[:3] for outcome in typed)
    types = np.asarray([labels.index(outcome.product_type or "") for outcome in typed], dtype=np.int64)
    reliability = [(o.score, o.predicted_type == o.product_type) for o in typed if o.score is not None]
    described = [outcome for outcome in outcomes if outcome.accepted is not None]
    told = [o for o in outcomes if o.shade_visible is not None and o.predicted_visible is not None]
    return Evaluation(
        photos=len(outcomes),
        failures=dict(Counter(outcome.status for outcome in outcomes if outcome.status != "ok")),
        top_1=estimate(np.mean, correct),
        top_3=estimate(np.mean, in_three),
        macro_recall=estimate(macro_recall, types, correct),
        recall={label: estimate(np.mean, correct[types == index]) for index, label in enumerate(labels)},
        recall_in_three={label: estimate(np.mean, in_three[types == index]) for index, label in enumerate(labels)},
        shade_by_type={
            label: _shade_result([o for o in typed if o.product_type == label and o.shade_hex]) for label in labels
        },
        calibration_error=estimate(
            expected_calibration_error,
            _column(score for score, _ in reliability),
            _column(right for _, right in reliability),
        ),
        accepted=estimate(np.mean, _column(o.accepted for o in described if o.product_type != OTHER)),
        rejected=estimate(np.mean, _column(not o.accepted for o in described if o.product_type == OTHER)),
        shade=_shade_result([outcome for outcome in outcomes if outcome.shade_hex]),
        finish=_agreement((o.finish, o.predicted_finish) for o in outcomes),
        packaging_material=_agreement((o.packaging_material, o.predicted_material) for o in outcomes),
        packaging_state=_agreement((o.packaging_state, o.predicted_state) for o in outcomes),
        hidden_f1=estimate(
            f1, _column(not o.predicted_visible for o in told), _column(not o.shade_visible for o in told)
        ),
        claims=_claim_result([(outcome.claims, outcome.facts) for outcome in outcomes]),
        caption_claims=_claim_result([(outcome.caption_claims, outcome.facts) for outcome in outcomes]),
        confusion={
            label: dict(Counter(o.predicted_type or "failed" for o in typed if o.product_type == label))
            for label in labels
        },
        reliability=tuple(reliability),
        **_against_references(outcomes),
    )


def _agreement(pairs: Iterable[tuple[str | None, str | None]]) -> Estimate:
    """The share of known labels that were predicted; nothing predicted is a miss."""
    return estimate(np.mean, _column(said == true for true, said in pairs if true is not None))


def _claim_result(photos: Sequence[tuple[tuple[Checked, ...], tuple[str, ...]]]) -> ClaimResult:
    def precision(kinds: Iterable[str]) -> Estimate:
        judged = [[claim.correct for claim in claims if claim.kind in kinds] for claims, _ in photos]
        return pooled(_column(sum(row) for row in judged), _column(len(row) for row in judged))

    def recall(also: Mapping[str, str]) -> Estimate:
        told = []
        for claims, known in photos:
            said = {also.get(claim.kind, claim.kind) for claim in claims if claim.correct and not claim.denied}
            told.append(len(set(known) & said))
        return replace(pooled(_column(told), _column(len(known) for _, known in photos)), n=len(photos))

    return ClaimResult(
        precision=precision(KINDS),
        recall=recall({}),
        broad_recall=recall({BROADER: "type"}),
        by_kind={kind: precision((kind,)) for kind in (*KINDS, ANY, GUESS)},
    )


def _against_references(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    """BLEU-4, CIDEr and CLIPScore of the descriptions that have references; unknown where there are none."""
    compared = [(o.description, o.references) for o in outcomes if o.description and o.references]
    scores = references.scores(compared) if compared else None
    similar = _column(o.clip_score for o in outcomes if o.clip_score is not None)
    return {
        "bleu": estimate(np.mean, _column(scores.bleu if scores else ())),
        "cider": estimate(np.mean, _column(scores.cider if scores else ())),
        "clip_score": estimate(np.mean, similar),
    }


def _shade_result(labelled: Sequence[Outcome]) -> ShadeResult:
    # A shade that was not found is infinitely far: outside of both shares, and left out of mean and median.
    delta_e = _column(np.inf if outcome.delta_e is None else outcome.delta_e for outcome in labelled)
    found = delta_e[np.isfinite(delta_e)]
    return ShadeResult(
        median=estimate(np.median, found),
        mean=estimate(np.mean, found),
        within_3=estimate(np.mean, _column(delta_e <= CLOSE)),
        within_6=estimate(np.mean, _column(delta_e <= NEAR)),
        not_visible=estimate(np.mean, _column(np.isinf(delta_e))),
    )


def _column(values: Any) -> Floats:
    return np.asarray(list(values), dtype=np.float64)


def evaluate(
    folder: Path,
    analyzer: Describer,
    limit: int | None = None,
    predictions: Path | None = None,
    progress: bool = True,
    length: Length = "normal",
    similarity: Similarity | None = None,
) -> Evaluation:
    """Describe the labelled photos of `folder` and count.

    With `predictions`, each photo's Outcome is also written there, one JSON object a line, from the first one on.
    `similarity` scores a description against its photo where references exist. Raises EvaluationError,
    ModelUnavailable, and OSError when `predictions` cannot be written.
    """
    truths = spread(read_truths(folder), limit)
    if twice := [file for file, count in Counter(truth.file for truth in truths).items() if count > 1]:
        raise EvaluationError(f"{twice[0]} stands in more than one line of {METADATA}: it would count as often.")
    if predictions and predictions.resolve() == (folder / METADATA).resolve():
        raise EvaluationError(f"{predictions} holds the labels: write the predictions into another file.")
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        out: IO[str] | None = None
        for truth in tqdm(truths, unit="photo", disable=not progress):
            report = describe_one(analyzer, folder / truth.file, length, truth.file)
            outcome = judge(truth, report)
            if similarity and outcome.description and outcome.references:
                outcome = replace(outcome, clip_score=similarity(folder / truth.file, outcome.description))
            if predictions and not outcomes:  # by now the models are there: an earlier run's file may go
                out = stack.enter_context(predictions.open("w", encoding="utf-8", errors="backslashreplace"))
            outcomes.append(outcome)
            if out:
                out.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
                out.flush()
    return summarise(outcomes)
