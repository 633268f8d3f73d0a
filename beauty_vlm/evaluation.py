"""How right the tool is on labelled photos: `python -m beauty_vlm evaluate FOLDER`.

The folder is in `datasets`' ImageFolder layout: either a `metadata.jsonl` with file_name and, where known,
product_type and shade_hex; or one subfolder a product type. Every photo counts: one that fails is a miss, and
so is a labelled shade that was not found.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from beauty_vlm.catalog import CatalogError, Describer, describe_one, find_photos
from beauty_vlm.colour import ciede2000, hex_to_lab
from beauty_vlm.report import Report
from beauty_vlm.vocabulary import product_types

CALIBRATION_BINS = 15  # as in Guo et al. 2017
RESAMPLES = 2000  # enough that a 95% bound moves by less than .005 between seeds
SEED = 0
CLOSE, NEAR = 3.0, 6.0  # CIEDE2000: the same shade to most people; the same family of shades
METADATA = "metadata.jsonl"

Floats = NDArray[np.float64]


class EvaluationError(Exception):
    """A folder that cannot be evaluated on: one plain sentence."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one photo. `file` is relative to the folder; `shade_hex` is `#rrggbb`."""

    file: str
    product_type: str | None
    shade_hex: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One photo's truth beside what was said of it; `delta_e` (CIEDE2000) is None unless both shades are
    known."""

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


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `n` photos with its 95% percentile bootstrap interval; all None when there is nothing to
    count."""

    value: float | None
    low: float | None
    high: float | None
    n: int


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
class Evaluation:
    """All figures. Shares are 0..1. Failed photos are misses for the tops and recalls; calibration and the
    accepted rate are over the described photos."""

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
    shade: ShadeResult

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the figures."""
        return asdict(self)


def read_truths(folder: Path) -> list[Truth]:
    """The labelled photos of an ImageFolder, in its own order. Raises EvaluationError."""
    metadata = folder / METADATA
    try:
        if metadata.is_file():
            truths = [_truth(line, number) for number, line in _lines(metadata)]
        else:
            inside = [path for path in find_photos(folder).photos if len(path.parts) > 1]
            truths = [Truth(path.as_posix(), _label(path.parts[0]), None) for path in inside]
    except (CatalogError, OSError) as error:
        raise EvaluationError(str(error)) from error
    if not truths:
        raise EvaluationError(f"{folder} holds no {METADATA} with photos, nor a subfolder a product type.")
    known = {term.label for term in product_types()}
    unknown = sorted({truth.product_type for truth in truths if truth.product_type} - known)
    if unknown:  # they could never be predicted, and would look like the model's misses
        raise EvaluationError(f"These labels are no product types of the vocabulary: {', '.join(unknown)}.")
    return truths


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path.name} is not UTF-8 text.") from error
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _truth(line: str, number: int) -> Truth:
    try:
        row = json.loads(line)
        file, product_type, shade = row["file_name"], row.get("product_type"), row.get("shade_hex")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvaluationError(f"Line {number} of {METADATA} is no JSON object with a file_name.") from error
    if not isinstance(file, str) or not isinstance(product_type, str | None):
        raise EvaluationError(f"Line {number} of {METADATA}: file_name and product_type are to be text.")
    if shade and not re.fullmatch(r"#?[0-9a-fA-F]{6}", str(shade)):
        raise EvaluationError(f"Line {number} of {METADATA}: shade_hex is to be like #c76955, not {shade!r}.")
    return Truth(file, _label(product_type) if product_type else None, str(shade) if shade else None)


def _label(name: str) -> str:
    """Folder names spell a label in their own way: `Lip_Gloss` is "lip gloss"."""
    return re.sub(r"[\s_-]+", " ", name).strip().lower()


def spread(truths: Sequence[Truth], limit: int | None) -> list[Truth]:
    """At most `limit` of them, evenly spaced: such lists are often sorted by type."""
    if limit is None or limit >= len(truths):
        return list(truths)
    return [truths[index * len(truths) // limit] for index in range(limit)]


def judge(truth: Truth, report: Report) -> Outcome:
    """The photo's truth beside its record."""
    tagged, shade = report.product_type, report.shade
    main = shade.main if shade else None
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
    )


def expected_calibration_error(confidence: Floats, correct: Floats, bins: int = CALIBRATION_BINS) -> float:
    """Mean |accuracy - confidence| over equal bins of confidence (0..1), weighted by their sizes.

    Both arrays are (N,), N > 0. Guo et al., On Calibration of Modern Neural Networks, ICML 2017, equation 3.
    """
    # Bins are open below and closed above, as in the paper; 0 goes to the first.
    index = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gap = np.bincount(index, weights=correct - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(confidence))


def macro_recall(types: NDArray[np.int64], correct: Floats) -> float:
    """The mean over the types that occur of the share of each that is correct; both arrays (N,), N > 0."""
    counts = np.bincount(types)
    hits = np.bincount(types, weights=correct)
    occurs = counts > 0
    return float((hits[occurs] / counts[occurs]).mean())


