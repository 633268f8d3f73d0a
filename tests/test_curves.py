"""Training logs as courses: what is joined, dropped and drawn."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from finetune import curves
from finetune.curves import CurvesError


def record(step: int, **values: float) -> dict[str, Any]:
    """As `finetune.clock.JsonLog` writes it, three seconds a step."""
    return {**values, "epoch": step / 10, "step": step, "seconds": 3.0 * step}


def run(folder: Path, records: Iterable[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / curves.LOG_FILE).write_text("".join(json.dumps(one) + "\n" for one in records))
    return folder


WHOLE = [
    record(20, loss=4.0),
    record(40, loss=3.0),
    record(40, eval_top1=0.5, eval_scale=17.0, eval_runtime=0.3),
    record(60, loss=2.0),
    record(80, eval_top1=0.4, eval_scale=18.0, eval_runtime=0.3),
    record(80, train_runtime=240.0, train_loss=3.0),
    record(80, eval_top1=0.5, eval_scale=17.0, eval_runtime=0.3),  # the best checkpoint's, that of step 40
]


def test_losses_and_shares_are_read_and_the_last_evaluation_is_left_out(tmp_path: Path) -> None:
    course = curves.read([run(tmp_path / "run", WHOLE)])
    assert course.losses == ((20, 4.0), (40, 3.0), (60, 2.0))
    assert course.figures == {"top1": ((40, 0.5), (80, 0.4))}  # no logit scale, no seconds
    assert course.validation_losses == () and course.stages == ()
    assert course.minutes[-1] == (80, pytest.approx(4.0))


def test_a_resumed_training_counts_each_step_once(tmp_path: Path) -> None:
    killed = [record(20, loss=4.0), record(40, loss=9.0), record(40, eval_top1=0.5), record(60, loss=9.0)]
    again = [record(40, loss=3.0), record(60, loss=2.0), record(80, eval_top1=0.6)]
    course = curves.read([run(tmp_path / "run", killed + again)])
    assert course.losses == ((20, 4.0), (40, 3.0), (60, 2.0))
    assert course.figures["top1"] == ((40, 0.5), (80, 0.6))


def test_a_training_resumed_after_its_end_goes_on(tmp_path: Path) -> None:
    course = curves.read([run(tmp_path / "run", [*WHOLE, record(100, loss=1.0), record(120, eval_top1=0.7)])])
    assert course.losses[-1] == (100, 1.0) and course.figures["top1"][1:] == ((80, 0.4), (120, 0.7))


def test_stages_follow_each_other(tmp_path: Path) -> None:
    first = [record(20, loss=4.0), record(30, eval_score=-0.9, eval_named_type=0.2)]
    second = [record(20, loss=2.0), record(40, eval_score=-0.7, eval_named_type=0.4)]
    course = curves.read([run(tmp_path / "a", first), run(tmp_path / "b", second)])
    assert course.stages == (30,)
    assert course.losses == ((20, 4.0), (50, 2.0))
    assert course.validation_losses == ((30, 0.9), (70, 0.7))  # the score is the negative loss
    assert course.minutes[-1] == (70, pytest.approx(1.5 + 2.0))


@pytest.mark.parametrize("text", ["", '{"step": 20, "seconds": 1}\n', "not json\n", '{"loss": 1.0}\n'])
def test_what_is_no_log_is_said_in_a_sentence(text: str, tmp_path: Path) -> None:
    folder = run(tmp_path / "run", [])
    (folder / curves.LOG_FILE).write_text(text)
    with pytest.raises(CurvesError, match="run"):
        curves.read([folder])
    with pytest.raises(CurvesError, match=r"log\.jsonl"):
        curves.read([tmp_path / "nowhere"])


def test_the_picture_is_small_and_shows_the_curves(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="plots need requirements-train.txt")
    many = [record(20 * k, loss=4.0 / k) for k in range(1, 200)]
    many += [record(4000 + k, eval_score=-1 / k, eval_named_type=1 - 1 / k, eval_named_shade=0.5) for k in range(1, 9)]
    file = curves.draw([run(tmp_path / "a", many), run(tmp_path / "b", many)], tmp_path / "curves.png")
    assert file.stat().st_size < 60_000
    picture = Image.open(file).convert("RGB")
    assert picture.size == (720, 272) and len(set(picture.getdata())) > 50


def test_the_command_line_ends_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["curves", str(tmp_path), "--out", str(tmp_path / "curves.png")])
    with pytest.raises(SystemExit, match="holds no training"):
        curves.main()
