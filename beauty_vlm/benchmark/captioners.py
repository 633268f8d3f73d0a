"""One captioner as the app runs it against transformers' `generate` in fp32: time, memory, agreement, floor."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from beauty_vlm.benchmark.floors import caption_floor
from beauty_vlm.benchmark.memory import measure_alone
from beauty_vlm.benchmark.photos import as_image
from beauty_vlm.benchmark.timing import FULL, QUICK, Latency, Work, take_turns
from beauty_vlm.models import loading
from beauty_vlm.models.captioner import Captioner
from beauty_vlm.models.decoding import Hypothesis, Search, search
from beauty_vlm.models.loader import Settings
from beauty_vlm.models.source import locate
from beauty_vlm.report import Length

RANDOM_TOKENS = 30  # exactly so many are said by random weights, greedily, without a prompt
LENGTH: Length = "normal"
WEIGHTS = "*.safetensors"
MB = 2**20


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured."""

    batches: tuple[int, ...]
    photos: int  # whose captions are compared, at most
    quick: bool
    compare_s: float  # after so many seconds no further photo is compared


ON_CUDA = (64,)  # a batch that a GPU takes beside those
FULL_SCALE, QUICK_SCALE = Scale((8, 32), 250, False, 600.0), Scale((2,), 16, True, 3.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two ways to caption: transformers' model in fp32, and ours; and what both are asked for."""

    plain: Any
    ours: Captioner
    prompt: torch.Tensor
    how: Search

    def generate(self, pixels: torch.Tensor) -> list[tuple[int, ...]]:
        """The new tokens of each photo (B, 3, H, W) by transformers, [SEP] and what follows left out."""
        text = self.plain.config.text_config
        ids = torch.cat([self.prompt, torch.tensor([text.sep_token_id])]).expand(
            len(pixels), -1
        )  # which drops the last
        with torch.inference_mode():
            rows = self.plain.generate(
                pixel_values=pixels.to(self.plain.device, self.plain.dtype),
                input_ids=ids.clone().to(self.plain.device),
                min_new_tokens=self.how.min_new_tokens,
                max_new_tokens=self.how.max_new_tokens,
                num_beams=self.how.beams,
                repetition_penalty=self.how.repetition_penalty,
                do_sample=False,
            )
        said = [row[len(self.prompt) :] for row in rows.tolist()]
        return [tuple(row[: row.index(text.sep_token_id)] if text.sep_token_id in row else row) for row in said]

    def search(self, pixels: torch.Tensor) -> list[list[Hypothesis]]:
        """The captions of each photo by our network."""
        return search(self.ours.network, pixels, self.prompt, self.how)


def measure_captioner(
    settings: Settings, photos: Sequence[bytes], scale: Scale, ceilings: Mapping[str, float], random: bool
) -> dict[str, Any]:
    """Everything measured of one captioner. Raises ModelUnavailable.

    Latency is from the photo's pixels to the caption's tokens, batch 1. `random` weights say exactly RANDOM_TOKENS.
    """
    parts = loading.captioner_parts(settings)
    mode, reason = parts.precision.mode, parts.precision.reason
    ours = parts.captioner()
    del parts  # what our network does not share of it need not stay
    plain = loading.captioner_parts(replace(settings, quantize="none")).model
    prompt, how = ours.prompt(LENGTH), ours.plan(LENGTH)
    if random:
        how = Search(RANDOM_TOKENS, RANDOM_TOKENS, beams=1)
    pair = Pair(plain, ours, prompt, how)
    pixels = torch.stack([ours.pixels(as_image(data)) for data in photos[: scale.photos]])
    latency, steps = _latency(pair, pixels[:1], QUICK.seconds if scale.quick else FULL.seconds)
    floor = caption_floor(plain.config, mode, ceilings, len(prompt), steps, how.beams)
    cuda = plain.device.type == "cuda"
    half = replace(pair, plain=copy.deepcopy(plain).half()) if cuda else None
    sizes = (*scale.batches, *(ON_CUDA if cuda and not scale.quick else ()))
    batches = {count: throughput(pair, pixels, count, scale, half) for count in sizes}
    del half
    plain_alone = measure_alone("plain", replace(settings, quantize="none"))
    return {
        "precision": mode,
        "reason": reason,
        "parameters_m": round(plain.num_parameters() / 1e6, 1),
        "beams": how.beams,
        "tokens": steps,
        "latency": {name: asdict(found) for name, found in latency.items()},
        "speedup_vs_plain": round(latency["plain"].p50_ms / latency["ours"].p50_ms, 2),
        "floor_ms": round(floor * 1000, 2),
        "ratio_to_floor": round(latency["ours"].p50_ms / (floor * 1000), 2),
        "photos_per_second": batches,
        "alone": {"plain": plain_alone, "ours": measure_alone("ours", settings)},
        "on_disk_mb": size_on_disk(settings),
        "agreement": agreement(pair, pixels, scale.compare_s),
    }


def size_on_disk(settings: Settings) -> float:
    """MB of the captioner's weights and its adapter's."""
    places = [locate("captioner", settings.captioner)]
    if settings.adapter_name:
        places.append(locate("adapter", settings.adapter_name))
    folders = [Path(place.place) for place in places if Path(place.place).is_dir()]
    return round(sum(file.stat().st_size for folder in folders for file in folder.glob(WEIGHTS)) / MB, 1)


def _latency(pair: Pair, pixels: torch.Tensor, seconds: float) -> tuple[dict[str, Latency], int]:
    """Both latencies with one photo, and that of our vision tower alone; and the steps the decoder takes."""
    network = pair.ours.network
    seen = pixels.to(network.device, network.dtype)

    def look() -> None:
        with torch.inference_mode():
            network.vision(seen)

    works = {"plain": lambda: pair.generate(pixels), "ours": lambda: pair.search(pixels), "ours, vision": look}
    effort = replace(QUICK if seconds <= QUICK.seconds else FULL, seconds=seconds)
    latency = take_turns(works, effort)
    longest = max(len(hypothesis.tokens) for hypothesis in pair.search(pixels)[0])
    return latency, min(longest + 1, pair.how.max_new_tokens)


def throughput(
    pair: Pair, pixels: torch.Tensor, count: int, scale: Scale, half: Pair | None = None
) -> dict[str, float]:
    """Photos a second of both in batches of `count`, and of plain in fp16 where it is given; a quick run measures each
    once.
    """
    batch = pixels.repeat(-(-count // len(pixels)), 1, 1, 1)[:count]
    effort = replace(QUICK if scale.quick else FULL, repeats=1 if scale.quick else 3)
    works: dict[str, Work] = {"plain": lambda: pair.generate(batch), "ours": lambda: pair.search(batch)}
    if half is not None:
        works["plain fp16"] = lambda: half.generate(batch)
    found = take_turns(works, effort, warm_up=False)
    return {name: round(count / latency.least_ms * 1000, 2) for name, latency in found.items()}


def agreement(pair: Pair, pixels: torch.Tensor, seconds: float) -> dict[str, float]:
    """Over these photos, as many as are compared in so many seconds: the share whose caption is the same, and the
    relative error of the logits along plain's captions, the square root of mean squares, after each row's mean is taken
    off (softmax does not see it).
    """
    photos, same, wrong, all_ = 0, 0, 0.0, 0.0
    begin = time.perf_counter()
    for one in pixels.split(1):
        if photos and time.perf_counter() - begin > seconds:
            break
        photos += 1
        said = pair.generate(one)[0]
        same += pair.search(one)[0][0].tokens == said
        tokens = torch.tensor([[*pair.prompt.tolist(), *said]])
        with torch.inference_mode():
            device = pair.plain.device
            right = pair.plain(pixel_values=one.to(device), input_ids=tokens.to(device)).logits
            found = pair.ours.network(one, tokens.to(pair.ours.network.device))
        right, found = (logits - logits.mean(dim=-1, keepdim=True) for logits in (right, found))
        wrong, all_ = wrong + float((found - right).square().sum()), all_ + float(right.square().sum())
    return {"photos": photos, "same_captions": round(same / photos, 4), "logits_error": (wrong / all_) ** 0.5}
