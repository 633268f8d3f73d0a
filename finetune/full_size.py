"""The LoRA recipe on the geometry of Salesforce/blip-image-captioning-base with random weights, end to end.

    python -m finetune.full_size --data DIR --out DIR [--steps N]

For machines without the hub: trains a few steps, saves, loads the adapter through the app's own loader, merges it, and
captions a render. Prints what came out as JSON. The captions mean nothing; that the path works is what is shown.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import BlipForConditionalGeneration

from beauty_vlm.benchmark.geometry import write_random
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.source import locate
from data.shards import DataMissing
from finetune.dataset import Renders, load
from finetune.lora import LoraTrainer
from finetune.options import Options, positive
from finetune.recipe import RECIPES, read_recipe

PROFILE = "blip-base"
BATCH = 2  # a step then takes seconds and fits into 6 GB
SEEN = 4  # renders of each part: the evaluation at the end is no more than a passage


def main() -> None:
    """Run it by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.full_size")
    arguments.add_argument("--data", type=Path, required=True, help="folder of Parquet shards from data.render")
    arguments.add_argument("--out", type=Path, required=True, help="folder for base, adapter and checkpoints")
    arguments.add_argument("--steps", type=positive(int), default=3)
    parsed = arguments.parse_args()
    try:
        print(json.dumps(run(parsed.data, parsed.out, parsed.steps), indent=2))
    except (DataMissing, ModelUnavailable) as error:
        raise SystemExit(str(error)) from None


def run(data: Path, out: Path, steps: int) -> dict[str, Any]:
    """Parameters, seconds a step, how far merging moves the logits (largest difference), and whether captions differ.
    Raises DataMissing and ModelUnavailable.
    """
    base = write_random(PROFILE, out / "base")
    parts = load((data,), "train").first(SEEN), load((data,), "validation").first(SEEN)
    recipe = read_recipe(RECIPES / "lora.yaml") | {"batch": BATCH, "generated": BATCH, "evaluations": 1}
    chosen = Options((data,), out / "lora", RECIPES / "lora.yaml", None, steps, resume=False)
    trainer = LoraTrainer(locate("captioner", str(base)), recipe, chosen, parts)
    began = time.perf_counter()
    trainer.finish()
    seconds = (time.perf_counter() - began) / steps
    adapter = out / "lora" / "model"
    settings = Settings(captioner=str(base), adapter=str(adapter), device="cpu", quantize="none")
    image = Image.fromarray(parts[1].images[0])
    return {
        "parameters": BlipForConditionalGeneration.from_pretrained(base).num_parameters(),
        "steps": steps,
        "seconds_a_step_with_evaluation": round(seconds, 1),
        "adapter_bytes": sum(file.stat().st_size for file in adapter.glob("*.safetensors")),
        "merge_error": merge_error(base, adapter, parts[1]),
        "captions_differ_from_the_base": Loader(settings).captioner().caption(image)
        != Loader(replace(settings, adapter="none")).captioner().caption(image),
    }


@torch.no_grad()
def merge_error(base: Path, adapter: Path, renders: Renders) -> float:
    """The largest difference of logits between an adapter kept beside the base and one merged into it."""
    from peft import PeftModel

    model = PeftModel.from_pretrained(BlipForConditionalGeneration.from_pretrained(base), adapter).eval()
    side = model.config.vision_config.image_size
    picture = torch.from_numpy(renders.images[:1]).permute(0, 3, 1, 2).float() / 255
    inputs = {
        "pixel_values": torch.nn.functional.interpolate(picture, size=(side, side)),
        "input_ids": torch.tensor([[model.config.text_config.bos_token_id, 7, 8, 9]]),
    }
    kept = model(**inputs).logits
    merged = model.merge_and_unload()(**inputs).logits
    return float((kept - merged).abs().max())


if __name__ == "__main__":
    main()
