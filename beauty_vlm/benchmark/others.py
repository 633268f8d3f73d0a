"""What surrounds the captioner: a tagger by itself, the whole report of a photo, and the app's start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from beauty_vlm.analysis import CANDIDATES, Analyzer
from beauty_vlm.benchmark.floors import caption_floor, module_floor
from beauty_vlm.benchmark.photos import as_image
from beauty_vlm.benchmark.timing import FULL, QUICK, Latency, take_turns
from beauty_vlm.measurement.regions import product_box
from beauty_vlm.models.canvas import canvas_size
from beauty_vlm.models.decoding import search
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.tagger import Tagger

ROOT = Path(__file__).parents[2]
LONGEST_START_S = 120.0
POLL_S = 0.05
FLOOR_PHOTOS = 8  # photos whose floors are computed: captions differ in length


def measure_tagger(settings: Settings, photo: bytes, quick: bool, ceilings: Mapping[str, float]) -> dict[str, Any]:
    """A tagger's image tower as the app runs it (fp32): latency of one photo and photos a second of eight.

    Raises ModelUnavailable.
    """
    begin = time.perf_counter()
    tagger = Loader(settings).tagger()
    load = time.perf_counter() - begin
    image = as_image(photo)
    effort = QUICK if quick else FULL
    latency = take_turns({"embed": lambda: tagger.embed(image)}, effort)["embed"]
    floor = _tagger_floor(tagger, ceilings)
    return {
        "load_s": round(load, 2),
        "latency": {"ours": asdict(latency)},
        "floor_ms": round(floor * 1000, 2),
        "ratio_to_floor": round(latency.p50_ms / (floor * 1000), 2),
    }


def measure_report(
    settings: Settings, photos: Sequence[bytes], quick: bool, ceilings: Mapping[str, float]
) -> dict[str, Any]:
    """Photo's bytes to full report over several photos: latency, each step's median, and the three networks' floor.

    Raises ModelUnavailable and, for photos that cannot be used, IntakeError.
    """
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
    return caption + mask + _tagger_floor(loader.tagger(), ceilings, views)


def _tagger_floor(tagger: Tagger, ceilings: Mapping[str, float], views: int = 1) -> float:
    size = canvas_size(tagger._image_processor)
    seen = torch.zeros(views, 3, size, size, device=tagger._model.device)
    tower: nn.Module = tagger._model.vision_model
    return module_floor(tower, {"pixel_values": seen}, ceilings)


def measure_app(settings: Settings, photo: bytes) -> dict[str, float]:
    """Start `app.py` in a process of its own: seconds to its first page and to the first description, and the most
    memory (MB) it held; the client's own imports are not counted. Raises ModelUnavailable when it does not start.
    """
    from gradio_client import Client, handle_file

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chosen = [part for name, value in asdict(settings).items() for part in (f"--{name}", value)]
    command = [sys.executable, str(ROOT / "app.py"), "--host", "127.0.0.1", "--port", str(port), *chosen]
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        as_image(photo).save(path)
        begin = time.perf_counter()
        app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for_page(f"http://127.0.0.1:{port}/", app)
            page = time.perf_counter() - begin
            client = Client(f"http://127.0.0.1:{port}/", verbose=False)
            client.predict(handle_file(path), api_name="/describe")
            described = time.perf_counter() - begin
            return {
                "first_page_s": round(page, 2),
                "first_description_s": round(described, 2),
                "peak_mb": _peak(app.pid),
            }
        finally:
            app.terminate()
            with suppress(subprocess.TimeoutExpired):
                app.wait(timeout=10)


def _wait_for_page(url: str, app: subprocess.Popen[bytes]) -> None:
    begin = time.perf_counter()
    while time.perf_counter() - begin < LONGEST_START_S and app.poll() is None:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(POLL_S)
    raise ModelUnavailable("The app did not start: run python app.py to see why.")


def _peak(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024)
