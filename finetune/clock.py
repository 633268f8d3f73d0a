"""The clock of a training: it plans evaluations and the end by spent time or steps, and keeps the log."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

from accelerate.utils import broadcast_object_list
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

CLOCK_FILE = "clock.json"


class Clock(TrainerCallback):
    """Progress through the budget, 0..1: the larger of the spent shares of the time and of the steps.

    It plans the learning rate, asks for `evaluations` evaluations with a checkpoint each, and stops the
    training. Spent time is saved in each checkpoint, so that a resumed training has what was left. Of several
    processes the first one's watch counts, or they would part ways. `grown` is the step at whose end `first_share` of
    the budget was spent, None before; it is saved as well.
    """

    def __init__(self, minutes: float, max_steps: int, evaluations: int, first_share: float = 0.0) -> None:
        self.seconds, self.max_steps, self.evaluations = minutes * 60, max_steps, evaluations
        self.first_share = first_share
        self.grown: int | None = None if first_share else 0
        self.spent = 0.0
        self.step = 0
        self.elapsed = 0.0  # seconds up to the last step, with those before the checkpoint it resumed from
        self._since = 0.0
        self._evaluated = 0

    def progress(self) -> float:
        """The spent share of the budget."""
        return min(1.0, max(self.elapsed / self.seconds, self.step / self.max_steps))

    def resume(self, checkpoint: Path) -> None:
        """Take over the time that led to `checkpoint`."""
        saved = json.loads((checkpoint / CLOCK_FILE).read_text())
        self.spent = self.elapsed = float(saved["seconds"])
        self.grown = saved.get("grown", self.grown)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Start counting."""
        self._since, self.step = time.monotonic(), state.global_step
        self._evaluated = int(self.progress() * self.evaluations)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> TrainerControl:
        """Evaluate and save when the next share of the budget is spent; stop when all is."""
        self.step = state.global_step
        (self.elapsed,) = broadcast_object_list([self.spent + time.monotonic() - self._since])
        if self.grown is None and self.progress() >= self.first_share:
            self.grown = self.step
        due = int(self.progress() * self.evaluations)
        if due > self._evaluated:
            self._evaluated = due
            control.should_evaluate = control.should_save = True
        if self.progress() >= 1:
            control.should_training_stop = True
        return control

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Write the spent time beside the checkpoint."""
        if not state.is_world_process_zero:
            return
        folder = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
        (folder / CLOCK_FILE).write_text(json.dumps({"seconds": self.elapsed, "grown": self.grown}))


class JsonLog(TrainerCallback):
    """Every logged record as a line of JSON."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self.file, self.clock = file, clock

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Append the newest record, with the seconds spent."""
        if not state.is_world_process_zero:
            return
        record = {**state.log_history[-1], "seconds": round(self.clock.elapsed, 1)}
        with self.file.open("a") as stream:
            stream.write(json.dumps(record) + "\n")


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint in `folder` that was written to its end (its clock comes last), if there is one."""
    written = [file.parent for file in folder.glob(f"checkpoint-*/{CLOCK_FILE}")]
    return max(written, key=lambda one: int(one.name.removeprefix("checkpoint-")), default=None)


def drop_unfinished(folder: Path) -> None:
    """Remove checkpoints in `folder` that a kill left half-written.

    The trainer keeps the newest few by number and would count them: it could remove a whole one in their stead.
    """
    for checkpoint in folder.glob("checkpoint-*"):
        if not (checkpoint / CLOCK_FILE).exists():
            shutil.rmtree(checkpoint, ignore_errors=True)  # of several processes each tries
