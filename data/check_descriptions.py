"""Whether descriptions are true, on renders whose truth is known.

    python -m data.check_descriptions [--data DIR …] [--part train|validation] [--count N] [--length normal]
                                      [--records FILE] [--workers 2]
                                      [--captioner embedded] [--adapter embedded] [--random-weights]

Runs the whole analysis and prints a Markdown table with 95% intervals: colour words outside of what was measured,
attributes said of what is hidden, claim precision before and after the check, what was mended, and what that costs.
What a published captioner says is checked as well, by hub name or folder, or, with --random-weights, of its geometry
alone: the worst captioner there is, of which nothing false may reach a description. With `--records` each render's
record is a line of that file, and a run that was killed goes on behind the last one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Annotated

import numpy as np
import typer
from tqdm import tqdm

import beauty_vlm
from beauty_vlm.analysis import Analyzer
from beauty_vlm.benchmark.geometry import RANDOM, write_random
from beauty_vlm.evaluation.claims import KINDS
from beauty_vlm.evaluation.metrics import Estimate, estimate, exact, pooled, ratio
from beauty_vlm.models.loader import ModelUnavailable, Settings
from beauty_vlm.report import Length
from data import appearance, shards
from data import described as described_by
from data.described import Colours, Record, Task, chosen, described, tasks
from data.shards import Part
from data.workers import EMBEDDED, spread
from finetune import packaging

SAMPLE = Path(__file__).parent / "sample"
OURS = "embedded"
SHOWN = 12  # untrue words that are listed below the table
# What the records depend on: the app without its page, weights and words included.
VERSIONED = ("*.py", "*.yaml", "*.json", "*.safetensors", "*.txt")
UNVERSIONED = ("ui", "benchmark")  # of the evaluation, the records hold the verdicts


class RecordsError(Exception):
    """A file of records that a run cannot go on with: one plain sentence."""


def version(root: Path = Path(beauty_vlm.__file__).parent) -> str:
    """A fingerprint of the code, words and weights in the package at `root`, and of what tells the renders' truth, that
    the records depend on.
    """
    digest = hashlib.sha256()
    for file in sorted({file for pattern in VERSIONED for file in root.rglob(pattern)}):
        if file.relative_to(root).parts[0] not in UNVERSIONED:
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    for module in (described_by, appearance, shards, packaging):
        digest.update(Path(module.__file__ or "").read_bytes())
    return digest.hexdigest()[:16]


def read(path: Path, head: dict[str, str]) -> Iterator[Record]:
    """The records of a run's file, whose first line must be `head`; a half-written last line is left out.

    Raises RecordsError.
    """
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith("\n"):
                return
            try:
                row = json.loads(line)
                if number > 1:
                    yield Record.from_dict(row)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise RecordsError(f"{path} is no file of records: line {number} is none.") from error
            if number == 1 and row != head:
                raise RecordsError(f"{path} holds records of another length or version; give another --records.")


def opened(path: Path, head: dict[str, str]) -> IO[str]:
    """A run's file to add records to, made where it is missing, and freed from a half-written last line.

    Raises RecordsError, with the file untouched, when it holds anything else than records of this `head`.
    """
    first = json.dumps(head) + "\n"
    try:
        data = path.read_bytes() if path.exists() else b""
        whole = data.rfind(b"\n") + 1
        if whole:
            for _ in read(path, head):
                pass
        elif not first.encode().startswith(data):
            raise RecordsError(f"{path} is no file of records.")
        if whole < len(data):
            os.truncate(path, whole)
        out = path.open("a", encoding="utf-8", newline="\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordsError(f"{path} cannot be used as a file of records.") from error
    if not whole:
        out.write(first)
        out.flush()
    return out


def records(
    todo: Sequence[Task], length: Length, workers: int, settings: Settings = EMBEDDED
) -> Iterator[list[Record]]:
    """The records of the tasks, as they are done."""
    return spread(partial(_described, length=length), todo, workers, settings)


@contextmanager
def captioned_by(captioner: str, adapter: str, random_weights: bool) -> Iterator[Settings]:
    """The settings of these models; of random weights in the captioner's geometry while it lasts. Raises
    ModelUnavailable for a captioner of no known geometry.
    """
    settings = Settings.from_environment()
    if not random_weights:
        yield replace(settings, captioner=captioner, adapter=adapter)
        return
    if captioner not in RANDOM:
        raise ModelUnavailable(f"There is no geometry {captioner!r} for random weights: choose {' or '.join(RANDOM)}.")
    with TemporaryDirectory() as folder:
        yield replace(settings, captioner=str(write_random(captioner, Path(folder))), adapter="none")


def _described(analyzer: Analyzer, task: Task, length: Length) -> list[Record]:
    return list(described(analyzer, task, length))


class Tally:
    """The figures of the records seen so far; of each only numbers are kept, and the first few untrue words."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, float]] = {}
        self.untrue: list[str] = []

    def add(self, record: Record) -> None:
        """Count one record."""
        outside = [word for colours in record.colours.values() for word in colours.outside]
        for what, words in (("outside", outside), ("hidden", record.said_hidden)):
            if words and len(self.untrue) < SHOWN:
                self.untrue.append(f"{record.id}, {what}: {', '.join(words)} – {record.description}")
        self._counts[record.id] = _counts(record)

    def to_markdown(self) -> str:
        """The table of goals and figures. Raises ValueError when nothing was counted."""
        if not self._counts:
            raise ValueError("There is no record to count.")
        # In the order of their ids: workers end in any order, and a bootstrap's draws depend on it.
        rows = [counts for _, counts in sorted(self._counts.items())]
        column = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        count, said = len(rows), column["said"]
        unseen = column["hidden"] == 1
        unfound = unseen & (column["found"] == 0)
        checking = column["checking"]
        lines = [
            "| what | goal | renders | figure |",
            "|---|---|---|---|",
            _part("colour words outside the measured shades, in descriptions", "0", count, column["outside"], said),
            _part("the same, of other pieces' shades", "0", count, column["others outside"], column["others"]),
            _part("the same, of packages and backgrounds", "0", count, column["around outside"], column["around"]),
            _part("names beside the measured one, within its border's tolerance", "", count, column["beside"], said),
            _times("descriptions that say a colour or finish that is hidden", "0", column["told"][unseen]),
            _times("descriptions that guess at one, and call it a guess", "", column["guessed"][unseen]),
            _times(
                "descriptions that say or guess one where no material was found",
                "0",
                (column["told"] + column["guessed"])[unfound] > 0,
            ),
            _times("raw captions that say a colour or finish that is hidden", "", column["raw told"][unseen]),
            _share("claim precision, raw caption", "", count, pooled(column["raw right"], column["raw claims"])),
            _share("claim precision, description", ".97", count, pooled(column["right"], column["claims"])),
            _share("descriptions that mending changed", "", count, estimate(np.mean, column["mended"])),
            _share(
                "checking and mending, share of the time", "< .15", count, estimate(ratio, checking, column["whole"])
            ),
            f"| checking and mending, median | | {count} | {np.median(checking):.0f} ms |",
        ]
        return "\n".join(lines)


