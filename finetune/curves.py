"""The course of a training as a picture: losses and validation figures over steps, from the log that it kept.

    python -m finetune.curves RUN [RUN2 ...] --out FILE.png

RUN is the --out folder of a training; several are stages of one training, in their order.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

CURVES_FILE = "curves.png"
LOG_FILE = "log.jsonl"  # as `finetune.training` names it, whose import would take torch
PREFIX = "eval_"
SCORE = "eval_score"  # of captioners: the negative loss of the validation captions
RUNTIME = "eval_runtime"  # seconds, no figure of the model
INCHES, DPI = (9.0, 3.4), 80  # 720 x 272 pixels: some 30 KB

Point = tuple[int, float]


class CurvesError(Exception):
    """A run has no log, or nothing in it can be drawn."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a training logged, its stages joined. Points are (step, value), steps count through all stages.

    `figures` holds the validation figures that are shares (0..1) by name, `minutes` the minutes spent at each
    logged step, `stages` the step at which each stage after the first began.
    """

    losses: tuple[Point, ...]
    validation_losses: tuple[Point, ...]
    figures: dict[str, tuple[Point, ...]]
    minutes: tuple[Point, ...]
    stages: tuple[int, ...]


def read(runs: Sequence[Path]) -> Course:
    """The course of a training whose stages left their logs in these folders. Raises CurvesError."""
    losses: list[Point] = []
    minutes: list[Point] = [(0, 0.0)]
    values: dict[str, list[Point]] = {}
    stages: list[int] = []
    for run in runs:
        (steps_before, minutes_before), logged = minutes[-1], _records(run)
        if run != runs[0]:
            stages.append(steps_before)
        for record in logged:
            step = steps_before + int(record["step"])
            spent = minutes_before + float(record["seconds"]) / 60
            if step > minutes[-1][0]:
                minutes.append((step, spent))
            if "loss" in record:
                losses.append((step, float(record["loss"])))
            for name, value in record.items():
                if name.startswith(PREFIX) and name != RUNTIME:
                    values.setdefault(name, []).append((step, float(value)))
    if not losses:
        raise CurvesError(f"Nothing was logged in {', '.join(map(str, runs))}: there is no loss to draw.")
    scores = values.pop(SCORE, [])
    return Course(
        losses=tuple(losses),
        validation_losses=tuple((step, -score) for step, score in scores),
        figures={
            name.removeprefix(PREFIX): tuple(points)
            for name, points in values.items()
            if all(0 <= value <= 1 for _, value in points)
        },
        minutes=tuple(minutes),
        stages=tuple(stages),
    )


def _records(run: Path) -> list[dict[str, Any]]:
    """The records of losses and evaluations, in the order of their steps, as the last pass over each step left them.

    A resumed training logs the steps after its checkpoint once more. What follows the end is the evaluation of the best
    checkpoint, whose step was another: it is left out.
    """
    kept: dict[tuple[int, bool], dict[str, Any]] = {}
    ended = False
    try:
        records = [json.loads(line) for line in (run / LOG_FILE).read_text(encoding="utf-8").splitlines()]
        for record in records:
            key = int(record["step"]), "loss" in record
            ended = (ended or "train_runtime" in record) and "loss" not in record
            if not ended:
                kept = {known: one for known, one in kept.items() if known[0] <= key[0]}
                kept[key] = record
    except OSError as error:
        raise CurvesError(f"{run} holds no training: {LOG_FILE} cannot be read ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError):
        raise CurvesError(f"{run / LOG_FILE} is not the log of a training.") from None
    return sorted(kept.values(), key=lambda record: int(record["step"]))


def draw(runs: Sequence[Path], file: Path) -> Path:
    """Draw the course of a training into a PNG file, and return that. Raises CurvesError, ImportError without
    matplotlib, and OSError when the file cannot be written.
    """
    course = read(runs)  # what is wrong with a log is said before a missing package
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    last, end = course.minutes[-1]
    beyond = (*course.minutes, (2 * last, 2 * end))  # so that the axis' marks past the end have a place outside
    steps, minutes = (np.array(column, dtype=float) for column in zip(*beyond, strict=True))

    def spent(at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(at, steps, minutes)

    def reached(at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(at, minutes, steps)

    figure, axes = pyplot.subplots(1, 2, figsize=INCHES, dpi=DPI, layout="constrained")
    axes[0].plot(
        *zip(*course.losses, strict=True), color="#8a5a6b", linewidth=1.2, label="training loss, all its terms"
    )
    if course.validation_losses:
        points = zip(*course.validation_losses, strict=True)
        axes[0].plot(*points, color="#20639b", marker="o", markersize=3.5, label="validation loss, captions")
    axes[0].set_ylabel("loss")
    for name, shares in course.figures.items():
        axes[1].plot(
            *zip(*shares, strict=True), marker="o", markersize=3.5, linewidth=1.2, label=name.replace("_", " ")
        )
    axes[1].set(ylabel="validation", ylim=(0, 1))
    for axis in axes:
        axis.set(xlabel="step", xlim=(0, last))
        axis.secondary_xaxis("top", functions=(spent, reached)).set_xlabel("minutes")
        for begun in course.stages:
            axis.axvline(
                begun,
                color="grey",
                linestyle="--",
                linewidth=0.8,
                label="next stage" if begun == course.stages[0] else None,
            )
        if axis.get_legend_handles_labels()[0]:
            axis.legend(fontsize=7, framealpha=0.6)
    figure.savefig(file, dpi=DPI)
    pyplot.close(figure)
    return file


def main() -> None:
    """Draw by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.curves")
    arguments.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="the --out folder of a training")
    arguments.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    parsed = arguments.parse_args()
    try:
        file = draw(parsed.runs, parsed.out)
    except (CurvesError, ImportError, OSError) as error:
        raise SystemExit(str(error)) from None
    print(f"{file}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
