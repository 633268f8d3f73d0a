"""What all trainings share: the recipe, a clock that plans learning rate and evaluations, and a thin Trainer."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from accelerate.utils import broadcast_object_list
from torch import nn
from torch.utils.data import Dataset
from transformers import (
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
    set_seed,
)
from transformers.trainer_utils import get_last_checkpoint

from finetune.augmentation import Augmentation

RECIPES = Path(__file__).parent / "recipes"
CLOCK_FILE = "clock.json"
METRICS_FILE = "metrics.json"
LOG_FILE = "log.jsonl"


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of a training."""

    data: Path
    out: Path
    recipe: Path
    minutes: float | None
    max_steps: int | None
    resume: bool


def parser(name: str) -> argparse.ArgumentParser:
    """The command line that all trainings share."""
    arguments = argparse.ArgumentParser(prog=f"python -m finetune.{name}")
    arguments.add_argument("--data", type=Path, required=True, help="folder of Parquet shards from data.render")
    arguments.add_argument("--out", type=Path, required=True, help="folder for checkpoints, logs and the model")
    arguments.add_argument("--recipe", type=Path, default=RECIPES / f"{name}.yaml")
    arguments.add_argument("--minutes", type=float, help="time budget; the recipe's when not given")
    arguments.add_argument("--max-steps", type=int, help="stop after so many steps, whatever the time")
    arguments.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    return arguments


def options(arguments: argparse.Namespace) -> Options:
    """The shared options of a parsed command line."""
    return Options(
        arguments.data,
        arguments.out,
        arguments.recipe,
        arguments.minutes,
        arguments.max_steps,
        arguments.resume,
    )


def read_recipe(path: Path) -> dict[str, Any]:
    """The numbers of a training, by name."""
    recipe: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return recipe


def augmentation(recipe: Mapping[str, Any], name: str = "augmentation") -> Augmentation:
    """The recipe's ranges under `name`, where they differ from the defaults."""
    changes: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in (recipe.get(name) or {}).items()
    }
    return Augmentation(**changes)


class Clock(TrainerCallback):
    """Progress through the budget, 0..1: the larger of the spent shares of the time and of the steps.

    It plans the learning rate, asks for `evaluations` evaluations with a checkpoint each, and stops the
    training. Spent time is saved in each checkpoint, so that a resumed training has what was left. Of several
    processes the first one's watch counts, or they would part ways.
    """

    def __init__(self, minutes: float, max_steps: int, evaluations: int) -> None:
        self.seconds, self.max_steps, self.evaluations = minutes * 60, max_steps, evaluations
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
        self.spent = self.elapsed = float(json.loads((checkpoint / CLOCK_FILE).read_text())["seconds"])

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
        (folder / CLOCK_FILE).write_text(json.dumps({"seconds": self.elapsed}))


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


