"""The check of descriptions against renders: what it counts, and that a killed run goes on."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from conftest import FakeLoader
from PIL import Image
from pyarrow import parquet
from typer.testing import CliRunner

from beauty_vlm.analysis import Analysis, Analyzer
from beauty_vlm.evaluation.claims import Checked
from beauty_vlm.evaluation.truths import Truth
from beauty_vlm.measurement.regions import MATERIAL, PACKAGING
from beauty_vlm.models.loader import Settings
from beauty_vlm.report import Length, Mend, Report, Shade, Swatch
from data import check_descriptions
from data.check_descriptions import RecordsError, Tally, opened, read, version
from data.described import Colours, Record, Task, chosen, described, recorded, tasks, untrained
from data.shards import part_of

RED = Swatch("red", "#b81a1f", (39.0, 60.0, 42.0), 1.0, "neutral", "medium", 0.5)
HEAD = {"version": "1", "length": "normal"}
RECORD = Record(
    id="1-000001",
    caption="a red lipstick",
    description="A red lipstick.",
    colours={"material": Colours(2, ("green",), 1), "background": Colours(1)},
    hidden=False,
    found=True,
    said_hidden=(),
    caption_said_hidden=(),
    guessed_hidden=(),
    claims=(Checked("type", "lipstick", True), Checked("colour", "red", True)),
    caption_claims=(Checked("type", "lipstick", True), Checked("colour", "red", False)),
    mended=True,
    checking_ms=1.0,
    whole_ms=20.0,
)


def shard(path: Path, names: Sequence[str], visible: bool = True) -> Path:
    """A shard of flat red pictures, as `data.render` writes them."""
    image, regions = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (64, 64), (184, 26, 31)).save(image, "PNG")
    Image.new("L", (64, 64), MATERIAL if visible else PACKAGING).save(regions, "PNG")
    row = {
        "image": {"bytes": image.getvalue(), "path": None},
        "regions": {"bytes": regions.getvalue(), "path": None},
        "product_type": "lipstick",
        "finish": "matte" if visible else "",
        "shade_visible": visible,
        "packaging": "plastic",
        "packaging_colour": "black",
        "layout": "closed",
        "caption_short": "a red lipstick.",
        "caption_normal": "a red lipstick.",
        "caption_detailed": "a red lipstick.",
    }
    path.parent.mkdir(exist_ok=True)
    parquet.write_table(pa.Table.from_pylist([{"id": name, **row} for name in names]), path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shard(tmp_path / "renders" / "a.parquet", [f"7-{k:06d}" for k in range(30)])
    shard(tmp_path / "renders" / "b.parquet", [f"7-{k:06d}" for k in range(30, 40)], visible=False)
    return tmp_path / "renders"


def test_renders_are_chosen_by_part_and_evenly(folder: Path, tmp_path: Path) -> None:
    everything = chosen([folder])
    assert len(everything) == 40 and len(chosen([folder], count=100)) == 40
    validation, train = chosen([folder], "validation"), chosen([folder], "train")
    assert {**train, **validation} == everything and all(part_of(name) == "validation" for name in validation)
    assert list(chosen([folder], count=4)) == ["7-000000", "7-000010", "7-000020", "7-000030"]
    rows = [(task.shard, row) for task in tasks(everything.values()) for row in task.rows]
    assert rows == list(everything.values()) and max(len(task.rows) for task in tasks(everything.values())) == 10
    named = next(name for name in everything if part_of(name) == "train")
    other = shard(tmp_path / "more" / "c.parquet", [named]).parent
    with pytest.raises(ValueError, match=f"Render {named} stands twice"):
        chosen([folder, other])
    with pytest.raises(FileNotFoundError, match=r"no \.parquet files"):
        chosen([tmp_path])
    with pytest.raises(FileNotFoundError, match="belongs to the validation part"):
        chosen([other], "validation")


def test_renders_to_fit_to_are_such_that_no_training_saw(folder: Path, tmp_path: Path) -> None:
    more = shard(tmp_path / "more" / "c.parquet", ["8-000000", "8-000001"]).parent
    held_out = list(chosen([folder], "validation").values())
    assert untrained([folder], []) == held_out and untrained([], [more]) == [(more / "c.parquet", k) for k in (0, 1)]
    assert untrained([folder], [more]) == held_out + untrained([], [more])
    with pytest.raises(ValueError, match="stands both in --data and in --unseen"):
        untrained([folder], [folder])
    with pytest.raises(FileNotFoundError, match=r"--data, .* or --unseen"):
        untrained([], [])


def test_a_render_is_described_and_held_against_its_truth(folder: Path) -> None:
    analyzer = Analyzer(FakeLoader())  # type: ignore[arg-type]
    (seen,) = described(analyzer, Task(folder / "a.parquet", (3,)), "normal")
    assert seen.id == "7-000003" and not seen.hidden and seen.found and seen.whole_ms > 0
    (hidden,) = described(analyzer, Task(folder / "b.parquet", (0,)), "normal")
    assert hidden.hidden and hidden.said_hidden  # the stand-ins see red material
    assert Record.from_dict(json.loads(json.dumps(asdict(hidden)))) == hidden


def analysis(description: str, shade: Shade, image_of: str = "black", caption: str = "") -> Analysis:
    image = Image.new("RGB", (100, 100), image_of)
    image.paste(RED.hex, (0, 0, 100, 20))
    regions = np.full((100, 100), PACKAGING, np.uint8)
    regions[:20] = MATERIAL
    mends = (Mend("a", "b", "c"),)
    return Analysis(Report(None, caption=caption, description=description, shade=shade, mends=mends), image, regions)


def test_words_outside_of_what_was_measured_are_found_in_each_scope() -> None:
    truth = Truth("1-1", "lipstick", "#b81a1f")
    shown = Shade(True, RED, (RED,))
    found = recorded(truth, analysis("A green lipstick in a white case. The shade is red.", shown)).colours
    assert found == {"material": Colours(2, ("green",), 0), "packaging": Colours(1, ("white",), 0)}
    found = recorded(truth, analysis("A red lipstick, in a black case.", shown)).colours
    assert not any(colours.outside for colours in found.values()) and set(found) == {"material", "packaging"}
    assert recorded(truth, analysis("A lipstick, not green.", shown)).colours == {}


def test_a_hidden_material_may_not_be_spoken_of() -> None:
    truth = Truth("1-1", "lipstick", None, shade_visible=False)
    unseen = Shade(False, None, ())
    told = recorded(truth, analysis("A matte lipstick with a warm undertone, in a black case.", unseen, caption="red"))
    assert told.hidden and not told.found
    assert told.said_hidden == ("matte", "warm undertone") and told.caption_said_hidden == ("red",)
    assert recorded(truth, analysis("A lipstick. No shimmer is visible.", unseen)).said_hidden == ()
    grey = Shade(True, None, (), unjudged="The photo is black and white, so the shade cannot be judged.")
    silent = "A lipstick. The photo is black and white, so the shade cannot be judged."
    assert recorded(truth, analysis(silent, grey)).said_hidden == ()
    assert recorded(replace(truth, shade_visible=True), analysis("A red lipstick.", unseen)).said_hidden == ()


def test_the_table_counts_what_the_records_say() -> None:
    tally = Tally()
    with pytest.raises(ValueError, match="no record"):
        tally.to_markdown()
    for number in range(10):
        tally.add(replace(RECORD, id=f"1-{number:06d}"))
    told = {"hidden": True, "found": False, "said_hidden": ("red",), "caption_said_hidden": ("red",)}
    tally.add(replace(RECORD, id="2-000001", **told))
    for number in range(9):
        tally.add(replace(RECORD, id=f"3-{number:06d}", hidden=True, found=number > 3))
    table = tally.to_markdown()
    assert "| colour words outside the measured shades, in descriptions | 0 | 20 | 20 of 40" in table
    assert "| the same, of packages and backgrounds | 0 | 20 | 0 of 20 (0.00% to 16.84%)" in table
    assert "| descriptions that say a colour or finish that is hidden | 0 | 10 | 1 of 10 (0.25% to 44.50%)" in table
    assert "| descriptions that say or guess one where no material was found | 0 | 5 | 1 of 5" in table
    assert "| claim precision, raw caption |  | 20 | 0.500 (0.500 to 0.500) |" in table
    assert "| claim precision, description | .97 | 20 | 1.000" in table
    assert "| checking and mending, share of the time | < .15 | 20 | 0.050" in table
    assert len(tally.untrue) == check_descriptions.SHOWN and "1-000000, outside: green" in tally.untrue[0]


def write(path: Path, *found: Record) -> None:
    with opened(path, HEAD) as out:
        for record in found:
            out.write(json.dumps(asdict(record)) + "\n")


def test_records_come_back_and_a_half_written_one_is_cut_off(tmp_path: Path) -> None:
    path, second = tmp_path / "records.jsonl", replace(RECORD, id="1-000002")
    write(path, RECORD, second)
    assert list(read(path, HEAD)) == [RECORD, second]
    whole = path.read_bytes()
    for cut in (1, 20, len(json.dumps(HEAD)) + 5):
        path.write_bytes(whole[:-cut] if cut < 30 else whole[:cut])
        write(path, second)
        assert list(read(path, HEAD))[-1] == second
        assert all(line.endswith("}") for line in path.read_text().splitlines())


def test_a_file_of_another_kind_or_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    write(path, RECORD)
    with pytest.raises(RecordsError, match="another length or version"):
        list(read(path, {**HEAD, "length": "short"}))
    path.write_text(json.dumps(HEAD) + "\n[1]\n")
    with pytest.raises(RecordsError, match="line 2 is none"):
        list(read(path, HEAD))
    for text, reason in (
        ("no records\n", "line 1 is none"),
        ("no records", "no file of records"),
        ("{}\nx", "another"),
    ):
        path.write_text(text)
        with pytest.raises(RecordsError, match=reason):
            opened(path, HEAD)
        assert path.read_text() == text
    with pytest.raises(RecordsError, match="cannot be used"):
        opened(tmp_path, HEAD)


def test_a_killed_run_goes_on_and_says_the_same(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analyzer, asked = Analyzer(FakeLoader()), list[int]()  # type: ignore[arg-type]

    def at_once(todo: Sequence[Task], length: Length, workers: int, _: Settings) -> Iterator[list[Record]]:
        for task in todo:
            asked.append(len(task.rows))
            yield [replace(r, checking_ms=1.0, whole_ms=9.0) for r in described(analyzer, task, length)]

    monkeypatch.setattr(check_descriptions, "records", at_once)
    kept, runner = tmp_path / "records.jsonl", CliRunner()
    app = check_descriptions.typer.Typer()
    app.command()(check_descriptions.main)

    def run(*options: str) -> str:
        result = runner.invoke(app, ["--data", str(folder), *options])
        assert result.exit_code == 0, result.output
        return result.stdout

    fresh = run()
    assert sum(asked) == 40 and "| 40 |" in fresh
    run("--count", "12", "--records", str(kept))
    with kept.open("a") as out:
        out.write('{"id": "half')
    asked.clear()
    assert run("--records", str(kept)) == fresh and sum(asked) == 28
    asked.clear()
    assert "| 4 |" in run("--records", str(kept), "--count", "4") and not asked
    result = runner.invoke(app, ["--data", str(folder), "--records", str(kept), "--length", "short"])
    assert result.exit_code == 2 and "another length or version" in result.output


def test_any_captioner_can_be_checked_also_of_random_weights(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found: list[Settings] = []
    analyzer = Analyzer(FakeLoader())  # type: ignore[arg-type]

    def noted(todo: Sequence[Task], length: Length, workers: int, settings: Settings) -> Iterator[list[Record]]:
        found.append(settings)
        assert settings.captioner in ("mine", "embedded") or (Path(settings.captioner) / "made").exists()
        for task in todo:
            yield list(described(analyzer, task, length))

    def geometry(profile: str, folder: Path) -> Path:
        (folder / "made").touch()
        return folder

    monkeypatch.setattr(check_descriptions, "records", noted)
    monkeypatch.setattr(check_descriptions, "write_random", geometry)
    app, runner, kept = check_descriptions.typer.Typer(), CliRunner(), tmp_path / "records.jsonl"
    app.command()(check_descriptions.main)
    options = ["--data", str(folder), "--count", "2", "--records", str(kept)]
    assert runner.invoke(app, [*options, "--captioner", "mine", "--adapter", "none"]).exit_code == 0
    assert runner.invoke(app, [*options]).exit_code == 2  # these are the other's records
    kept.unlink()
    assert runner.invoke(app, [*options, "--captioner", "blip-base", "--random-weights"]).exit_code == 0
    assert [one.adapter for one in found] == ["none", "none"]
    assert found[0].captioner == "mine" and not Path(found[1].captioner).exists()
    refused = runner.invoke(app, ["--data", str(folder), "--captioner", "x", "--random-weights"])
    assert refused.exit_code == 2 and "no geometry 'x'" in refused.output


@pytest.mark.parametrize(
    ("file", "matters"),
    [("models/w.safetensors", True), ("words.yaml", True), ("evaluation/claims.py", True), ("ui/page.py", False)],
)
def test_the_version_is_that_of_code_words_and_weights(file: str, matters: bool, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"one")
    before = version(tmp_path)
    assert version(tmp_path) == before and len(before) == 16
    path.write_bytes(b"two")
    assert (version(tmp_path) != before) is matters
