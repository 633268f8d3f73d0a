"""Renders described by the whole app, each held against its truth: the records that `data.check_descriptions` counts.

A record is one small JSON object, made in a worker process where the render's pixels are read and forgotten.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pyarrow import Table, parquet

from beauty_vlm.analysis import Analysis, Analyzer
from beauty_vlm.colour import lab_to_hex
from beauty_vlm.evaluation.claims import Checked, check
from beauty_vlm.evaluation.truths import Truth
from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import Mention
from beauty_vlm.measurement.regions import BACKGROUND, PACKAGING
from beauty_vlm.measurement.shade import measure
from beauty_vlm.report import Length, Report, Swatch
from beauty_vlm.vocabulary import UNPACKED, families, name_colour
from beauty_vlm.writing.colour_words import holds, naming
from data.appearance import appearance
from data.shards import LABEL_COLUMNS, LENGTHS, PACKAGE_COLUMNS, DataMissing, Part, belongs, files
from finetune.packaging import packaging_truth

Place = tuple[Path, int]  # a shard, and a row of it

ATTRIBUTES = ("colour", "finish", "undertone", "depth")  # of the material: hidden where it is
SURROUNDINGS = {"packaging": PACKAGING, "background": BACKGROUND}
CHECKING = "check"  # the step of the analysis that ranks, checks and mends
LOADING = "load"  # once, not for each photo
COLUMNS = ["id", "image", "regions", "finish", *PACKAGE_COLUMNS, *(f"caption_{length}" for length in LENGTHS)]
# Renders that a worker takes at once: a killed run loses no more of them, and a shard is read that much less often.
CHUNK = 10


@dataclass(frozen=True, slots=True)
class Task:
    """Some renders of one shard, by their rows."""

    shard: Path
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Colours:
    """A description's colour words of one scope: how many, those that name none of the measured colours, and how many
    are another term than those have, within the tolerance of its border.
    """

    said: int = 0
    outside: tuple[str, ...] = ()
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """One render: what was said, and what of it is not so.

    `colours` by scope ("material", …); `hidden` whether the truth shows no shade, `found` whether one was measured all
    the same; `said_hidden` and `caption_said_hidden` the words for a hidden material's look; `claims` and
    `caption_claims` those that the labels can judge; `guessed_hidden` the words that the description offers for it as a
    guess ("probably"); times in milliseconds, without loading.
    """

    id: str
    caption: str
    description: str
    colours: dict[str, Colours]
    hidden: bool
    found: bool
    said_hidden: tuple[str, ...]
    caption_said_hidden: tuple[str, ...]
    guessed_hidden: tuple[str, ...]
    claims: tuple[Checked, ...]
    caption_claims: tuple[Checked, ...]
    mended: bool
    checking_ms: float
    whole_ms: float

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Record:
        """From the JSON object of a record. Raises KeyError or TypeError for any other."""
        nested = {
            "colours": {
                scope: Colours(row["said"], tuple(row["outside"]), row["beside"])
                for scope, row in data["colours"].items()
            },
            "claims": tuple(Checked(**claim) for claim in data["claims"]),
            "caption_claims": tuple(Checked(**claim) for claim in data["caption_claims"]),
            "said_hidden": tuple(data["said_hidden"]),
            "caption_said_hidden": tuple(data["caption_said_hidden"]),
            "guessed_hidden": tuple(data["guessed_hidden"]),
        }
        return cls(**{**data, **nested})


def chosen(folders: Sequence[Path], part: Part | None = None, count: int | None = None) -> dict[str, Place]:
    """The renders of the shards in `folders` that belong to `part`, by id; at most `count`, evenly spaced.

    Raises DataMissing where there are none, and ValueError where an id stands twice.
    """
    places: dict[str, Place] = {}
    for file in files(*folders):
        for row, labels in enumerate(parquet.read_table(file, columns=[*LABEL_COLUMNS]).to_pylist()):
            if not belongs(labels, part):
                continue
            name = labels["id"]
            if name in places:
                raise ValueError(f"Render {name} stands twice, in {places[name][0]} and {file}.")
            places[name] = file, row
    if not places:
        lacking = f"belongs to the {part} part" if part else "says what it shows"
        raise DataMissing(f"No render in {' or '.join(map(str, folders))} {lacking}.")
    if count is None or count >= len(places):
        return places
    names = list(places)
    return {name: places[name] for name in (names[k * len(names) // count] for k in range(count))}


def untrained(data: Sequence[Path], unseen: Sequence[Path]) -> list[Place]:
    """The renders that no training learned from: the held-out part of `data`, and all of `unseen`.

    Raises DataMissing where there are none, or no folder is given, and ValueError where an id stands twice.
    """
    if not (data or unseen):
        raise DataMissing("Name a folder of shards: --data, of which the held-out part is taken, or --unseen.")
    held_out = chosen(data, "validation") if data else {}
    whole = chosen(unseen) if unseen else {}
    if twice := held_out.keys() & whole.keys():
        raise ValueError(f"Render {min(twice)} stands both in --data and in --unseen.")
    return [*held_out.values(), *whole.values()]


def tasks(places: Iterable[Place]) -> list[Task]:
    """The renders at these places, in chunks, shard by shard."""
    by_shard: dict[Path, list[int]] = {}
    for file, row in places:
        by_shard.setdefault(file, []).append(row)
    return [
        Task(file, tuple(rows[first : first + CHUNK]))
        for file, rows in by_shard.items()
        for first in range(0, len(rows), CHUNK)
    ]


def described(analyzer: Analyzer, task: Task, length: Length) -> Iterator[Record]:
    """The records of a task's renders."""
    for truth, image in pictures((task.shard, row) for row in task.rows):
        yield recorded(truth, analyzer.analyze(image, length, name=truth.file))


