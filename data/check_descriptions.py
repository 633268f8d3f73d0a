"""Whether descriptions are true, on renders whose truth is known.

    python -m data.check_descriptions [--data DIR] [--count N] [--part validation] [--length normal]

Runs the whole analysis and prints a Markdown table: colour words outside of what was measured, attributes said of
what is hidden, claim precision before and after the check, what was mended, and what that costs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer
from PIL import Image
from tqdm import tqdm

from beauty_vlm.language import mentions
from beauty_vlm.analysis import Analyzer
from beauty_vlm.measurement.colour import lab_to_hex
from beauty_vlm.evaluation.runner import Outcome, judge, summarise
from beauty_vlm.writing.judging import holds, naming
from beauty_vlm.language.mentions import Mention
from beauty_vlm.evaluation.metrics import Estimate, estimate, ratio
from beauty_vlm.models.loader import Loader
from beauty_vlm.report import Length, Report
from beauty_vlm.evaluation.truths import Truth, spread

LENGTHS = ("short", "normal", "detailed")
ATTRIBUTES = ("colour", "finish", "undertone", "depth")  # of the material: hidden where it is
CHECKING = "check"  # the step of the analysis that ranks, checks and mends
LOADING = "load"  # once, not for each photo


@dataclass(frozen=True, slots=True)
class Checked:
    """One render: its record beside its truth."""

    report: Report
    outcome: Outcome


def renders(folder: Path, part: str | None) -> list[tuple[Truth, bytes]]:
    """The labelled renders of the shards in `folder`, of one part of the split or all.

    Raises FileNotFoundError when there are none.
    """
    import datasets

    from finetune.dataset import part_of

    files = sorted(str(path) for path in folder.glob("*.parquet"))
    if not files:
        raise FileNotFoundError(f"There are no .parquet files in {folder}; make some with `python -m data.render`.")
    table = datasets.load_dataset("parquet", data_files=files, split="train")
    chosen = [row for row, name in enumerate(table["id"]) if part is None or part_of(name) == part]
    if not chosen:
        raise FileNotFoundError(f"No render in {folder} belongs to the {part} part.")
    table = table.select(chosen).cast_column("image", datasets.Image(decode=False))
    return [(_truth(row), row["image"]["bytes"]) for row in table]


def _truth(row: dict[str, Any]) -> Truth:
    """The shade is the one that the picture shows."""
    return Truth(
        file=row["id"],
        product_type=row["product_type"],
        shade_hex=lab_to_hex(row["appearance_lab"]) if row["appearance_lab"] else None,
        finish=row["finish"] or None,
        shade_visible=row["shade_visible"],
        packaging_colour=row["packaging_colour"] or None,
        captions=tuple(row[f"caption_{length}"] for length in LENGTHS),
    )


def check(analyzer: Analyzer, chosen: list[tuple[Truth, bytes]], length: Length) -> Iterator[Checked]:
    """The records of the renders."""
    for truth, data in chosen:
        image = Image.open(io.BytesIO(data)).convert("RGB")
        report = analyzer.analyze(image, length, name=truth.file).report
        yield Checked(report, judge(truth, report))


def attributes(text: str, report: Report) -> list[Mention]:
    """What a text says of the material's colour and finish, but for why its shade cannot be judged."""
    if report.shade and report.shade.unjudged:  # "the photo is black and white"
        text = text.replace(report.shade.unjudged, "")
    return [m for m in mentions.find(text) if m.kind in ATTRIBUTES and m.scope == "material"]


def outside(report: Report) -> tuple[int, int]:
    """How many of a description's colour words name none of the measured shades, and how many there are."""
    said = [mention for mention in attributes(report.description or "", report) if mention.kind == "colour"]
    swatches = naming(report.shade) if report.shade and report.shade.main else []
    return sum(not any(holds(mention, swatch) for swatch in swatches) for mention in said), len(said)


def to_markdown(rows: list[Checked]) -> str:
    """The table of goals and figures, with 95% intervals."""
    cells = np.array([outside(row.report) for row in rows], float)
    hidden = [row.report for row in rows if row.outcome.shade_visible is False]
    unseen = [report for report in hidden if report.shade is not None and not report.shade.visible]
    evaluation = summarise([row.outcome for row in rows])
    steps = [row.report.timings_ms or {} for row in rows]
    checking = np.array([step.get(CHECKING, 0.0) for step in steps])
    whole = np.array([sum(time for name, time in step.items() if name != LOADING) for step in steps])
    changed = np.array([bool(row.report.mends) for row in rows], float)
    lines = [
        "| what | goal | renders | figure |",
        "|---|---|---|---|",
        _count("colour words outside the measured shades, in descriptions", cells),
        _hallucinated("descriptions that say a colour or finish that is hidden", hidden, "description"),
        _hallucinated("the same, where no material was found", unseen, "description"),
        _hallucinated("raw captions that say a colour or finish that is hidden", hidden, "caption"),
        _share("claim precision, raw caption", "", evaluation.caption_claims.precision),
        _share("claim precision, description", ".97", evaluation.claims.precision),
        _share("descriptions that mending changed", "", estimate(np.mean, changed)),
        _share("checking and mending, share of the time", "< .15", estimate(ratio, checking, whole)),
        f"| checking and mending, median | | {len(rows)} | {np.median(checking):.0f} ms |",
    ]
    return "\n".join(lines)


def _count(what: str, cells: np.ndarray) -> str:
    return f"| {what} | 0 | {len(cells)} | {cells[:, 0].sum():.0f} of {cells[:, 1].sum():.0f} |"


def _hallucinated(what: str, reports: list[Report], text: Literal["caption", "description"]) -> str:
    said = sum(bool(attributes(getattr(report, text) or "", report)) for report in reports)
    return f"| {what} | {'0' if text == 'description' else ''} | {len(reports)} | {said} of {len(reports)} |"


def _share(what: str, goal: str, figure: Estimate) -> str:
    return f"| {what} | {goal} | {figure.n} | {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f}) |"


def main(
    data: Annotated[Path, typer.Option(help="Folder of Parquet shards.")] = Path("data/sample"),
    count: Annotated[int | None, typer.Option(min=1, help="At most so many renders, evenly spaced.")] = None,
    part: Annotated[str | None, typer.Option(help="Only this part of the split: train or validation.")] = None,
    length: Annotated[Length, typer.Option(help="How long the descriptions are.")] = "normal",
) -> None:
    """Describes renders and counts what is not true."""
    try:
        found = renders(data, part)
    except FileNotFoundError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    pictures = {truth.file: picture for truth, picture in found}
    chosen = [(truth, pictures[truth.file]) for truth in spread([truth for truth, _ in found], count)]
    rows = list(tqdm(check(Analyzer(Loader()), chosen, length), total=len(chosen), unit="render"))
    print(to_markdown(rows))


if __name__ == "__main__":
    typer.run(main)
