"""Evaluations on paper: Markdown tables with the profiles side by side, and plots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from beauty_vlm.evaluation.metrics import CALIBRATION_BINS, Estimate, bins_of
from beauty_vlm.evaluation.runner import Evaluation

Row = tuple[str, Callable[[Evaluation], Estimate], str]

ROWS: tuple[Row, ...] = (
    ("Product type, top 1", lambda e: e.top_1, "{:.1%}"),
    ("Product type, top 3", lambda e: e.top_3, "{:.1%}"),
    ("Product type, macro recall", lambda e: e.macro_recall, "{:.1%}"),
    ("Expected calibration error (15 bins)", lambda e: e.calibration_error, "{:.3f}"),
    ("Beauty products accepted", lambda e: e.accepted, "{:.1%}"),
    ("Other things rejected", lambda e: e.rejected, "{:.1%}"),
    ("Main shade, median CIEDE2000", lambda e: e.shade.median, "{:.1f}"),
    ("Main shade, mean CIEDE2000", lambda e: e.shade.mean, "{:.1f}"),
    ("Main shade within 3", lambda e: e.shade.within_3, "{:.1%}"),
    ("Main shade within 6", lambda e: e.shade.within_6, "{:.1%}"),
    ("Main shade not found", lambda e: e.shade.not_visible, "{:.1%}"),
    ("Finish", lambda e: e.finish, "{:.1%}"),
    ("Packaging material", lambda e: e.packaging_material, "{:.1%}"),
    ("Packaging state (open, closed, swatch, worn)", lambda e: e.packaging_state, "{:.1%}"),
    ("No shade to be seen, F1", lambda e: e.hidden_f1, "{:.1%}"),
    ("Claims that are right, raw caption", lambda e: e.caption_claims.precision, "{:.1%}"),
    ("Claims that are right, description", lambda e: e.claims.precision, "{:.1%}"),
    ("– of its types, by their own names", lambda e: e.claims.by_kind["type"], "{:.1%}"),
    ("– of its types, by a broader word", lambda e: e.claims.by_kind["broader type"], "{:.1%}"),
    ("– of its colours", lambda e: e.claims.by_kind["colour"], "{:.1%}"),
    ("– of its undertones", lambda e: e.claims.by_kind["undertone"], "{:.1%}"),
    ("– of its depths", lambda e: e.claims.by_kind["depth"], "{:.1%}"),
    ("– of its finishes", lambda e: e.claims.by_kind["finish"], "{:.1%}"),
    ("– that it does not shimmer", lambda e: e.claims.by_kind["shimmer-free"], "{:.1%}"),
    ("– of its packages", lambda e: e.claims.by_kind["packaging"], "{:.1%}"),
    ("– how it stands (open, closed, a swatch, worn)", lambda e: e.claims.by_kind["state"], "{:.1%}"),
    ("– that the shade cannot be seen", lambda e: e.claims.by_kind["hidden"], "{:.1%}"),
    ("– of what no photo tells (ingredients, brands, benefits …)", lambda e: e.claims.by_kind["unseeable"], "{:.1%}"),
    ('"A beauty product", no more: right', lambda e: e.claims.by_kind["any type"], "{:.1%}"),
    ('Guesses that are right ("probably", "perhaps")', lambda e: e.claims.by_kind["guess"], "{:.1%}"),
    ("Labelled facts that it says", lambda e: e.claims.recall, "{:.1%}"),
    ("– a broader word for the type counted", lambda e: e.claims.broad_recall, "{:.1%}"),
    ("BLEU-4 of sentences against references", lambda e: e.bleu, "{:.3f}"),
    ("CIDEr against references", lambda e: e.cider, "{:.3f}"),
    ("CLIPScore by the profile's own tagger", lambda e: e.clip_score, "{:.3f}"),
)

NOTES = """\
A photo that fails is a miss for the product type. Calibration and acceptance are over the described photos.
Mean and median CIEDE2000 are over the labelled photos whose shade was found; the shares within 3 and within 6
are over all labelled photos, a shade not found being a miss. Claims are words for type, colour, finish and package
that the labels can judge; a colour or finish said of a shade that cannot be seen is wrong. "A beauty product" says
no more than that the photo was accepted: it is counted by itself, as is what is said with "probably" or "perhaps", a
guess and no claim. In brackets: 95% percentile bootstrap over photos, of none or all the exact binomial interval; n:
photos, of claims and guesses their number."""


def to_markdown(results: Mapping[str, Evaluation]) -> str:
    """The figures of each profile, by name, as Markdown: one table of measures, one by product type, and notes.

    A measure that no profile has anything to count for is left out.
    """
    first = next(iter(results.values()))
    failed = {name: e.failures for name, e in results.items() if e.failures}
    told = "; ".join(f"{name}: " + ", ".join(f"{n} {s}" for s, n in sorted(f.items())) for name, f in failed.items())
    lines = [f"{first.photos} photo{'s' * (first.photos != 1)}; failures: {told or 'none'}.", ""]
    lines += [f"| Measure | n | {' | '.join(results)} |", "|---|---|" + "---|" * len(results)]
    for label, figure, form in ROWS:
        figures = [figure(result) for result in results.values()]
        if any(one.n and one.value is not None for one in figures):
            cells = " | ".join(with_interval(one, form) for one in figures)
            counts = " / ".join(dict.fromkeys(str(one.n) for one in figures))  # of shades found, each has its own
            lines.append(f"| {label} | {counts} | {cells} |")
    for name, result in results.items():
        lines += ["", *([f"### {name}", ""] if len(results) > 1 else []), *_by_type(result)]
    return "\n".join([*lines, "", NOTES, ""])


def with_interval(figure: Estimate, form: str) -> str:
    """`37.6% (34.5–40.6)`, with a dash for what is not known."""
    if figure.value is None:
        return "–"
    if figure.low is None or figure.high is None:
        return form.format(figure.value)
    low = form.format(figure.low).removesuffix("%")
    return f"{form.format(figure.value)} ({low}–{form.format(figure.high).removesuffix('%')})"


def plots(result: Evaluation, folder: Path) -> list[Path]:
    """Draws confusion.png and reliability.png into `folder` and returns their paths; none where no photo's type is
    labelled. Raises ImportError without matplotlib, OSError when they cannot be written.
    """
    if not result.confusion:
        return []
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    true = sorted(result.confusion, key=lambda label: -sum(result.confusion[label].values()))
    said = true + sorted({label for row in result.confusion.values() for label in row} - set(true))
    counts = np.array([[result.confusion[t].get(s, 0) for s in said] for t in true], dtype=float)
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    figure, axis = pyplot.subplots(figsize=(1 + 0.5 * len(said), 1 + 0.45 * len(true)), constrained_layout=True)
    axis.imshow(shares, cmap="PuRd", vmin=0, vmax=1, aspect="auto")
    axis.set_xticks(range(len(said)), said, rotation=90)
    axis.set_yticks(range(len(true)), [f"{label} ({int(counts[row].sum())})" for row, label in enumerate(true)])
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.6 else "black"
        axis.text(column, row, f"{counts[row, column]:.0f}", ha="center", va="center", color=colour, fontsize=7)
    axis.set_xlabel("said")
    axis.set_ylabel("labelled")
    confusion = folder / "confusion.png"
    figure.savefig(confusion, dpi=80)
    pyplot.close(figure)

    figure, axis = pyplot.subplots(figsize=(4.5, 4.5), constrained_layout=True)
    scores = np.array([score for score, _ in result.reliability])
    right = np.array([float(hit) for _, hit in result.reliability])
    index = bins_of(scores)
    bins = [index == number for number in range(CALIBRATION_BINS) if (index == number).any()]
    axis.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    mean_score, accuracy = [scores[b].mean() for b in bins], [right[b].mean() for b in bins]
    axis.scatter(mean_score, accuracy, s=[8 + 600 * b.mean() for b in bins], color="#8a5a6b")
    axis.set(xlabel="said probability", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
    reliability = folder / "reliability.png"
    figure.savefig(reliability, dpi=80)
    pyplot.close(figure)
    return [confusion, reliability]


def _by_type(result: Evaluation) -> list[str]:
    lines = [
        "| Product type | n | Top 1 | Top 3 | CIEDE2000 median | mean | within 6 | Shades |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for label, recall in sorted(result.recall.items(), key=lambda item: (-item[1].n, item[0])):
        shade = result.shade_by_type[label]
        cells = (
            with_interval(recall, "{:.1%}"),
            with_interval(result.recall_in_three[label], "{:.1%}"),
            with_interval(shade.median, "{:.1f}"),
            with_interval(shade.mean, "{:.1f}"),
            with_interval(shade.within_6, "{:.1%}"),
        )
        lines.append(f"| {label} | {recall.n} | {' | '.join(cells)} | {shade.within_6.n} |")
    return lines
