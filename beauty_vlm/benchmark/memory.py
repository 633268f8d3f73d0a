"""Peak memory and load time of one way to caption, each in a process of its own.

`python -m beauty_vlm.benchmark.memory plain|ours SETTINGS-AS-JSON` loads the captioner, captions one photo and prints
one JSON object. "plain" keeps transformers' model and calls `generate`, "ours" is what the app does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings

STATUS = Path("/proc/self/status")
ROOT = Path(__file__).parents[2]
# With the heap as the app and the shell keep it, from before the first import that begins a thread.
RUN = (
    "import runpy, sys; from beauty_vlm import heap; "
    "heap.keep(); del sys.argv[0]; runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
)


def measure_alone(way: str, settings: Settings) -> dict[str, float]:
    """{"peak_mb", "imports_mb", "load_s"} of "plain" or "ours", from a fresh process, on CUDA also "gpu_mb", the most
    that its tensors took there. Raises ModelUnavailable.
    """
    return alone(__name__, way, json.dumps(asdict(settings)))


def alone(module: str, *arguments: str) -> dict[str, Any]:
    """The JSON object that a module's main part prints last, given the arguments, in a fresh process. Raises
    ModelUnavailable.
    """
    command = [sys.executable, "-c", RUN, module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it was stopped"])[-1]
        raise ModelUnavailable(f"The models could not be measured in a process of their own: {last}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def peak_mb() -> float | None:
    """The most memory this process has held, MB; None where the system does not tell (Windows). Linux's own count where
    there is one: `ru_maxrss` would include what the parent held before this program replaced it.
    """
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return None
    import resource  # Windows has none

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _rounded(count: float | None) -> int | None:
    return None if count is None else round(count)


def _main(way: str, settings: Settings) -> None:
    import torch
    from PIL import Image

    from beauty_vlm.models import loading  # its imports are no part of the load time

    photo = Image.linear_gradient("L").convert("RGB")
    imports = peak_mb()
    begin = time.perf_counter()
    if way == "plain":
        parts = loading.captioner_parts(settings)
        loaded = time.perf_counter() - begin
        pixels = parts.image_processor(photo, return_tensors="pt")["pixel_values"].to(parts.model.device)
        with torch.inference_mode():
            parts.model.generate(pixel_values=pixels, max_new_tokens=30, do_sample=False)
    else:
        captioner = Loader(settings).captioner()
        loaded = time.perf_counter() - begin
        captioner.caption(photo)
    found = {"peak_mb": _rounded(peak_mb()), "imports_mb": _rounded(imports), "load_s": round(loaded, 2)}
    if torch.cuda.is_initialized():
        found["gpu_mb"] = round(torch.cuda.max_memory_allocated() / 2**20)
    print(json.dumps(found))


if __name__ == "__main__":
    _main(sys.argv[1], Settings(**json.loads(sys.argv[2])))
