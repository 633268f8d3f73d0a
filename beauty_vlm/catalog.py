"""A whole folder of photos described into a JSON Lines file: one record a photo, failures among them.

Each record is written and flushed as soon as it is known, so a run that is stopped loses nothing and can be
resumed.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Protocol

from tqdm import tqdm

from beauty_vlm.formats import SUFFIXES
from beauty_vlm.models.loader import ModelUnavailable
from beauty_vlm.report import Length, Report


class Describer(Protocol):
    """What is needed of `beauty_vlm.analysis.Analyzer`."""

    def describe(self, source: Path, length: Length = ..., name: str | None = ...) -> Report: ...


class CatalogError(Exception):
    """A run that cannot start: one plain sentence."""


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
    kept = Kept()
    if out_path.exists() and not overwrite:
        if not resume:
            sentence = f"{out_path} exists: --resume continues it, --overwrite replaces it."
            raise CatalogError(sentence)
        kept = _kept(out_path)
    by_status: Counter[str] = Counter()
    todo = [path for path in found.photos if path.as_posix() not in kept.files]
    closed = [path.as_posix() for path in found.closed if path.as_posix() not in kept.files]

    def records() -> Iterator[Report]:
        for path in tqdm(todo, unit="photo", disable=not progress):
            yield describe_one(analyzer, folder / path, length, path.as_posix())
        for name in closed:
            yield Report.failure(name, "not_permitted", f"The folder {name} cannot be listed.")

    # Old records give way to the first new one: until then a model may prove not to be there.
    is_new, is_clear = not out_path.exists(), bool(kept.files)
    try:
        with _opened(out_path) as out:
            for report in records():
                if kept.models and report.models and (other := _others(kept.models, report.models)):
                    sentence = f"{out_path} was written by other models ({other}): --overwrite replaces it."
                    raise CatalogError(sentence)
                if not is_clear:
                    out.truncate(0)
                    is_clear = True
                _write(out, report)
                by_status[report.status] += 1
            if not is_clear:
                out.truncate(0)
    except (ModelUnavailable, KeyboardInterrupt):
        if is_new and not by_status:
            out_path.unlink()
        raise
    done = len(found.photos) - len(todo)
    return Summary(dict(by_status), done, found.others)


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """Open to write at its end. A file name that is no UTF-8 holds lone surrogates, which become JSON's own escapes."""
    try:
        file = path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise CatalogError(f"{path} cannot be written: {error.strerror}.") from error
    with file:
        yield file


def _write(out: IO[str], report: Report) -> None:
    out.write(json.dumps(report.to_dict(), ensure_ascii=False) + "\n")
    out.flush()


OK = "ok"  # the status of a photo that was described
SAME_MODELS = ("captioner", "tagger", "segmenter", "quantize")  # of `Report.models`, on whichever device
_RECORD_START = b'{"file": '  # how every record begins, `Report.file` being its first field


@dataclass(frozen=True, slots=True)
class Kept:
    """Of an earlier run: the `file` of every photo that it described, and the `models` of the last."""

    files: frozenset[str] = frozenset()
    models: Mapping[str, str] = field(default_factory=dict)


def _others(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The models before that are not those of now, in words."""
    differing = (name for name in SAME_MODELS if name in before and before[name] != now.get(name))
    return ", ".join(f"{name} {before[name]}" for name in differing)


def _kept(path: Path) -> Kept:
    """What an earlier run's file keeps. Records of photos that could not be described are taken out of it, since these
    are tried again, and so is a half-written last line.

    Raises CatalogError, with the file untouched, when it holds anything else than records.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CatalogError(f"{path} cannot be read: {error.strerror}.") from error
    whole, _, rest = data.rpartition(b"\n")
    kept: list[bytes] = []
    files: set[str] = set()
    models: Mapping[str, str] = {}
    lines = [*whole.split(b"\n")] if whole else []
    for number, line in enumerate([*lines, *([rest] if rest else [])], start=1):
        found = _record(line)
        if found is not None and found.get("status", OK) == OK:
            kept.append(line + b"\n")
            files.add(found["file"])
            models = found.get("models") or models
        elif found is None and number <= len(lines):
            raise CatalogError(f"{path} is no catalog to resume: line {number} is not a record of a photo.")
        elif found is None and rest[: len(_RECORD_START)] != _RECORD_START[: len(rest)]:
            raise CatalogError(f"{path} is no catalog to resume: its last line is not a record of a photo.")
    if b"".join(kept) != data:
        _replace(path, b"".join(kept))
    return Kept(frozenset(files), models)


def _replace(path: Path, data: bytes) -> None:
    """Write a file anew; whatever happens, it is whole as it was or as it is to be. Raises CatalogError."""
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise CatalogError(f"{path} cannot be written: {error.strerror}.") from error


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict) or not isinstance(record.get("file"), str):
        return None
    return record
