"""A whole folder of photos described into a JSON Lines file: one record a photo, failures among them.

Each record is on disk as soon as it is known, so a run that is stopped loses nothing and can be resumed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from beauty_vlm.formats import SUFFIXES
from beauty_vlm.models.loader import ModelUnavailable
from beauty_vlm.records import CatalogError, Kept, Writer, read_kept
from beauty_vlm.report import Length, Report


class Describer(Protocol):
    """What is needed of `beauty_vlm.analysis.Analyzer`."""

    def describe(self, source: Path, length: Length = ..., name: str | None = ...) -> Report: ...


@dataclass(frozen=True, slots=True)
class Photos:
    """What a folder holds: its photos, how many other files, and which folders in it could not be listed.

    Paths are relative to the folder, sorted.
    """

    photos: tuple[Path, ...]
    others: int
    closed: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run did: new records by status, records kept from an earlier run, files that are no photos."""

    by_status: Mapping[str, int]
    kept: int
    skipped: int


def find_photos(folder: Path) -> Photos:
    """All files under `folder` that are named like a photo, hidden ones apart.

    Links to folders are not followed, so a loop of links ends; links to files are. Raises CatalogError when
    `folder` is none or cannot be listed.
    """
    if not folder.is_dir():
        raise CatalogError(f"{folder} is not a folder.")
    photos: list[Path] = []
    closed: list[Path] = []
    others = 0

    def unlisted(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise CatalogError(f"{folder} cannot be listed: {error.strerror}.") from error
        closed.append(Path(error.filename).relative_to(folder))

    for parent, folders, names in os.walk(folder, onerror=unlisted):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                photos.append((Path(parent) / name).relative_to(folder))
            else:
                others += 1
    return Photos(tuple(sorted(photos)), others, tuple(sorted(closed)))


def describe_one(analyzer: Describer, path: Path, length: Length, name: str) -> Report:
    """The photo's record under `name`, whatever happens: a model's own failure becomes status "failed".

    Raises ModelUnavailable, which no other photo would escape either.
    """
    try:
        report = analyzer.describe(path, length=length, name=name)
    except ModelUnavailable:
        raise
    except Exception as error:  # one photo that trips a model must not end a run of thousands
        sentence = f"{name} could not be described: the model failed with {type(error).__name__}."
        return Report.failure(name, "failed", sentence)
    return replace(report, file=name)


def run(
    folder: Path,
    out_path: Path,
    analyzer: Describer,
    length: Length = "normal",
    resume: bool = False,
    overwrite: bool = False,
    progress: bool = True,
) -> Summary:
    """Describe every photo under `folder` into `out_path`; `file` is relative to `folder`, with forward
    slashes.

    An `out_path` that exists is continued with `resume`, replaced with `overwrite`, and otherwise an error.
    Raises CatalogError, and ModelUnavailable with every record so far on disk.
    """
    found = find_photos(folder)
    if out_path.is_dir():
        raise CatalogError(f"{out_path} is a folder: name the file to write.")
    kept = Kept()
    if out_path.exists() and not overwrite:
        if not resume:
            sentence = f"{out_path} exists: --resume continues it, --overwrite replaces it."
            raise CatalogError(sentence)
        kept = read_kept(out_path)
    todo = [path for path in found.photos if path.as_posix() not in kept.files]
    closed = [path.as_posix() for path in found.closed if path.as_posix() not in kept.files]

    def records() -> Iterator[Report]:
        for path in tqdm(todo, unit="photo", disable=not progress):
            yield describe_one(analyzer, folder / path, length, path.as_posix())
        for name in closed:
            yield Report.failure(name, "not_permitted", f"The folder {name} cannot be listed.")

    by_status: Counter[str] = Counter()
    with closing(Writer(out_path, kept)) as out:
        for report in records():
            out.write(report)
            by_status[report.status] += 1
        out.finish()
    return Summary(dict(by_status), len(found.photos) - len(todo), found.others)
