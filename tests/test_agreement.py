"""What each precision changes of the embedded captioner's captions, on sample renders, against transformers in fp32."""

from __future__ import annotations

import pytest
import torch

from beauty_vlm.benchmark.captioners import Pair, agreement
from beauty_vlm.benchmark.photos import as_image, read_photos
from beauty_vlm.models import loading, precision
from beauty_vlm.models.loader import Settings

PHOTOS = {"none": 16, "bf16": 16, "int8": 16, "nf4": 4}  # on a processor nf4 takes seconds a photo
SECONDS = 600.0
# By mode: the least share of the same captions, and the largest error of the logits relative to their size. On 150
# renders bf16 left 93% of the captions and int8 81%, on 16 nf4 62% (logits .075); of so few, chance takes another part.
TOLERANCE = {"none": (1.0, 1e-5), "bf16": (0.7, 0.03), "int8": (0.6, 0.1), "nf4": (0.0, 0.15)}


@pytest.fixture(scope="module")
def plain() -> loading.CaptionerParts:
    return loading.captioner_parts(Settings(device="cpu", quantize="none"))


@pytest.mark.parametrize("mode", list(TOLERANCE))
def test_each_precision_agrees_within_its_tolerance(mode: str, plain: loading.CaptionerParts) -> None:
    computes = {"none": True, "bf16": precision.computes_bf16(), "int8": precision._computes_int8(), "nf4": True}
    if not computes[mode]:
        pytest.skip(f"this machine does not compute {mode}")
    ours, chosen = loading.load_captioner(Settings(device="cpu", quantize=mode))
    assert chosen.mode == mode
    pair = Pair(plain.model, ours, ours.prompt("normal"), ours.plan("normal"))
    pixels = torch.stack([ours.pixels(as_image(data)) for data in read_photos(PHOTOS[mode])[0]])
    found = agreement(pair, pixels, SECONDS)
    least, most = TOLERANCE[mode]
    assert found["same_captions"] >= least
    assert found["logits_error"] <= most
    assert (found["logits_error"] > 1e-4) == (mode != "none")  # the mode is at work
