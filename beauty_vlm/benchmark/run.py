"""The benchmark as one run: which profiles, on what machine, and what came of it."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import transformers

from beauty_vlm.benchmark.captioners import FULL_SCALE, QUICK_SCALE, Scale, measure_captioner
from beauty_vlm.benchmark.ceilings import measure_ceilings
from beauty_vlm.benchmark.geometry import RANDOM, write_random
from beauty_vlm.benchmark.others import measure_app, measure_tagger
from beauty_vlm.benchmark.photos import read_photos
from beauty_vlm.benchmark.report import measure_report
from beauty_vlm.models import precision
from beauty_vlm.models.loader import ModelUnavailable, Settings

EMBEDDED = "embedded"
TAGGERS = ("clip-vit-base-patch32",)
PROFILES = (EMBEDDED, "blip-base", "blip-large", *TAGGERS)
CPU_MODEL = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured. `profiles` are of PROFILES or folders of captioners; `random_weights` builds the published
    geometries instead of fetching them; `app` also starts the web app.
    """

    profiles: Sequence[str] = (EMBEDDED,)
    random_weights: bool = False
    quick: bool = False
    app: bool = False


def benchmark(settings: Settings, options: Options, scale: Scale | None = None) -> dict[str, Any]:
    """All measurements, as `--json` prints them: those of each profile under its name, and on top the first
    one's "speedup_vs_plain" and "ratio_to_floor". Where a profile cannot be had, "missing" says why, and what was
    measured before is told. Raises ModelUnavailable where that is nothing.
    """
    device = precision.resolve_device(settings.device)
    scale = scale or (QUICK_SCALE if options.quick else FULL_SCALE)
    photos, kind = read_photos(scale.photos)
    ceilings = measure_ceilings(device)
    found: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for profile in options.profiles:
        try:
            found |= _measured(settings, profile, options, scale, photos, ceilings)
        except ModelUnavailable as error:
            if not found:
                raise
            missing = {"missing": str(error)}
            break
    first: dict[str, Any] = next((measured for measured in found.values() if "speedup_vs_plain" in measured), {})
    app = {"app": measure_app(settings, photos[0])} if options.app else {}
    return {
        "speedup_vs_plain": first.get("speedup_vs_plain"),
        "ratio_to_floor": first.get("ratio_to_floor"),
        "machine": _machine(device) | {"photos": kind},
        "ceilings": ceilings,
        "profiles": found,
        **app,
        **missing,
    }


def _measured(
    settings: Settings,
    profile: str,
    options: Options,
    scale: Scale,
    photos: Sequence[bytes],
    ceilings: Mapping[str, float],
) -> dict[str, Any]:
    """One profile's measurements under its name; with the embedded captioner also the embedded tagger's."""
    with _named(settings, profile, options.random_weights) as (chosen, random):
        weights = {"weights": "random" if random else "trained"}
        if profile in TAGGERS:
            return {profile: measure_tagger(chosen, photos[0], options.quick, ceilings) | weights}
        found = {profile: measure_captioner(chosen, photos, scale, ceilings, random) | weights}
        if not random:
            if profile == EMBEDDED and not options.quick:
                ours = measure_tagger(chosen, photos[0], options.quick, ceilings)
                found["embedded tagger"] = ours | weights
            found[profile]["report"] = measure_report(chosen, scale.photos, options.quick, ceilings)
        return found


@contextmanager
def _named(settings: Settings, profile: str, random_weights: bool) -> Iterator[tuple[Settings, bool]]:
    """The settings for one profile, and whether its weights are random."""
    role = "tagger" if profile in TAGGERS else "captioner"
    if not (random_weights and profile != EMBEDDED):
        yield replace(settings, **{role: profile}), False
        return
    if profile not in RANDOM:
        raise ModelUnavailable(
            f"There is no geometry {profile!r} for random weights: choose one of {', '.join(RANDOM)}."
        )
    with tempfile.TemporaryDirectory() as folder:
        write_random(profile, Path(folder))
        yield replace(settings, **{role: folder}), True


def _machine(device: str) -> dict[str, Any]:
    name = torch.cuda.get_device_name() if device == "cuda" else _processor()
    return {
        "device": device,
        "name": name,
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "python": platform.python_version(),
    }


def _processor() -> str:
    if CPU_MODEL.exists():
        for line in CPU_MODEL.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
