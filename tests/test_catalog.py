"""The catalog: one record a photo whatever the photo is, and nothing lost when a run stops."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeAnalyzer

from beauty_vlm.catalog import CatalogError, Summary, find_photos, run
from beauty_vlm.models.loader import ModelUnavailable
from beauty_vlm.report import Length, Note, Report

Photo = Callable[..., Path]


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def shelf(tmp_path: Path, photo: Photo) -> Path:
    """b.png, A/c.JPG, A/d/e.webp, two broken photos and two files that are none."""
    for name in ("shelf/b.png", "shelf/A/c.JPG", "shelf/A/d/e.webp"):
        photo(name)
    folder = tmp_path / "shelf"
    (folder / "A/cut.jpg").write_bytes((folder / "A/c.JPG").read_bytes()[:200])
    (folder / "empty.png").write_bytes(b"")
    (folder / "notes.txt").write_text("no photo")
    (folder / ".hidden.jpg").write_bytes(b"")
    return folder


FILES = ["A/c.JPG", "A/cut.jpg", "A/d/e.webp", "b.png", "empty.png"]


class Missing:
    """An analyzer whose models cannot be had."""

    def describe(self, source: Any, length: Length = "normal", name: str | None = None) -> Report:
        raise ModelUnavailable("No such model.")


class Stopping(FakeAnalyzer):
    """Raises what it is given when it is asked for the third photo."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def describe(self, source: Any, length: Length = "normal", name: str | None = None) -> Report:
        if len(self.seen) == 2:
            self.seen.append(name)
            raise self.error
        return super().describe(source, length, name)


