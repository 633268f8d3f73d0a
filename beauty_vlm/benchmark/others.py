"""What surrounds the captioner: a tagger by itself, and the app's start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from beauty_vlm.benchmark.floors import module_floor
from beauty_vlm.benchmark.photos import as_image
from beauty_vlm.benchmark.timing import FULL, QUICK, take_turns
from beauty_vlm.models import loading
from beauty_vlm.models.canvas import as_pixels, canvas_size
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.picture import square
from beauty_vlm.models.tagger import Tagger

ROOT = Path(__file__).parents[2]
LONGEST_START_S = 120.0
POLL_S = 0.05


def measure_tagger(settings: Settings, photo: bytes, quick: bool, ceilings: Mapping[str, float]) -> dict[str, Any]:
    """A tagger's image tower as the app runs it (fp32) against transformers': one photo's embedding, from its pixels on
    the same square, and how far the two lie apart, as one less their cosine. Raises ModelUnavailable.
    """
    begin = time.perf_counter()
    tagger = Loader(settings).tagger()
    load = time.perf_counter() - begin
    begin = time.perf_counter()
    model, processor = loading.plain_tagger(settings)
    plain_load = time.perf_counter() - begin
    image = as_image(photo)

    def plain() -> torch.Tensor:
        pixels = as_pixels([square(image, canvas_size(processor))[0]], processor).to(model.device)
        with torch.inference_mode():
            return functional.normalize(model.get_image_features(pixel_values=pixels).pooler_output[0], dim=0)

    latency = take_turns({"plain": plain, "ours": lambda: tagger.embed(image)}, QUICK if quick else FULL)
    floor = tagger_floor(tagger, ceilings)
    return {
        "parameters_m": round(model.num_parameters() / 1e6, 1),
        "plain_load_s": round(plain_load, 2),
        "load_s": round(load, 2),
        "latency": {name: asdict(found) for name, found in latency.items()},
        "speedup_vs_plain": round(latency["plain"].p50_ms / latency["ours"].p50_ms, 2),
        "floor_ms": round(floor * 1000, 2),
        "ratio_to_floor": round(latency["ours"].p50_ms / (floor * 1000), 2),
        "embedding_error": abs(1.0 - float(plain().cpu() @ tagger.embed(image).cpu())),
    }


def tagger_floor(tagger: Tagger, ceilings: Mapping[str, float], views: int = 1) -> float:
    """Seconds that its image tower takes at least for so many views."""
    size = canvas_size(tagger._image_processor)
    seen = torch.zeros(views, 3, size, size, device=tagger._model.device)
    tower: nn.Module = tagger._model.vision_model
    return module_floor(tower, {"pixel_values": seen}, ceilings)


def measure_app(settings: Settings, photo: bytes) -> dict[str, float | None]:
    """Start `app.py` in a process of its own: seconds to its first page and to the first description, and the most
    memory (MB) it held, None where the system does not tell; the client's own imports are not counted. Raises
    ModelUnavailable when it does not start.
    """
    from gradio_client import Client, handle_file

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chosen = [part for name, value in asdict(settings).items() for part in (f"--{name.replace('_', '-')}", value)]
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


def _peak(process: int) -> float | None:
    status = Path(f"/proc/{process}/status")
    if not status.exists():  # only Linux tells
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024)