class Rows(Dataset):
    """The numbers 0..count-1: the trainer draws rows, the batch is made from them in `BudgetTrainer.batch`."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, row: int) -> int:
        return row


def warmup_cosine(progress: float, warmup: float, floor: float) -> float:
    """The factor on the learning rate: linear up to `warmup`, then a half cosine down to `floor`."""
    if progress < warmup:
        return max(progress, 1e-3) / warmup
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup)))


def parameter_groups(model: nn.Module, rates: Mapping[str, float], decay: float) -> list[dict[str, Any]]:
    """The trained parameters, grouped by rate and decay.

    A parameter takes the rate of the longest key of `rates` that its name starts with ("" fits all). Vectors
    and scalars (biases, norms, the logit scale) are not decayed.
    """
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            prefix = max((key for key in rates if name.startswith(key)), key=len)
            groups.setdefault((rates[prefix], parameter.ndim > 1), []).append(parameter)
    return [
        {"params": members, "lr": rate, "weight_decay": decay if decayed else 0.0}
        for (rate, decayed), members in groups.items()
    ]


def freeze(modules: Iterable[nn.Module]) -> None:
    """Take modules out of training."""
    for module in modules:
        module.requires_grad_(False)


class BudgetTrainer(Trainer):
    """A Trainer whose batches come from memory and whose budget is time. Subclasses give batch, loss and
    metrics.
    """

    model: Any  # transformers' annotation allows None and knows no model's own methods

    def __init__(
        self,
        model: nn.Module,
        recipe: Mapping[str, Any],
        chosen: Options,
        rows: int,
        rates: Mapping[str, float],
        best: str,
    ) -> None:
        """`rows` is the count of training rows, `best` the metric, to be maximised, that picks the
        checkpoint.
        """
        self.recipe, self.chosen, self.best = recipe, chosen, best
        set_seed(int(recipe["seed"]))
        # Squared gradients get so small that Adam's roots take ten times as long.
        torch.set_flush_denormal(True)
        self.generator = torch.Generator().manual_seed(int(recipe["seed"]))
        self.numbers = np.random.default_rng(int(recipe["seed"]))
        self.clock = Clock(
            chosen.minutes or float(recipe["minutes"]),
            chosen.max_steps or int(recipe["max_steps"]),
            int(recipe["evaluations"]),
        )
        chosen.out.mkdir(parents=True, exist_ok=True)
        optimizer = torch.optim.AdamW(
            parameter_groups(model, rates, float(recipe["weight_decay"])), betas=(0.9, float(recipe["beta2"]))
        )
        scheduler = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda _: warmup_cosine(self.clock.progress(), float(recipe["warmup"]), float(recipe["floor"])),
        )
        super().__init__(
            model=model,
            args=self._arguments(),
            train_dataset=Rows(rows),
            eval_dataset=Rows(0),
            data_collator=self._collate,
            optimizers=(optimizer, scheduler),
            callbacks=[
                self.clock,
                JsonLog(chosen.out / LOG_FILE, self.clock),
                EarlyStoppingCallback(early_stopping_patience=int(recipe["patience"])),
            ],
        )
        self.model_accepts_loss_kwargs = False  # our losses are means over the batch

    def _arguments(self) -> TrainingArguments:
        never = 10**9  # the clock asks for evaluations and checkpoints
        return TrainingArguments(
            output_dir=str(self.chosen.out),
            per_device_train_batch_size=int(self.recipe["batch"]),
            max_steps=self.clock.max_steps,
            bf16=bool(self.recipe["bf16"]) and _computes_bf16(),
            use_cpu=not torch.cuda.is_available(),
            max_grad_norm=float(self.recipe["clip"]),
            eval_strategy="steps",
            eval_steps=never,
            save_strategy="steps",
            save_steps=never,
            save_total_limit=2,
            load_best_model_at_end=True,
            metric_for_best_model=self.best,
            greater_is_better=True,
            logging_steps=int(self.recipe["log_every"]),
            remove_unused_columns=False,
            ignore_data_skip=True,  # a resumed training shuffles anew; replaying batches would cost time
            dataloader_drop_last=True,  # a small last batch would be a poor contrastive one
            dataloader_pin_memory=False,
            report_to=[],
            disable_tqdm=True,
            seed=int(self.recipe["seed"]),
        )

    def _collate(self, rows: list[int]) -> dict[str, Any]:
        return self.batch(np.array(rows))

    def compute_loss_context_manager(self) -> contextlib.ExitStack:
        """Autocast around the whole loss: the Trainer's reaches `model.forward` only, our losses call its parts."""
        stack = super().compute_loss_context_manager()
        stack.enter_context(torch.autocast(self.args.device.type, torch.bfloat16, enabled=self.args.bf16))
        return stack

    def placed(self, inputs: Any) -> Any:
        """Tensors, or containers of them, on the device that computes."""
        return self._prepare_input(inputs)

    def training_step(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        """The Trainer's, and the mean of the gradients over all processes.

        Our losses call parts of the model, so DistributedDataParallel, whose forward they pass by, does not do it.
        """
        loss = super().training_step(*args, **kwargs)
        if self.args.world_size > 1:
            for parameter in self.model.parameters():
                if parameter.requires_grad:
                    if parameter.grad is None:
                        parameter.grad = torch.zeros_like(parameter)
                    torch.distributed.all_reduce(parameter.grad)
                    parameter.grad.div_(self.args.world_size)
        return loss

    def batch(self, rows: np.ndarray) -> dict[str, Any]:
        """The inputs of `compute_loss` for these training rows."""
        raise NotImplementedError

    def metrics(self) -> dict[str, float]:
        """The metrics of the validation part, by name, without gradients and in evaluation mode."""
        raise NotImplementedError

    def evaluate(self, *_: Any, metric_key_prefix: str = "eval", **__: Any) -> dict[str, float]:
        """Replaces the Trainer's pass over batches by `metrics`; logs and tells the callbacks as it does."""
        self.model.eval()
        started = time.monotonic()
        with torch.no_grad(), self.compute_loss_context_manager():
            found = {f"{metric_key_prefix}_{name}": value for name, value in self.metrics().items()}
        found[f"{metric_key_prefix}_runtime"] = time.monotonic() - started
        self.log(found)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, found)
        return found

    def run(self) -> dict[str, float]:
        """Train, resuming if asked to; returns the best checkpoint's metrics and writes them to metrics.json."""
        checkpoint = get_last_checkpoint(str(self.chosen.out)) if self.chosen.resume else None
        if checkpoint:
            self.clock.resume(Path(checkpoint))
        if self.args.process_index:  # each process augments its share of the rows in its own way
            seed = int(self.recipe["seed"]) + self.args.process_index
            self.generator, self.numbers = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
        self.train(resume_from_checkpoint=checkpoint)
        images = self.state.global_step * int(self.recipe["batch"]) * self.args.world_size
        found = {
            **self.evaluate(),
            "steps": self.state.global_step,
            "minutes": round(self.clock.elapsed / 60, 2),
            "images_per_second": round(images / max(self.clock.elapsed, 1e-9), 1),
        }
        if self.is_world_process_zero():
            (self.chosen.out / METRICS_FILE).write_text(json.dumps(found, indent=2) + "\n")
        return found

    def save(self, folder: Path) -> None:
        """Write the model folder that `beauty_vlm.models.loader` reads."""
        raise NotImplementedError

    def finish(self) -> None:
        """Train, print the metrics and save the model in OUT/model, in the first of several processes."""
        found = self.run()
        if self.is_world_process_zero():
            print(json.dumps(found, indent=2))
            self.save(self.chosen.out / "model")


def _computes_bf16() -> bool:
    """Whether the device has instructions for bfloat16; without them it is slower than float32."""
    return torch.cuda.is_bf16_supported() if torch.cuda.is_available() else torch.cpu._is_avx512_bf16_supported()
