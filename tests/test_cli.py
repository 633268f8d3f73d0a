"""The command line, on the stand-in analyzer."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeAnalyzer
from typer.testing import CliRunner, Result

from beauty_vlm import __version__, cli
from beauty_vlm.models.loader import ModelUnavailable, Settings

Photo = Callable[..., Path]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, fake_analyzer: FakeAnalyzer) -> Callable[..., Result]:
    monkeypatch.setattr(cli, "build_analyzer", lambda **_: fake_analyzer)
    return lambda *arguments: CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_describe_as_text(invoke: Callable[..., Result], photo: Photo) -> None:
    path = photo("red.png")
    result = invoke("describe", path, "--length", "short")
    assert result.exit_code == 0 and result.stderr == ""
    assert result.stdout.splitlines()[0] == str(path)
    for part in (
        "A short caption of 64 by 48",
        "lipstick (0.70)",
        "too uncertain to name  #ff0000  Lab 53.2 80.1 67.2",  # the text does not name it
        "matte",
    ):
        assert part in result.stdout
    assert "perhaps" not in result.stdout
    dark = invoke("describe", photo("dark.png", "black")).stdout
    assert "perhaps no beauty product" in dark and "  shade" not in dark and "  finish" not in dark


def test_describe_as_json(invoke: Callable[..., Result], photo: Photo) -> None:
    one, two = photo("red.png"), photo("blue.png", "blue")
    single = json.loads(invoke("describe", one, "--json").stdout)
    assert single["file"] == str(one) and single["product_type"]["label"] == "lipstick"
    several = json.loads(invoke("describe", one, two, "--json").stdout)
    assert [record["product_type"]["label"] for record in several] == ["lipstick", "nail polish"]


def test_describe_says_which_photo_failed(invoke: Callable[..., Result], photo: Photo, tmp_path: Path) -> None:
    good, bad = photo("red.png"), tmp_path / "gone.jpg"
    result = invoke("describe", bad, good)
    assert result.exit_code == 1
    assert result.stderr == f"{bad} does not exist.\n"
    assert str(good) in result.stdout and "gone" not in result.stdout
    records = json.loads(invoke("describe", bad, good, "--json").stdout)
    assert [record["status"] for record in records] == ["not_found", "ok"]


def test_wrong_arguments(invoke: Callable[..., Result], photo: Photo) -> None:
    path = photo("red.png")
    wrong = (
        ("describe",),
        ("describe", path, "--length", "endless"),
        ("describe", path, "--quantize", "int1"),
        ("catalog", path.parent),
        ("catalog", path.parent, "--out", "x.jsonl", "--resume", "--overwrite"),
        ("evaluate", path.parent, "--limit", "0"),
        ("evaluate", path.parent, "--also", "captioner"),
        ("evaluate", path.parent, "--also", "colour=red"),
    )
    assert [invoke(*arguments).exit_code for arguments in wrong] == [2] * len(wrong)


def test_catalog(invoke: Callable[..., Result], photo: Photo, tmp_path: Path) -> None:
    photo("shelf/a.png")
    (tmp_path / "shelf" / "b.jpg").write_bytes(b"junk")
    out = tmp_path / "out.jsonl"
    first = invoke("catalog", tmp_path / "shelf", "--out", out, "--length", "detailed")
    assert first.exit_code == 0 and "1 ok, 1 unsupported_format" in first.stderr
    assert "a detailed caption" in out.read_text().splitlines()[0]
    refused = invoke("catalog", tmp_path / "shelf", "--out", out)
    assert refused.exit_code == 2 and "--resume" in refused.stderr and "Traceback" not in refused.stderr
    resumed = invoke("catalog", tmp_path / "shelf", "--out", out, "--resume")
    assert resumed.exit_code == 0 and "1 unsupported_format; 1 kept" in resumed.stderr


def test_evaluate(invoke: Callable[..., Result], photo: Photo, tmp_path: Path) -> None:
    photo("set/lipstick/a.png", "red")
    photo("set/lipstick/b.png", "blue")
    report, predictions = tmp_path / "report.md", tmp_path / "predictions.jsonl"
    arguments = ("evaluate", tmp_path / "set", "--out", report, "--predictions", predictions)
    result = invoke(*arguments)
    assert result.exit_code == 0 and "| Product type, top 1 | 2 | 50.0% (" in result.stdout
    assert report.read_text().strip() == result.stdout.strip()
    assert len(predictions.read_text().splitlines()) == 2
    assert json.loads(invoke(*arguments, "--json").stdout)["top_1"]["value"] == 0.5
    assert json.loads(invoke(*arguments, "--json", "--limit", "1").stdout)["photos"] == 1
    two = invoke(
        "evaluate", tmp_path / "set", "--also", "captioner=blip-base,device=cpu", "--plots", tmp_path / "drawn"
    )
    assert "| embedded | captioner=blip-base,device=cpu |" in two.stdout
    if importlib.util.find_spec("matplotlib"):
        assert two.exit_code == 0 and (tmp_path / "drawn" / "profile-2" / "confusion.png").is_file()
    else:
        assert two.exit_code == 2 and "matplotlib" in two.stderr


def test_what_is_evaluated_is_told_though_a_later_profile_cannot_be_had(
    invoke: Callable[..., Result], photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo("set/lipstick/a.png", "red")
    report, build = tmp_path / "report.md", cli.build_analyzer

    def some(captioner: str | None = None, **others: str | None) -> Any:
        if captioner:
            raise ModelUnavailable("The captioner “nowhere” cannot be found.")
        return build(captioner=captioner, **others)

    monkeypatch.setattr(cli, "build_analyzer", some)
    result = invoke("evaluate", tmp_path / "set", "--also", "captioner=nowhere", "--out", report)
    assert result.exit_code == 2 and result.stderr.endswith("The captioner “nowhere” cannot be found.\n")
    assert "| Product type, top 1 | 1 |" in result.stdout and "top 1" in report.read_text()


def test_what_is_piped_is_utf_8_everywhere(photo: Photo) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "beauty_vlm", "describe", photo("rosé.png").parent / "fehlt é.png", "--json"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"}, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert "fehlt é.png" in shown.stdout.decode("utf-8")


def test_what_ends_a_run_is_one_sentence(
    invoke: Callable[..., Result], photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo("set/lipstick/a.png")
    (tmp_path / "empty").mkdir()
    for arguments in (
        ("evaluate", tmp_path / "empty"),
        ("evaluate", tmp_path / "set", "--out", tmp_path / "missing" / "report.md"),
        ("evaluate", tmp_path / "set", "--predictions", tmp_path),
        ("catalog", tmp_path / "gone", "--out", tmp_path / "out.jsonl"),
        ("catalog", tmp_path / "set", "--out", tmp_path / "missing" / "out.jsonl"),
    ):
        result = invoke(*arguments)
        sentence = result.stderr.splitlines()[-1]
        assert result.exit_code == 2 and sentence.endswith(".") and str(tmp_path) in sentence, arguments

    def unavailable(**_: Any) -> Any:
        raise ModelUnavailable("The captioner “nowhere” cannot be found.")

    monkeypatch.setattr(cli, "build_analyzer", unavailable)
    result = invoke("describe", tmp_path / "set/lipstick/a.png")
    assert (result.exit_code, result.stderr) == (2, "The captioner “nowhere” cannot be found.\n")


def test_options_override_the_environment(monkeypatch: pytest.MonkeyPatch, photo: Photo) -> None:
    monkeypatch.setenv("BEAUTY_VLM_DEVICE", "cuda")
    monkeypatch.setenv("BEAUTY_VLM_QUANTIZE", "nf4")
    chosen: list[Settings] = []

    class Loader:
        def __init__(self, settings: Settings) -> None:
            chosen.append(settings)

    monkeypatch.setattr("beauty_vlm.models.loader.Loader", Loader)
    monkeypatch.setattr("beauty_vlm.analysis.Analyzer", lambda _: FakeAnalyzer())
    arguments = ["describe", str(photo("red.png")), "--device", "cpu", "--adapter", "none"]
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0
    assert chosen == [Settings(device="cpu", quantize="nf4", adapter="none")]


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def test_help_and_version_load_no_models() -> None:
    """The reason why --help is quick; a time limit would only measure the machine."""
    heavy = "{'torch', 'transformers', 'gradio'}"
    code = f"import sys, beauty_vlm.cli, beauty_vlm.intake; print(sorted({heavy} & set(sys.modules)))"
    assert python(code).stdout.strip() == "[]"
    shown = subprocess.run(
        [sys.executable, "-m", "beauty_vlm", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert shown.returncode == 0
    assert all(command in shown.stdout for command in ("describe", "catalog", "evaluate"))
    assert CliRunner().invoke(cli.app, ["--version"]).stdout == f"beauty-vlm {__version__}\n"
