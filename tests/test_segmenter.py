"""Class maps of the photo's own size; the network's round trip through half precision."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tiny_models
import torch
from PIL import Image

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.models.loader import Loader
from beauty_vlm.models.segmentation_network import BeautySegmenter, BeautySegmenterConfig, lite0_config
from beauty_vlm.models.segmenter import FINEST_SIDE, Segmenter, _classes


class Thresholds:
    """Stands in for the network: dark is material, mid grey packaging, light background, at stride 4."""

    device, dtype = torch.device("cpu"), torch.float32

    def __call__(self, pixels: torch.Tensor) -> SimpleNamespace:
        grey = torch.nn.functional.avg_pool2d(pixels.mean(dim=1, keepdim=True), 4)
        centres = torch.tensor([1.0, 0.0, -1.0]).view(1, 3, 1, 1)  # the order of the classes
        return SimpleNamespace(logits=-((grey - centres) ** 2))


@pytest.fixture
def thresholds() -> Segmenter:
    return Segmenter(Thresholds(), tiny_models._efficientnet_pixels())


@pytest.mark.parametrize("size", [(96, 96), (160, 80), (70, 210), (2600, 1300)])
def test_regions_lie_where_they_are_in_the_photo(thresholds: Segmenter, size: tuple[int, int]) -> None:
    width, height = size
    image = Image.new("RGB", size, "white")
    image.paste((127, 127, 127), (0, 0, width, height // 2))
    image.paste((0, 0, 0), (width // 4, height // 2, width // 2, height))
    truth = np.full((height, width), BACKGROUND, dtype=np.uint8)
    truth[: height // 2] = PACKAGING
    truth[height // 2 :, width // 4 : width // 2] = MATERIAL
    regions = thresholds.regions(image)
    assert regions.shape == truth.shape
    assert regions.dtype == np.uint8
    assert (regions == truth).mean() > 0.75  # of a narrow photo the stand-in sees five cells across
    assert regions[height // 4, width // 2] == PACKAGING
    assert regions[height * 3 // 4, width * 3 // 8] == MATERIAL
    assert regions[height * 3 // 4, width * 3 // 4] == BACKGROUND


def test_large_photos_are_not_interpolated_beyond_the_bound(
    thresholds: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from beauty_vlm.models import segmenter

    sizes, interpolate = [], segmenter.functional.interpolate

    def watched(logits: torch.Tensor, size: tuple[int, int], **options: object) -> torch.Tensor:
        sizes.append(max(size))
        return interpolate(logits, size=size, **options)

    monkeypatch.setattr(segmenter.functional, "interpolate", watched)
    assert thresholds.regions(Image.new("RGB", (4000, 3000))).shape == (3000, 4000)
    assert max(sizes) == FINEST_SIDE


def test_the_real_network_runs_from_half_precision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_models.save_segmenter(tmp_path / "segmenter", half=True)
    monkeypatch.setattr("beauty_vlm.models.source.EMBEDDED", tmp_path)
    segmenter = Loader().segmenter()
    assert segmenter._model.dtype == torch.float32
    noise = np.random.default_rng(0).integers(0, 255, (50, 80, 3), dtype=np.uint8)
    regions = segmenter.regions(Image.fromarray(noise))
    assert regions.shape == (50, 80)
    assert set(np.unique(regions)) <= {BACKGROUND, PACKAGING, MATERIAL}


def test_the_network_round_trip_is_exact_and_trains(tmp_path: Path) -> None:
    tiny_models.save_segmenter(tmp_path, half=False)
    model = BeautySegmenter.from_pretrained(tmp_path).eval()
    pixels = torch.randn(2, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        logits = model(pixels).logits
    assert logits.shape == (2, 3, 16, 24)
    model.save_pretrained(tmp_path / "again")
    again = BeautySegmenter.from_pretrained(tmp_path / "again").eval()
    with torch.no_grad():
        assert torch.equal(again(pixels).logits, logits)
    labels = torch.zeros(2, 64, 96, dtype=torch.uint8)
    labels[:, 10:20] = 255  # ignored
    model.train()(pixels, labels=labels).loss.backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_it_takes_the_weights_of_an_efficientnet() -> None:
    from transformers import EfficientNetModel

    encoder = EfficientNetModel(lite0_config())
    segmenter = BeautySegmenter(BeautySegmenterConfig())
    result = segmenter.encoder.load_state_dict(encoder.state_dict(), strict=False)
    assert not result.missing_keys
    assert all("squeeze_excite" in key or "encoder.top_" in key for key in result.unexpected_keys)
    widths = [projection.proj.in_features for projection in segmenter.decode_head.linear_projections]
    assert widths == [24, 40, 112, 320]


def test_only_sure_pixels_are_material_where_there_are_enough() -> None:
    likely, sure = np.array([0.1, 0.3, 0.6]), np.array([0.05, 0.05, 0.9])
    shares = np.stack([sure, sure, likely, np.array([0.5, 0.3, 0.2])], axis=1)[:, None, :]
    assert _classes(shares).tolist() == [[MATERIAL, MATERIAL, PACKAGING, BACKGROUND]]
    shares = np.stack([likely, likely, likely, likely, sure], axis=1)[:, None, :]
    assert _classes(shares).tolist() == [[MATERIAL] * 5]  # a fifth is sure: too little to go by
    assert _classes(np.stack([[1.0, 0.0, 0.0]] * 3, axis=1)[:, None, :]).tolist() == [[BACKGROUND] * 3]


def test_how_likely_the_material_is_comes_with_it(thresholds: Segmenter, monkeypatch: pytest.MonkeyPatch) -> None:
    shares = np.full((3, 48, 48), 0.05)
    shares[BACKGROUND] = 0.9
    monkeypatch.setattr(thresholds, "_shares", lambda image, height, width: shares.copy())
    assert thresholds.segment(Image.new("RGB", (48, 48))).material == 0.0
    shares[:, :24] = np.array([0.1, 0.1, 0.8])[:, None, None]
    shares[:, :12] = np.array([0.0, 0.0, 1.0])[:, None, None]
    found = thresholds.segment(Image.new("RGB", (48, 48)))
    assert (found.regions == MATERIAL).sum() == 24 * 48
    assert found.material == pytest.approx(0.9)


def test_a_small_product_is_looked_at_again_closer(thresholds: Segmenter, monkeypatch: pytest.MonkeyPatch) -> None:
    from beauty_vlm.models import segmenter

    image = Image.new("RGB", (1920, 960), "white")
    image.paste((0, 0, 0), (300, 400, 500, 600))
    image.paste((127, 127, 127), (394, 400, 406, 600))  # thinner than a cell of the first look
    seen = thresholds.regions(image)
    assert seen.shape == (960, 1920)
    assert seen[500, 400] == PACKAGING and seen[500, 340] == seen[500, 460] == MATERIAL
    monkeypatch.setattr(segmenter, "SMALL", 0.0)
    assert not (thresholds.regions(image)[450:550, 380:420] == PACKAGING).all()
    assert thresholds.regions(image)[500, 400] != PACKAGING
