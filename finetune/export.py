"""Put a trained model among the embedded ones: fp16 safetensors in small shards, its curves, and a model card.

    python -m finetune.export NAME TRAINED --data-command "python -m data.render ..." [--data DIR] [--earlier DIR]

NAME is captioner, captioner-lora, tagger or segmenter; TRAINED the --out folder of its training, --earlier those of the
trainings that it went on from. With --data, the model's worst held-out renders are drawn for the card. The figures of
evaluations, which need the exported model, come after: `python -m finetune.figures`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, BlipForConditionalGeneration, VisionTextDualEncoderModel

from beauty_vlm.models.loader import ModelUnavailable
from beauty_vlm.models.loading import write_class_embeddings
from beauty_vlm.models.segmentation_network import BeautySegmenter
from beauty_vlm.models.source import EMBEDDED
from beauty_vlm.vocabulary import product_types, shade_terms
from data.shards import DataMissing
from finetune import card, curves, failures, overlap
from finetune.dataset import Renders, load
from finetune.training import METRICS_FILE
from finetune.zero_shot import heads

SHARD = "9MB"  # hosts of code refuse or warn about files of 10 MB and more
TEXT_BATCH = 64
LEAST_RIDGE = 1e-9  # of the mean variance: lets the system be solved
LARGEST_FILE = 10_000_000  # bytes
LEFT_BEHIND = ("*.safetensors", "*.safetensors.index.json", "README.md")  # written anew
LOADERS: dict[str, Any] = {  # None: an adapter, whose file is converted as it is
    "captioner": BlipForConditionalGeneration,
    "captioner-lora": None,
    "tagger": VisionTextDualEncoderModel,
    "segmenter": BeautySegmenter,
}


class ExportError(Exception):
    """The trained folder is incomplete, or a tensor is larger than a shard may be."""


def export(
    name: str,
    trained: Path,
    data_command: str,
    to: Path,
    renders: Renders | None = None,
    earlier: Sequence[Path] = (),
    remark: str = "",
    hardware: str | None = None,
) -> Path:
    """Write `to`/`name` anew and return it.

    With `renders`, its failures among them are drawn and the segmenter's overlaps are measured on them. `earlier` are
    the trainings that it went on from, `remark` what the card is to say of them; `hardware` is this machine where not
    given. Raises ExportError, CurvesError and ModelUnavailable.
    """
    loader, model, runs = LOADERS[name], trained / "model", (*earlier, trained)
    for run in runs:
        if not (run / METRICS_FILE).is_file():
            raise ExportError(f"{run} holds no finished training: {METRICS_FILE} is missing.")
    if not model.is_dir():
        raise ExportError(f"{trained} holds no finished training: model/ is missing.")
    curves.read(runs)  # before anything is removed
    to.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=to, prefix=f".{name}-") as scratch:  # the old one stays until the new one is whole
        made = Path(scratch) / name
        try:
            _convert(loader, model, made)
        except (OSError, ValueError, RuntimeError, AttributeError, KeyError) as error:
            raise ExportError(f"{model} is no trained {name}: {error}") from error
        if large := [path.name for path in made.iterdir() if path.stat().st_size > LARGEST_FILE]:
            raise ExportError(f"{', '.join(large)} is larger than {LARGEST_FILE} bytes: one tensor is too large.")
        metrics = tuple(json.loads((run / METRICS_FILE).read_text()) for run in runs)
        training = card.Training(data_command, hardware or this_machine(), metrics, remark)
        if name == "captioner-lora" and (to / "captioner").is_dir():  # its failures are drawn over its base
            shutil.copytree(to / "captioner", made.parent / "captioner")
        write_card(name, made, runs, training, renders)
        folder = to / name
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    return folder


def _convert(loader: Any, model: Path, folder: Path) -> None:
    """Write what is embedded of the trained model in `model` into `folder`, which must not be there."""
    shutil.copytree(model, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    if loader is None:
        save_half_adapter(model, folder)
        return
    loaded = loader.from_pretrained(model, dtype=torch.float32)
    check_finite(loaded.state_dict())
    if isinstance(loaded, VisionTextDualEncoderModel):
        halve_towers(loaded, AutoTokenizer.from_pretrained(model))
    else:
        loaded.half()
    loaded.save_pretrained(folder, max_shard_size=SHARD)
    if isinstance(loaded, VisionTextDualEncoderModel):
        write_class_embeddings(folder)


def write_card(name: str, folder: Path, runs: Sequence[Path], training: card.Training, renders: Renders | None) -> None:
    """Write the card of an exported model and its pictures beside its weights; no figures of evaluations yet."""
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    drawn = curves.draw(runs, folder / curves.CURVES_FILE)
    failed = "Not drawn: the model was exported without `--data`."
    if renders is not None:
        path = failures.write(failures.of(name, folder, renders), folder)
        failed = f"{failures.TOLD[name]}\n\n![Renders on which it fails]({path.name})"
    text = card.text(name, training, size, drawn.name, failed)
    if renders is not None and name == "segmenter":
        text = card.filled(text, "own", overlap.to_markdown(overlap.measure(folder, renders)))
    (folder / card.CARD_FILE).write_text(text, encoding="utf-8")


def this_machine() -> str:
    """What computes here, in words."""
    if torch.cuda.is_available():
        return f"one {torch.cuda.get_device_name()}"
    return f"{os.cpu_count()} cores ({platform.machine()}), no GPU"


@torch.no_grad()
def halve_towers(model: VisionTextDualEncoderModel, tokenizer: Any) -> None:
    """Round a tagger to fp16 in place, but for its projections, and solve that of the texts anew.

    It takes out what all texts share, which is large against what tells them apart: what rounding does to the tower's
    outputs is small against the first and not against the second. The new projection (least squares in float64) gives
    the vocabulary's texts the embeddings that they had.
    """
    texts = _vocabulary_texts()
    before = _pooled(model, tokenizer, texts)
    wanted = before @ model.text_projection.weight.double().T
    for part in (model.vision_model, model.text_model):
        part.half().float()
    after = _pooled(model, tokenizer, texts)
    spread = after.T @ after
    ridge = LEAST_RIDGE * spread.diagonal().mean() * torch.eye(len(spread), dtype=spread.dtype)
    model.text_projection.weight.copy_(torch.linalg.solve(spread + ridge, after.T @ wanted).T)
    for part in (model.vision_model, model.text_model):
        part.half()


def _pooled(model: VisionTextDualEncoderModel, tokenizer: Any, texts: Sequence[str]) -> torch.Tensor:
    """What the text tower makes of texts before its projection (T, E), float64."""
    found = []
    for start in range(0, len(texts), TEXT_BATCH):
        batch = list(texts[start : start + TEXT_BATCH])
        tokens = tokenizer(batch, padding=True, truncation=True, return_tensors="pt")
        output = model.text_model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"])
        found.append(output.pooler_output.double())
    return torch.cat(found)


def _vocabulary_texts() -> list[str]:
    """All prompts of the tagger's questions, and every type in every shade."""
    texts = [text for classes in heads().values() for prompts in classes.texts for text in prompts]
    return texts + [f"a {term.label} in {shade.name}" for term in product_types() for shade in shade_terms()]