def test_one_record_a_photo(shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    out = tmp_path / "out.jsonl"
    summary = run(shelf, out, fake_analyzer, "short", progress=False)
    assert summary == Summary({"ok": 3, "unreadable": 1, "empty": 1}, kept=0, skipped=2)
    written = records(out)
    assert [record["file"] for record in written] == FILES
    assert [record["status"] for record in written] == ["ok", "unreadable", "ok", "ok", "empty"]
    assert written[0]["caption"] == "a short caption of 64 by 48 pixels"
    assert "A/cut.jpg" in written[1]["error"] or "cut.jpg" in written[1]["error"]


def test_a_model_that_fails_on_one_photo(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    summary = run(shelf, out, Stopping(RuntimeError("CUDA\nerror")), progress=False)
    assert summary.by_status == {"ok": 2, "unreadable": 1, "failed": 1, "empty": 1}
    failed = records(out)[2]
    assert failed["file"] == "A/d/e.webp" and failed["status"] == "failed"
    assert "RuntimeError" in failed["error"] and "CUDA" not in failed["error"]


def test_each_record_is_on_disk_before_the_next_photo(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    found: list[int] = []

    class Watching(FakeAnalyzer):
        def describe(self, source: Any, length: Length = "normal", name: str | None = None) -> Report:
            found.append(len(records(out)) if out.exists() else 0)
            return super().describe(source, length, name)

    run(shelf, out, Watching(), progress=False)
    assert found == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("error", [ModelUnavailable("No such model."), KeyboardInterrupt()])
def test_what_ends_a_run_leaves_its_records(error: BaseException, shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(type(error)):
        run(shelf, out, Stopping(error), progress=False)
    assert [record["file"] for record in records(out)] == FILES[:2]
    again = FakeAnalyzer()
    summary = run(shelf, out, again, resume=True, progress=False)
    assert again.seen == FILES[1:]  # the second could not be described
    assert summary == Summary({"ok": 2, "unreadable": 1, "empty": 1}, kept=1, skipped=2)
    assert [record["file"] for record in records(out)] == FILES


@pytest.mark.parametrize("keep", [1, 9, 10, 60])
def test_resume_after_a_half_written_line(keep: int, shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    out = tmp_path / "out.jsonl"
    run(shelf, out, fake_analyzer, progress=False)
    whole = out.read_bytes()
    lines = whole.splitlines(keepends=True)
    out.write_bytes(b"".join(lines[:3]) + lines[3][:keep])
    again = FakeAnalyzer()
    summary = run(shelf, out, again, resume=True, progress=False)
    assert again.seen == [FILES[1], *FILES[3:]] and summary.kept == 2
    assert sorted(out.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_resume_keeps_a_last_record_without_its_newline(
    shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer
) -> None:
    out = tmp_path / "out.jsonl"
    run(shelf, out, fake_analyzer, progress=False)
    whole = out.read_bytes()
    out.write_bytes(b"".join(whole.splitlines(keepends=True)[:4])[:-1])
    assert run(shelf, out, fake_analyzer, resume=True, progress=False).kept == 3
    assert sorted(out.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_resume_of_nothing_yet(shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    out = tmp_path / "out.jsonl"
    assert run(shelf, out, fake_analyzer, resume=True, progress=False).kept == 0
    assert run(shelf, out, fake_analyzer, resume=True, progress=False) == Summary(
        {"unreadable": 1, "empty": 1}, kept=3, skipped=2
    )
    assert sorted(record["file"] for record in records(out)) == FILES


def test_resume_does_not_mix_models(shelf: Path, tmp_path: Path) -> None:
    class Other(FakeAnalyzer):
        def __init__(self, captioner: str) -> None:
            super().__init__()
            self.captioner = captioner

        def describe(self, source: Any, length: Length = "normal", name: str | None = None) -> Report:
            report = super().describe(source, length, name)
            return replace(report, models={"captioner": self.captioner, "device": "cpu"})

    out = tmp_path / "out.jsonl"
    run(shelf, out, Other("one"), progress=False)
    lines = out.read_text().splitlines(keepends=True)
    described = next(line for line in lines if '"status": "ok"' in line)
    out.write_text(described)
    with pytest.raises(CatalogError, match=r"out\.jsonl was written with captioner one: go on so, or"):
        run(shelf, out, Other("two"), resume=True, progress=False)
    assert out.read_text() == described
    run(shelf, out, Other("one"), resume=True, progress=False)
    assert len(out.read_text().splitlines()) == len(lines)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"length": "detailed"}, "length normal"),
        ({"notes": (Note("brand", "Rosée"),)}, "note none"),
    ],
)
def test_resume_does_not_mix_lengths_or_notes(
    change: dict[str, Any], said: str, shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer
) -> None:
    class Making(FakeAnalyzer):
        def __init__(self, **changes: Any) -> None:
            super().__init__()
            self.changes = changes

        def describe(self, source: Any, length: Length = "normal", name: str | None = None) -> Report:
            report = super().describe(source, length, name)
            return replace(report, models={"captioner": "one"}, length=length, **self.changes)

    out = tmp_path / "out.jsonl"
    length: Length = change.pop("length", "normal")
    run(shelf, out, Making(), progress=False)
    whole = out.read_bytes()
    (shelf / "b.png").replace(shelf / "new.png")
    with pytest.raises(CatalogError, match=f"was written with {said}: "):
        run(shelf, out, Making(**change), length, resume=True, progress=False)
    assert out.read_bytes() == whole


def test_what_an_earlier_run_left_stays_until_a_model_answers(
    shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer
) -> None:
    out, link = tmp_path / "out.jsonl", tmp_path / "link.jsonl"
    run(shelf, out, fake_analyzer, progress=False)
    whole = out.read_bytes()
    link.symlink_to(out)
    with pytest.raises(ModelUnavailable):
        run(shelf, link, Missing(), resume=True, progress=False)
    assert out.read_bytes() == whole  # with what could not be described
    assert run(shelf, link, fake_analyzer, resume=True, progress=False).kept == 3
    assert link.is_symlink() and sorted(out.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_a_record_whose_models_are_none_is_gone_on_with(
    shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text('{"file": "b.png", "models": 3}\n')
    assert run(shelf, out, fake_analyzer, resume=True, progress=False).kept == 1


def test_resume_tries_again_what_could_not_be_described(
    shelf: Path, tmp_path: Path, photo: Photo, fake_analyzer: FakeAnalyzer
) -> None:
    out = tmp_path / "out.jsonl"
    run(shelf, out, fake_analyzer, progress=False)
    assert [record["file"] for record in records(out) if record["status"] != "ok"] == ["A/cut.jpg", "empty.png"]
    for name in ("A/cut.jpg", "empty.png"):
        (shelf / name).write_bytes(photo("repaired.png").read_bytes())
    summary = run(shelf, out, fake_analyzer, resume=True, progress=False)
    assert summary == Summary({"ok": 2}, kept=3, skipped=2)
    assert sorted(record["file"] for record in records(out)) == FILES
    assert {record["status"] for record in records(out)} == {"ok"}
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("content", [b"my diary", b"my diary\n", b'{"a": 1}\n', b"[1]\n", b'{"file": "a"}\n\xff\n'])
def test_resume_touches_no_other_file(content: bytes, shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    out = tmp_path / "diary.txt"
    out.write_bytes(content)
    with pytest.raises(CatalogError, match=r"diary\.txt is no catalog"):
        run(shelf, out, fake_analyzer, resume=True, progress=False)
    assert out.read_bytes() == content


def test_existing_file_is_not_lost(shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("precious")
    with pytest.raises(CatalogError, match=r"--resume.*--overwrite"):
        run(shelf, out, fake_analyzer, progress=False)
    assert out.read_text() == "precious" and fake_analyzer.seen == []
    run(shelf, out, fake_analyzer, overwrite=True, progress=False)
    assert len(records(out)) == 5


def test_old_records_stay_until_there_is_a_new_one(shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(ModelUnavailable):
        run(shelf, out, Missing(), progress=False)
    assert not out.exists()  # the next run need not be told to overwrite it
    run(shelf, out, fake_analyzer, progress=False)
    whole = out.read_bytes()
    with pytest.raises(ModelUnavailable):
        run(shelf, out, Missing(), overwrite=True, progress=False)
    assert out.read_bytes() == whole
    run(shelf, out, fake_analyzer, overwrite=True, progress=False)
    assert out.read_bytes() == whole
    (tmp_path / "bare").mkdir()
    run(tmp_path / "bare", out, fake_analyzer, overwrite=True, progress=False)
    assert out.read_bytes() == b""


def test_hidden_folders_are_no_shelf(shelf: Path, photo: Photo) -> None:
    before = find_photos(shelf)
    (shelf / ".thumbnails").mkdir()
    (shelf / ".thumbnails" / "a.png").write_bytes(photo("elsewhere.png").read_bytes())
    assert find_photos(shelf) == before


def test_links(shelf: Path, tmp_path: Path, photo: Photo) -> None:
    (shelf / "A" / "loop").symlink_to(shelf)
    (shelf / "linked.png").symlink_to(photo("elsewhere.png"))
    (shelf / "dangling.png").symlink_to(tmp_path / "gone.png")
    names = [path.as_posix() for path in find_photos(shelf).photos]
    assert names == ["A/c.JPG", "A/cut.jpg", "A/d/e.webp", "b.png", "dangling.png", "empty.png", "linked.png"]


def test_file_name_that_is_no_utf8(shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    (shelf / name).write_bytes((shelf / "b.png").read_bytes())
    out = tmp_path / "out.jsonl"
    run(shelf, out, fake_analyzer, progress=False)
    assert name in [record["file"] for record in records(out)]
    assert run(shelf, out, fake_analyzer, resume=True, progress=False).by_status == {"unreadable": 1, "empty": 1}


def test_closed_subfolder_is_recorded(
    shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def closed(path: Any) -> Any:
        if Path(path).name == "d":  # chmod does not stop root, who may run the tests
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    out = tmp_path / "out.jsonl"
    assert run(shelf, out, fake_analyzer, progress=False).by_status["not_permitted"] == 1
    assert records(out)[-1]["file"] == "A/d"


def test_a_folder_is_no_file_to_write(shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    for options in ({}, {"resume": True}, {"overwrite": True}):
        with pytest.raises(CatalogError, match="is a folder: name the file to write"):
            run(shelf, tmp_path, fake_analyzer, progress=False, **options)


def test_folders_and_files_that_are_none(shelf: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    with pytest.raises(CatalogError, match="is not a folder"):
        run(shelf / "b.png", tmp_path / "out.jsonl", fake_analyzer)
    with pytest.raises(CatalogError, match="cannot be written"):
        run(shelf, tmp_path / "missing" / "out.jsonl", fake_analyzer)
