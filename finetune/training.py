"""What all trainings share: a thin Trainer with a clock, parameters by learning rate, and what is frozen."""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import Dataset
from transformers import (
    EarlyStoppingCallback,
    Trainer,
    TrainerState,
    TrainingArguments,
    set_seed,
)
from transformers.trainer import TRAINER_STATE_NAME

from beauty_vlm.models.processor import computes_bf16
from finetune.clock import Clock, JsonLog, drop_unfinished, last_checkpoint
from finetune.options import Options

METRICS_FILE = "metrics.json"
LOG_FILE = "log.jsonl"
PEFT_PREFIX = "base_model.model."


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

    A parameter takes the rate of the longest key of `rates` that its name starts with ("" fits all), but for what PEFT
    sets before it. Vectors and scalars (biases, norms, the logit scale) are not decayed.
    """
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            own = name.removeprefix(PEFT_PREFIX)
            prefix = max((key for key in rates if own.startswith(key)), key=len)
            groups.setdefault((rates[prefix], parameter.ndim > 1), []).append(parameter)
    return [
        {"params": members, "lr": rate, "weight_decay": decay if decayed else 0.0}
        for (rate, decayed), members in groups.items()
    ]


def freeze(modules: Iterable[nn.Module]) -> None:
    """Take modules out of training."""
    for module in modules:
        module.requires_grad_(False)


def _computes_bf16() -> bool:
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return computes_bf16()


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
        self.generator, self.numbers = torch.Generator(), np.random.default_rng()
        self.drawn = 0  # batches
        self.reseed()
        self.clock = Clock(
            chosen.minutes or float(recipe["minutes"]),
            chosen.max_steps or int(recipe["max_steps"]),
            int(recipe["evaluations"]),
            float(recipe.get("first_share", 0.0)),
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
            args=self._arguments(rows),
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

    def _arguments(self, rows: int) -> TrainingArguments:
        never = 10**9  # the clock asks for evaluations and checkpoints
        shares = int(os.environ.get("WORLD_SIZE", 1)) * max(1, torch.cuda.device_count())  # each takes a whole batch
        return TrainingArguments(
            output_dir=str(self.chosen.out),
            per_device_train_batch_size=min(int(self.recipe["batch"]), max(1, rows // shares)),  # small ones beat none
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
            restore_callback_states_from_checkpoint=True,  # a resumed training is as patient as the one before
            dataloader_drop_last=True,  # a small last batch would be a poor contrastive one
            dataloader_pin_memory=False,
            report_to=[],
            disable_tqdm=True,
            seed=int(self.recipe["seed"]),
        )

    def reseed(self) -> None:
        """Seed what draws texts and augmentation by recipe, process and number of the batch.

        So a resumed training draws what it would have drawn, and each process augments its share in its own way.
        """
        seeds = np.random.SeedSequence([int(self.recipe["seed"]), int(os.environ.get("RANK", 0)), self.drawn])
        self.generator.manual_seed(int(seeds.generate_state(1)[0]))
        self.numbers = np.random.default_rng(seeds)

    def _collate(self, rows: list[int]) -> dict[str, Any]:
        self.reseed()
        self.drawn += 1
        return self.batch(np.array(rows))

    def size_now(self) -> int:
        """The side of the training images: small ones first, which cost less (Tan and Le, EfficientNetV2, 2021).

        A batch is made while the one before is learned, so the first behind the switch is small still, also where a
        resumed training makes it anew.
        """
        grown = self.clock.grown
        return int(self.recipe["first_size" if grown is None or self.drawn <= grown + 1 else "size"])

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
        checkpoint = last_checkpoint(self.chosen.out) if self.chosen.resume else None
        if self.chosen.resume:
            drop_unfinished(self.chosen.out)
        if checkpoint:
            self.clock.resume(checkpoint)
            self.drawn = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE_NAME)).global_step
        self.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        if not self.state.global_step:
            raise SystemExit("Nothing was learned: there are fewer examples than processes that are to share them.")
        images = self.state.global_step * self.args.per_device_train_batch_size * self.args.world_size
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
