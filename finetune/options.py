"""The command line that all trainings share."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from finetune.clock import last_checkpoint
from finetune.recipe import RECIPES

SHARDS = "folder of Parquet shards from data.render"
Number = TypeVar("Number", int, float)

# What a folder of each kind of model says of itself, in which of its files.
KINDS = {
    "captioner": ("config.json", "model_type", "blip"),
    "tagger": ("config.json", "model_type", "vision-text-dual-encoder"),
    "segmenter": ("config.json", "model_type", "beauty_segmenter"),
    "lora": ("adapter_config.json", "peft_type", "LORA"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of a training."""

    data: tuple[Path, ...]
    out: Path
    recipe: Path
    minutes: float | None
    max_steps: int | None
    resume: bool
    start: Path | None = None  # folder of a trained model to go on from, with a new schedule


def parser(name: str, data: str = SHARDS) -> argparse.ArgumentParser:
    """The command line that all trainings share; `data` says what --data takes."""
    arguments = argparse.ArgumentParser(prog=f"python -m finetune.{name}")
    arguments.add_argument(
        "--data",
        type=Path,
        nargs="+",
        action="extend",
        required=True,
        metavar="DIR",
        help=f"{data}; several may be given",
    )
    arguments.add_argument("--out", type=Path, required=True, help="folder for checkpoints, logs and the model")
    arguments.add_argument("--recipe", type=Path, default=RECIPES / f"{name}.yaml")
    arguments.add_argument("--minutes", type=positive(float), help="time budget; the recipe's when not given")
    arguments.add_argument("--max-steps", type=positive(int), help="stop after so many steps, whatever the time")
    arguments.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    arguments.set_defaults(kind=name)
    words = f"a trained {name}'s folder, to go on from with a new schedule"
    arguments.add_argument("--start", type=Path, metavar="DIR", help=words)
    return arguments


def positive(kind: Callable[[str], Number]) -> Callable[[str], Number]:
    """Reads a number above zero from the command line."""

    def read(text: str) -> Number:
        number = kind(text)
        if not number > 0:
            raise argparse.ArgumentTypeError(f"{text} is not above zero")
        return number

    read.__name__ = kind.__name__  # argparse names it where the text is no number
    return read


def check_kind(folder: Path, kind: str) -> None:
    """Raises SystemExit where a folder holds no trained model of a kind of KINDS."""
    file, key, wanted = KINDS[kind]
    try:
        said = json.loads((folder / file).read_text(encoding="utf-8")).get(key)
    except (OSError, ValueError, AttributeError):
        raise SystemExit(f"{folder} holds no trained {kind}: {file} is missing or unreadable.") from None
    if said != wanted:
        raise SystemExit(f"{folder} holds no trained {kind}: its {file} says {key} {said!r}, not {wanted!r}.")


def add_untrained(arguments: argparse.ArgumentParser) -> None:
    """Take --data, of which the held-out part is meant, and --unseen: renders that no training learned from."""
    for name, text in (("--data", "of which the held-out part is taken"), ("--unseen", "that no training saw, whole")):
        arguments.add_argument(
            name, type=Path, nargs="+", action="extend", default=[], metavar="DIR", help=f"folders of shards, {text}"
        )


def options(arguments: argparse.Namespace) -> Options:
    """The shared options of a parsed command line. Raises SystemExit where --start holds no model, or --out another
    training.
    """
    start = arguments.start
    if start:
        check_kind(start, arguments.kind)
    out: Path = arguments.out
    if not arguments.resume and last_checkpoint(out):  # two trainings' checkpoints would be taken for one's
        raise SystemExit(f"{out} holds an earlier training: go on with it by --resume, or name another --out.")
    try:
        out.mkdir(parents=True, exist_ok=True)  # what cannot be written is better known now than after loading
    except OSError as error:
        raise SystemExit(f"{out} cannot be written to: {error.strerror}.") from None
    return Options(
        tuple(arguments.data),
        arguments.out,
        arguments.recipe,
        arguments.minutes,
        arguments.max_steps,
        arguments.resume,
        start,
    )