def estimate(statistic: Callable[..., float], *columns: NDArray[Any]) -> Estimate:
    """`statistic` of the columns (each (N,)) and its 95% percentile bootstrap interval, photos drawn with
    replacement.

    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13. The seed is fixed: the same
    outcomes give the same interval. One photo has no interval.
    """
    n = len(columns[0])
    if n == 0:
        return Estimate(None, None, None, 0)
    value = float(statistic(*columns))
    if n == 1:
        return Estimate(value, None, None, 1)
    dice = np.random.default_rng(SEED)
    draws = (dice.integers(0, n, n) for _ in range(RESAMPLES))
    values = [float(statistic(*(column[draw] for column in columns))) for draw in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return Estimate(value, float(low), float(high), n)


def summarise(outcomes: Sequence[Outcome]) -> Evaluation:
    """All figures of these photos."""
    typed = [outcome for outcome in outcomes if outcome.product_type is not None]
    labels = sorted({outcome.product_type for outcome in typed if outcome.product_type})
    correct = _column(outcome.predicted_type == outcome.product_type for outcome in typed)
    in_three = _column(outcome.product_type in outcome.top[:3] for outcome in typed)
    types = np.asarray([labels.index(outcome.product_type or "") for outcome in typed], dtype=np.int64)
    scored = [(outcome, outcome.score) for outcome in typed if outcome.score is not None]
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
            _column(score for _, score in scored),
            _column(outcome.predicted_type == outcome.product_type for outcome, _ in scored),
        ),
        accepted=estimate(np.mean, _column(o.accepted for o in outcomes if o.accepted is not None)),
        shade=_shade_result([outcome for outcome in outcomes if outcome.shade_hex]),
    )


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
) -> Evaluation:
    """Describe the labelled photos of `folder` and count.

    With `predictions`, each photo's Outcome is also written there, one JSON object a line. Raises
    EvaluationError, ModelUnavailable, and OSError when `predictions` cannot be written.
    """
    truths = spread(read_truths(folder), limit)
    outcomes = []
    with ExitStack() as stack:
        out = None
        if predictions:
            out = stack.enter_context(predictions.open("w", encoding="utf-8", errors="backslashreplace"))
        for truth in tqdm(truths, unit="photo", disable=not progress):
            report = describe_one(analyzer, folder / truth.file, "short", truth.file)
            outcomes.append(judge(truth, report))
            if out:
                out.write(json.dumps(asdict(outcomes[-1]), ensure_ascii=False) + "\n")
                out.flush()
    return summarise(outcomes)


NOTES = """\
A photo that fails is a miss for the product type. Calibration and acceptance are over the described photos.
Mean and median CIEDE2000 are over the labelled photos whose shade was found; the shares within 3 and within 6
are over all labelled photos, a shade not found being a miss. Intervals: percentile bootstrap over photos."""


def to_markdown(result: Evaluation) -> str:
    """The figures as two Markdown tables and the notes that they need."""
    shade = result.shade
    rows = [
        ("Product type, top 1", _share(result.top_1)),
        ("Product type, top 3", _share(result.top_3)),
        ("Product type, macro recall", _share(result.macro_recall)),
        ("Expected calibration error (15 bins)", _number(result.calibration_error, 3)),
        ("Accepted as a beauty product", _share(result.accepted)),
        ("Main shade, median CIEDE2000", _number(shade.median, 1)),
        ("Main shade, mean CIEDE2000", _number(shade.mean, 1)),
        ("Main shade within 3", _share(shade.within_3)),
        ("Main shade within 6", _share(shade.within_6)),
        ("Main shade not found", _share(shade.not_visible)),
    ]
    failures = ", ".join(f"{count} {status}" for status, count in sorted(result.failures.items())) or "none"
    most_first = sorted(result.recall.items(), key=lambda item: (-item[1].n, item[0]))
    return "\n".join(
        [
            f"{result.photos} photos; failures: {failures}.",
            "",
            "| Measure | Value | 95% interval | Photos |",
            "|---|---|---|---|",
            *(f"| {name} | {cells} |" for name, cells in rows),
            "",
            "| Product type | Top 1 | 95% interval | Photos | Top 3 | CIEDE2000 median | mean | within 6 | Shades |",
            "|---|---|---|---|---|---|---|---|---|",
            *(_type_row(result, label, recall) for label, recall in most_first),
            "",
            NOTES,
            "",
        ]
    )


def _type_row(result: Evaluation, label: str, recall: Estimate) -> str:
    shade = result.shade_by_type[label]
    single = (
        _value(result.recall_in_three[label], "{:.1%}"),
        _value(shade.median, "{:.1f}"),
        _value(shade.mean, "{:.1f}"),
        _value(shade.within_6, "{:.1%}"),
    )
    return f"| {label} | {_share(recall)} | {' | '.join(single)} | {shade.within_6.n} |"


def _value(figure: Estimate, form: str) -> str:
    return "–" if figure.value is None else form.format(figure.value)


def _share(figure: Estimate) -> str:
    return _cells(figure, lambda value: f"{value:.1%}")


def _number(figure: Estimate, digits: int) -> str:
    return _cells(figure, lambda value: f"{value:.{digits}f}")


def _cells(figure: Estimate, shown: Callable[[float], str]) -> str:
    """`value | interval | n`, with a dash for what is not known."""
    value = "–" if figure.value is None else shown(figure.value)
    known = figure.low is not None and figure.high is not None
    interval = f"{shown(figure.low)} to {shown(figure.high)}" if known else "–"  # type: ignore[arg-type]
    return f"{value} | {interval} | {figure.n}"
