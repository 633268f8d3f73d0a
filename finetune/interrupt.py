"""Kill a training at a random moment, resume it, and hold it against one that was left alone.

    python -m finetune.interrupt NAME --data DIR --out DIR [--steps 60] [--seed 0] [the training's own]

NAME is a module of this package, such as tagger. Both trainings run by steps, not by time, so that they are to end
with the same weights; on a GPU, whose sums depend on their order, with nearly the same metrics.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file

from finetune.clock import last_checkpoint
from finetune.training import METRICS_FILE

TRAININGS = ("captioner", "lora", "segmenter", "tagger")
FOREVER = 10**6  # minutes: the schedule then follows the steps alone
POLL = 0.2  # seconds
RUNTIME = ("eval_runtime", "minutes", "images_per_second")  # metrics that differ from run to run


class InterruptError(Exception):
    """A training failed, or ended before it could be killed."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the resumed training's end lies from the uninterrupted one's. `killed_after` is in seconds, `checkpoint`
    what it went on from, `weights` the largest difference of any weight, `metrics` both values of each.
    """

    killed_after: float
    checkpoint: str
    weights: float
    metrics: dict[str, tuple[float, float]]

    @property
    def same(self) -> bool:
        """Whether all metrics agree to the last digits that float32 sums may change."""
        return all(math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-6) for one, other in self.metrics.values())


def interrupt(command: Sequence[str], out: Path, seed: int) -> Agreement:
    """Run `command`, a training without --out, twice under `out`. Raises InterruptError."""
    whole, broken = out / "whole", out / "killed"
    if any(folder.exists() for folder in (whole, broken)):
        raise InterruptError(f"{out} holds a training already; name another folder.")
    began = time.monotonic()
    _finish([*command, "--out", str(whole)])
    lasted = time.monotonic() - began
    after = _kill([*command, "--out", str(broken)], broken, random.Random(seed).random(), lasted)
    checkpoint = last_checkpoint(broken)
    _finish([*command, "--out", str(broken), "--resume"])
    return Agreement(after, checkpoint.name if checkpoint else "", _difference(whole, broken), _metrics(whole, broken))


def _finish(command: Sequence[str]) -> None:
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
        raise InterruptError(f"This training failed: {' '.join(command)}")


def _kill(command: Sequence[str], folder: Path, share: float, lasted: float) -> float:
    """Kill at `share` of what follows the first checkpoint of a training that lasts so many seconds; returns when."""
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while last_checkpoint(folder) is None and process.poll() is None:
            time.sleep(POLL)
        time.sleep(share * max(0.0, lasted - (time.monotonic() - began)) * 0.9)  # the end is for saving
        if process.poll() is not None:
            raise InterruptError("The training ended before it was killed; take more --steps.")
        process.kill()
    return time.monotonic() - began


def _difference(one: Path, other: Path) -> float:
    found = 0.0
    for file in sorted((one / "model").glob("*.safetensors")):
        weights, others = load_file(file), load_file(other / "model" / file.name)
        for name, weight in weights.items():
            found = max(found, float((weight.to(torch.float64) - others[name].to(torch.float64)).abs().max()))
    return found


def _metrics(one: Path, other: Path) -> dict[str, tuple[float, float]]:
    left, right = (json.loads((folder / METRICS_FILE).read_text(encoding="utf-8")) for folder in (one, other))
    return {name: (left[name], right[name]) for name in left if name not in RUNTIME}


def main() -> None:
    """Interrupt by the command line; exits with 1 when the metrics differ."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.interrupt")
    arguments.add_argument("name", choices=TRAININGS)
    arguments.add_argument("--data", type=Path, nargs="+", action="extend", required=True, metavar="DIR")
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--steps", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=0, help="for the moment of the kill")
    parsed, further = arguments.parse_known_args()
    command = [sys.executable, "-m", f"finetune.{parsed.name}", "--data", *map(str, parsed.data)]
    command += ["--max-steps", str(parsed.steps), "--minutes", str(FOREVER), *further]
    try:
        found = interrupt(command, parsed.out, parsed.seed)
    except InterruptError as error:
        raise SystemExit(str(error)) from None
    print(f"killed after {found.killed_after:.0f} s, resumed from {found.checkpoint}")
    print(f"largest difference of a weight: {found.weights:.2e}")
    for name, (one, other) in found.metrics.items():
        print(f"{name}: {one:.6g} uninterrupted, {other:.6g} resumed")
    raise SystemExit(0 if found.same else 1)


if __name__ == "__main__":
    main()
