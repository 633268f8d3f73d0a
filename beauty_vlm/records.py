"""A catalog's file: JSON Lines, a record a photo, each on disk as soon as it is known, and gone on with by a later run.

Nothing of an earlier run is lost before there is something new to write: until then a model may prove not to be there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from beauty_vlm.report import Report

OK = "ok"  # the status of a photo that was described
SAME_MODELS = ("captioner", "tagger", "segmenter", "quantize")  # of `Report.models`, on whichever device
_RECORD_START = b'{"file": '  # how every record begins, `Report.file` being its first field


class CatalogError(Exception):
    """A run that cannot start or go on: one plain sentence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Of an earlier run: the `file` of every photo that it described, how the last of them was `made`, and whether
    the file holds anything else (`stale`): records of photos that could not be described, which are tried again, and a
    half-written last line.
    """

    files: frozenset[str] = frozenset()
    made: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False


def read_kept(path: Path) -> Kept:
    """What a run may go on with, the file being left as it is. Raises CatalogError when it holds anything else than
    records.
    """
    files: set[str] = set()
    made: Mapping[str, str] = {}
    stale = False
    for line, record in _lines(path):
        if _is_described(record):
            assert record is not None
            files.add(record["file"])
            made = how_made(record) or made
        stale |= not (_is_described(record) and line.endswith(b"\n"))
    return Kept(frozenset(files), made, stale)


def how_made(record: Mapping[str, Any]) -> dict[str, str]:
    """By what a photo was described, as words by name; empty where its record does not tell."""
    models, notes = record.get("models"), record.get("notes")
    if not isinstance(models, Mapping):
        return {}
    told = {name: str(models[name]) for name in SAME_MODELS if name in models}
    if record.get("length"):
        told["length"] = str(record["length"])
    given = [f"{note.get('kind')} {note.get('text')!r}" for note in notes or () if isinstance(note, Mapping)]
    return told | {"note": " and ".join(given) or "none"}


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What before was not as it is now, in words."""
    both = (name for name in before if name in now and before[name] != now[name])
    return ", ".join(f"{name} {before[name]}" for name in both)


class Writer:
    """Adds records to a file. What `kept` does not keep is taken out of it before the first, or at `finish`.

    Raises CatalogError where the file cannot be written, at once.
    """

    def __init__(self, path: Path, kept: Kept) -> None:
        self._path, self._kept = path.resolve(), kept  # what a link points to, not the link, is replaced
        self._out: IO[str] | None = None
        is_new = not self._path.exists()
        self._open().close()
        if is_new:
            self._path.unlink()

    def write(self, report: Report) -> None:
        """Add a record and flush it. Raises CatalogError where it was made otherwise than those that are kept, or
        cannot be written.
        """
        record = report.to_dict()
        if other := differing(self._kept.made, how_made(record)):
            raise CatalogError(f"{self._path.name} was written with {other}: go on so, or --overwrite replaces it.")
        out = self._opened()
        try:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            out.flush()
        except OSError as error:
            raise CatalogError(f"{self._path} cannot be written: {error.strerror}.") from error

    def finish(self) -> None:
        """Leave the file as it is to be, though nothing was added."""
        self._opened()
        self.close()

    def close(self) -> None:
        """Close the file, as it is on disk by now."""
        if self._out:
            self._out.close()

    def _opened(self) -> IO[str]:
        if self._out is None:
            if not self._kept.files:
                _replace(self._path, iter(()))
            elif self._kept.stale:
                _replace(self._path, (line for line, record in _lines(self._path) if _is_described(record)))
            self._out = self._open()
        return self._out

    def _open(self) -> IO[str]:
        """Open to write at its end. A file name that is no UTF-8 holds lone surrogates, which become JSON's escapes."""
        try:
            return self._path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise CatalogError(f"{self._path} cannot be written: {error.strerror}.") from error


def _lines(path: Path) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
    """The lines of a file and their records; None of a last line that is half of one. Raises CatalogError."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                record, is_whole = _record(line), line.endswith(b"\n")
                if record is None and is_whole:
                    raise CatalogError(f"{path} is no catalog to resume: line {number} is not a record of a photo.")
                if record is None and line[: len(_RECORD_START)] != _RECORD_START[: len(line)]:
                    raise CatalogError(f"{path} is no catalog to resume: its last line is not a record of a photo.")
                yield line, record
    except OSError as error:
        raise CatalogError(f"{path} cannot be read: {error.strerror}.") from error


def _is_described(record: Mapping[str, Any] | None) -> bool:
    return record is not None and record.get("status", OK) == OK


def _replace(path: Path, lines: Iterator[bytes]) -> None:
    """Write a file anew, each line with its end; whatever happens, it is whole as it was or as it is to be. Raises
    CatalogError.
    """
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("wb") as out:
            out.writelines(line.removesuffix(b"\n") + b"\n" for line in lines)
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
