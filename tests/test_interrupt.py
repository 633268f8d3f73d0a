"""Killing and resuming a training from outside, on a stand-in for the training that takes a second."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("accelerate", reason="the packages of requirements-train.txt are not installed")

from finetune.clock import drop_unfinished, last_checkpoint
from finetune.interrupt import InterruptError, interrupt

TRAINING = """
import json, sys, time
from pathlib import Path
import torch
from safetensors.torch import load_file, save_file
out, lossy = Path(sys.argv[sys.argv.index("--out") + 1]), "lossy" in sys.argv
step, weight = 0, torch.zeros(3)
if "--resume" in sys.argv:
    whole = [file.parent for file in out.glob("checkpoint-*/clock.json")]  # the kill may fall in the midst of saving
    folder = max(whole, key=lambda path: int(path.name[11:]))
    step, weight = int(folder.name[11:]), load_file(folder / "weights.safetensors")["weight"] * (0.5 if lossy else 1)
while step < 12:
    step, weight = step + 1, weight + 1.0 / (step + 1)
    time.sleep(0.1)
    if step % 3 == 0:
        folder = out / f"checkpoint-{step}"
        folder.mkdir(parents=True, exist_ok=True)
        save_file({"weight": weight}, folder / "weights.safetensors")
        (folder / "clock.json").write_text("{}")
(out / "model").mkdir(exist_ok=True)
save_file({"weight": weight}, out / "model" / "model.safetensors")
(out / "metrics.json").write_text(json.dumps({"eval_top1": float(weight.sum()), "minutes": time.time()}))
"""


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    (tmp_path / "training.py").write_text(TRAINING)
    return [sys.executable, str(tmp_path / "training.py")]


def test_a_training_that_resumes_well_agrees(command: list[str], tmp_path: Path) -> None:
    found = interrupt(command, tmp_path / "out", seed=1)
    assert found.same and found.weights == 0 and found.killed_after > 0
    assert found.checkpoint.startswith("checkpoint-")
    assert set(found.metrics) == {"eval_top1"}
    with pytest.raises(InterruptError, match="another folder"):
        interrupt(command, tmp_path / "out", seed=1)


def test_one_that_forgets_is_told_apart(command: list[str], tmp_path: Path) -> None:
    found = interrupt([*command, "lossy"], tmp_path / "out", seed=1)
    assert not found.same and found.weights > 0.1


def test_one_that_fails_is_no_agreement(tmp_path: Path) -> None:
    with pytest.raises(InterruptError, match="failed"):
        interrupt([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "out", seed=0)


def test_only_whole_checkpoints_count(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    for step, whole in ((2, True), (10, True), (11, False)):
        (tmp_path / f"checkpoint-{step}").mkdir()
        if whole:
            (tmp_path / f"checkpoint-{step}" / "clock.json").write_text("{}")
    found = last_checkpoint(tmp_path)
    assert found is not None and found.name == "checkpoint-10"
    drop_unfinished(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"checkpoint-2", "checkpoint-10"}