def pictures(places: Iterable[Place]) -> Iterator[tuple[Truth, Image.Image]]:
    """The truths and pictures (RGB) of the renders at these places; quick where they come shard by shard."""
    for file, number in places:
        (row,) = _shard(file).slice(number, 1).to_pylist()
        image = Image.open(io.BytesIO(row["image"]["bytes"])).convert("RGB")
        yield _truth(row, image), image


@functools.lru_cache(maxsize=1)
def _shard(path: Path) -> Table:
    return parquet.read_table(path, columns=COLUMNS)


def _truth(row: dict[str, Any], image: Image.Image) -> Truth:
    """The shade is the one that the picture shows."""
    regions = np.asarray(Image.open(io.BytesIO(row["regions"]["bytes"])))
    package = packaging_truth(*(row[column] for column in PACKAGE_COLUMNS))
    return Truth(
        file=row["id"],
        product_type=row["product_type"],
        shade_hex=lab_to_hex(appearance(image, regions)) if row["shade_visible"] else None,
        finish=row["finish"] or None,
        shade_visible=row["shade_visible"],
        packaging_colour=row["packaging_colour"] or None,
        captions=tuple(row[f"caption_{length}"] for length in LENGTHS),
        packaging_material=None if row["product_type"] in UNPACKED else package.material or None,
        packaging_state=package.state or None,
    )


def recorded(truth: Truth, analysis: Analysis) -> Record:
    """What was said of one render, held against its truth and what was measured."""
    report, steps = analysis.report, analysis.report.timings_ms or {}
    hidden = truth.shade_visible is False
    caption, description = report.caption or "", report.description or ""
    return Record(
        id=truth.file,
        caption=caption,
        description=description,
        colours=_colours(description, analysis),
        hidden=hidden,
        found=report.shade is not None and report.shade.visible,
        said_hidden=tuple(attributes(description, report)) if hidden else (),
        caption_said_hidden=tuple(attributes(caption, report)) if hidden else (),
        guessed_hidden=tuple(attributes(description, report, guessed=True)) if hidden else (),
        claims=tuple(check(description, truth)),
        caption_claims=tuple(check(caption, truth)),
        mended=bool(report.mends),
        checking_ms=steps.get(CHECKING, 0.0),
        whole_ms=round(sum(time for step, time in steps.items() if step != LOADING), 1),
    )


def attributes(text: str, report: Report, guessed: bool = False) -> list[str]:
    """The words of a text for the material's colour and finish, but for why its shade cannot be judged, and for those
    that it denies (of what is hidden nothing shimmers either); those that are said, or those that are guessed.
    """
    of_material = [m for m in _mentions(text, report) if m.kind in ATTRIBUTES and m.scope == "material"]
    return [mention.text for mention in of_material if mention.hedged == guessed and not mention.negated]


def _mentions(text: str, report: Report) -> list[Mention]:
    if report.shade and report.shade.unjudged:  # "the photo is black and white"
        text = text.replace(report.shade.unjudged, "")
    return mentions.find(text)


def _colours(text: str, analysis: Analysis) -> dict[str, Colours]:
    """The colour words of each scope that the text speaks of, held against what is measured there."""
    report, by_scope = analysis.report, dict[str, list[Mention]]()
    for mention in _mentions(text, report):
        if mention.kind == "colour" and not mention.negated:
            by_scope.setdefault(mention.scope, []).append(mention)
    return {scope: _of_scope(found, _measured(scope, analysis)) for scope, found in by_scope.items()}


def _measured(scope: str, analysis: Analysis) -> list[Swatch]:
    """The colours that may name a scope's surface; packaging and background are measured anew."""
    if scope == "others":
        return list(analysis.report.shade.others) if analysis.report.shade else []
    region = SURROUNDINGS.get(scope)
    shade = analysis.report.shade if region is None else measure(analysis.image, analysis.regions, region)
    return naming(shade) if shade is not None and shade.main is not None else []


def _of_scope(found: Sequence[Mention], swatches: Sequence[Swatch]) -> Colours:
    held = [mention for mention in found if any(holds(mention, swatch) for swatch in swatches)]
    own = families().union(name_colour(swatch.lab).term for swatch in swatches)
    beside = sum(mention.term not in own for mention in held)
    return Colours(len(found), tuple(mention.text for mention in found if mention not in held), beside)