def save_half_adapter(model: Path, folder: Path) -> None:
    """The adapter's tensors in fp16 under their own names, and its base's place beside it."""
    tensors = load_file(model / "adapter_model.safetensors")
    check_finite(tensors)
    halves = {name: tensor.half().contiguous() for name, tensor in tensors.items()}
    save_file(halves, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "../captioner"  # where the base lies, not where it was trained
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


def check_finite(tensors: dict[str, torch.Tensor]) -> None:
    """Raises ExportError when a number cannot be written as fp16 (65504 is its largest)."""
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not tensor.half().isfinite().all():
            raise ExportError(f"{name} holds numbers that fp16 cannot.")


def main() -> None:
    """Export by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.export")
    arguments.add_argument("name", choices=sorted(LOADERS))
    arguments.add_argument("trained", type=Path, help="the --out folder of the training")
    arguments.add_argument("--data-command", required=True, help="what rendered the data, for the card")
    arguments.add_argument("--data", type=Path, nargs="+", action="extend", metavar="DIR", help="renders to fail on")
    arguments.add_argument(
        "--earlier", type=Path, nargs="+", action="extend", default=[], metavar="DIR", help="stages before, in order"
    )
    arguments.add_argument("--remark", default="", help="what the card is to say of the training besides")
    arguments.add_argument("--hardware", help="what it was trained on, in words; this machine when not given")
    arguments.add_argument("--to", type=Path, default=EMBEDDED)
    parsed = arguments.parse_args()
    try:
        renders = load(parsed.data, "validation") if parsed.data else None
        folder = export(
            parsed.name, parsed.trained, parsed.data_command, parsed.to,
            renders, parsed.earlier, parsed.remark, parsed.hardware,
        )  # fmt: skip
    except (ExportError, curves.CurvesError, DataMissing, ModelUnavailable, ImportError) as error:
        raise SystemExit(str(error)) from None
    print(f"{folder}: {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
