"""Photo's bytes to full report, in a process of its own: threads that computed before, as those of the other measures,
would keep a processor from the one that computes for the app (`beauty_vlm.models.worker`).

`python -m beauty_vlm.benchmark.report ARGUMENTS-AS-JSON` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import torch

from beauty_vlm.analysis import CANDIDATES, Analyzer
from beauty_vlm.benchmark.floors import caption_floor, module_floor
from beauty_vlm.benchmark.memory import alone
from beauty_vlm.benchmark.others import tagger_floor
from beauty_vlm.benchmark.photos import as_image, read_photos
from beauty_vlm.benchmark.timing import FULL, QUICK, Latency
from beauty_vlm.measurement.regions import product_box
from beauty_vlm.models.canvas import canvas_size
from beauty_vlm.models.decoding import search
from beauty_vlm.models.loader import Loader, Settings

FLOOR_PHOTOS = 8  # photos whose floors are computed: captions differ in length


def measure_report(settings: Settings, photos: int, quick: bool, ceilings: Mapping[str, float]) -> dict[str, Any]:
    """Photo's bytes to full report over so many photos: latency, each step's median, and the three networks' floor.
    From a fresh process. Raises ModelUnavailable.
    """
    return alone(__name__, json.dumps([asdict(settings), photos, quick, dict(ceilings)]))


def _measured(
    settings: Settings, photos: Sequence[bytes], quick: bool, ceilings: Mapping[str, float]
) -> dict[str, Any]:
    loader = Loader(settings)
    analyzer = Analyzer(loader)
    begin = time.perf_counter()
    analyzer.analyze(photos[0])
    first = time.perf_counter() - begin
    seconds: list[float] = []
    steps: dict[str, list[float]] = {}
    effort, started = (QUICK if quick else FULL), time.perf_counter()
    for number, photo in enumerate(photos[: 4 * effort.repeats]):
        if number >= 3 and time.perf_counter() - started > effort.seconds:
            break
        begin = time.perf_counter()
        report = analyzer.analyze(photo).report
        seconds.append(time.perf_counter() - begin)
        for step, spent in (report.timings_ms or {}).items():
            steps.setdefault(step, []).append(spent)
    floor = float(np.median([_report_floor(loader, photo, ceilings) for photo in photos[:FLOOR_PHOTOS]]))
    latency = Latency.of(seconds)
    return {
        "first_s": round(first, 2),
        "latency": asdict(latency),
        "steps_p50_ms": {step: round(float(np.median(times)), 2) for step, times in steps.items()},
        "floor_ms": round(floor * 1000, 2),
        "ratio_to_floor": round(latency.p50_ms / (floor * 1000), 2),
    }


def _report_floor(loader: Loader, photo: bytes, ceilings: Mapping[str, float]) -> float:
    """The floors of the three networks for one photo. Decoding and measuring it count nothing."""
    captioner, image = loader.captioner(), as_image(photo)
    how, prompt = captioner.plan("normal", CANDIDATES), captioner.prompt("normal")
    found = search(captioner.network, captioner.pixels(image)[None], prompt, how)[0]
    tokens = min(max(len(hypothesis.tokens) for hypothesis in found) + 1, how.max_new_tokens)
    mode = loader.names()["quantize"]
    caption = caption_floor(captioner.network.config, mode, ceilings, len(prompt), tokens, how.beams)
    segmenter = loader.segmenter()
    size = canvas_size(segmenter._image_processor)
    seen = torch.zeros(1, 3, size, size, device=segmenter._model.device)
    mask = module_floor(segmenter._model, {"pixel_values": seen}, ceilings)
    views = 2 if product_box(segmenter.regions(image)) else 1  # the photo, and the product by itself
    return caption + segmenter.looks(image) * mask + tagger_floor(loader.tagger(), ceilings, views)


if __name__ == "__main__":
    _settings, _photos, _quick, _ceilings = json.loads(sys.argv[1])
    print(json.dumps(_measured(Settings(**_settings), read_photos(_photos)[0], _quick, _ceilings)))