def _counts(record: Record) -> dict[str, float]:
    material = record.colours.get("material", Colours())
    others = record.colours.get("others", Colours())
    around = [colours for scope, colours in record.colours.items() if scope not in ("material", "others")]
    return {
        "said": material.said,
        "outside": len(material.outside),
        "beside": material.beside,
        "others": others.said,
        "others outside": len(others.outside),
        "around": sum(colours.said for colours in around),
        "around outside": sum(len(colours.outside) for colours in around),
        "hidden": record.hidden,
        "found": record.found,
        "told": bool(record.said_hidden),
        "guessed": bool(record.guessed_hidden),
        "raw told": bool(record.caption_said_hidden),
        "raw right": sum(claim.correct for claim in record.caption_claims if claim.kind in KINDS),
        "raw claims": sum(claim.kind in KINDS for claim in record.caption_claims),
        "right": sum(claim.correct for claim in record.claims if claim.kind in KINDS),
        "claims": sum(claim.kind in KINDS for claim in record.claims),
        "mended": record.mended,
        "checking": record.checking_ms,
        "whole": record.whole_ms,
    }


def _times(what: str, goal: str, happened: np.ndarray) -> str:
    return _part(what, goal, len(happened), happened, np.ones_like(happened))


def _part(what: str, goal: str, renders: int, part: np.ndarray, whole: np.ndarray) -> str:
    """So many of so many, with the exact 95% interval: a bootstrap of nothing but zeros has none."""
    hits, trials = int(part.sum()), int(whole.sum())
    figure = "–"
    if trials:
        share = exact(hits, trials)
        figure = f"{hits} of {trials} ({share.low:.2%} to {share.high:.2%})"
    return f"| {what} | {goal} | {renders} | {figure} |"


def _share(what: str, goal: str, renders: int, figure: Estimate) -> str:
    if figure.value is None:
        return f"| {what} | {goal} | {renders} | – |"
    interval = "" if figure.low is None else f" ({figure.low:.3f} to {figure.high:.3f})"
    return f"| {what} | {goal} | {renders} | {figure.value:.3f}{interval} |"


def main(
    data: Annotated[list[Path] | None, typer.Option(help="Folder of Parquet shards; may be given again.")] = None,
    part: Annotated[Part | None, typer.Option(help="Only those that trainings learn from, or never see.")] = None,
    count: Annotated[int | None, typer.Option(min=1, help="At most so many renders, evenly spaced.")] = None,
    length: Annotated[Length, typer.Option(help="How long the descriptions are.")] = "normal",
    kept: Annotated[Path | None, typer.Option("--records", help="File to keep the records in, and go on with.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes, of one thread each.")] = 2,
    captioner: Annotated[str, typer.Option(help="Captioner: embedded, blip-base, …, a folder or a hub name.")] = OURS,
    adapter: Annotated[str, typer.Option(help="LoRA adapter: embedded, none, a folder or a hub name.")] = OURS,
    random_weights: Annotated[
        bool, typer.Option("--random-weights", help="The captioner's geometry with random weights: no hub is needed.")
    ] = False,
) -> None:
    """Describes renders and counts what is not true."""
    head, tally = {"version": version(), "length": length}, Tally()
    if (captioner, adapter) != (OURS, OURS):
        head |= {"captioner": captioner, "adapter": adapter}
    if random_weights:
        head |= {"weights": "random"}
    try:
        places = chosen(data or [SAMPLE], part, count)
        with ExitStack() as stack:
            out = stack.enter_context(opened(kept, head)) if kept else None
            for record in read(kept, head) if kept else ():
                if places.pop(record.id, None):
                    tally.add(record)
            bar = stack.enter_context(tqdm(total=len(places), unit="render"))
            settings = stack.enter_context(captioned_by(captioner, adapter, random_weights))
            for done in records(tasks(places.values()), length, workers, settings):
                for record in done:
                    tally.add(record)
                    if out:
                        out.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
                if out:
                    out.flush()
                bar.update(len(done))
    except BrokenProcessPool as error:
        typer.echo(
            "A worker was killed, perhaps for want of memory; with --records the same command goes on.", err=True
        )
        raise typer.Exit(1) from error
    except (FileNotFoundError, ValueError, RecordsError, ModelUnavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    print(tally.to_markdown())
    for line in tally.untrue:
        typer.echo(line, err=True)


if __name__ == "__main__":
    typer.run(main)
