"""The rearranged convolution networks against transformers' own."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_models
import torch
from torch import nn
from transformers import EfficientNetModel

from beauty_vlm.models import convolutions
from beauty_vlm.models.segmentation_network import BeautySegmenter, lite0_config

TOLERANCE = 1e-5  # of the largest value
GATES = {"open": 0.0, "shut": 0.25}  # squeeze_expansion_ratio


def efficientnet(gates: str, **changes: object) -> EfficientNetModel:
    """One whose norms have statistics of their own, so that a wrong fold shows."""
    torch.manual_seed(0)
    config = lite0_config(width_coefficient=0.25, hidden_dim=320, squeeze_expansion_ratio=GATES[gates], **changes)
    model = EfficientNetModel(config).eval()
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
        elif isinstance(module, nn.BatchNorm2d):
            for values, low, high in (
                (module.weight, 0.5, 1.5), (module.bias, -0.5, 0.5),
                (module.running_mean, -0.5, 0.5), (module.running_var, 0.5, 2.0),
            ):  # fmt: skip
                nn.init.uniform_(values, low, high)
    for block in model.encoder.blocks:
        if gates == "open":
            nn.init.zeros_(block.squeeze_excite.expand.weight)
            nn.init.constant_(block.squeeze_excite.expand.bias, 30.0)
    return model


@torch.no_grad()
def pooled(model: EfficientNetModel, photos: int = 2, side: int = 64) -> torch.Tensor:
    pixels = torch.randn(photos, 3, side, side, generator=torch.Generator().manual_seed(photos))
    return model(pixels).pooler_output


@pytest.mark.parametrize("fuse", [True, False])
@pytest.mark.parametrize(
    ("gates", "changes"),
    [("open", {}), ("shut", {}), ("open", {"hidden_act": "swish"}), ("open", {"depthwise_padding": [0, 2]})],
)
def test_it_computes_what_it_computed(
    gates: str, changes: dict[str, object], fuse: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not fuse:
        monkeypatch.setattr(convolutions, "_fuses", lambda device: False)
    model = efficientnet(gates, **changes)
    shapes = ((1, 64), (3, 64), (2, 70))
    before = [pooled(model, *shape) for shape in shapes]
    convolutions.arrange(model)
    for was, shape in zip(before, shapes, strict=True):
        assert was.std() > 0
        assert (pooled(model, *shape) - was).abs().max() <= TOLERANCE * was.abs().max()


@pytest.mark.parametrize("gates", ["open", "shut"])
def test_only_what_does_nothing_is_left_out(gates: str) -> None:
    model = efficientnet(gates)
    convolutions.arrange(model)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in model.modules())
    left = [not isinstance(block.squeeze_excite, nn.Identity) for block in model.encoder.blocks]
    assert all(left) if gates == "shut" else not any(left)


@pytest.mark.parametrize("fuse", [True, False])
def test_a_segmenter_finds_the_same(fuse: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not fuse:
        monkeypatch.setattr(convolutions, "_fuses", lambda device: False)
    tiny_models.save_segmenter(tmp_path, half=False)
    model = BeautySegmenter.from_pretrained(tmp_path).eval()
    nn.init.uniform_(model.decode_head.batch_norm.running_mean, -0.5, 0.5)
    nn.init.uniform_(model.decode_head.batch_norm.bias, -0.5, 0.5)
    for projection in model.decode_head.linear_projections:
        nn.init.uniform_(projection.proj.bias, -0.5, 0.5)
    pixels = torch.randn(2, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        before = model(pixels).logits
        convolutions.arrange_segmenter(model)
        after = model(pixels).logits
    assert after.shape == before.shape == (2, 3, 16, 24)
    assert before.std() > 0
    assert (after - before).abs().max() <= TOLERANCE * before.abs().max()


@pytest.mark.parametrize("bounded", [False, True])
def test_few_places_are_a_matrix_product_of_the_same_sums(bounded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not convolutions._fuses(torch.device("cpu")):
        pytest.skip("this torch has no such operation")
    torch.manual_seed(0)
    plain = nn.Conv2d(48, 20, kernel_size=1)
    fused = convolutions.FusedConvolution(plain, bounded)
    features = 4 * torch.randn(1, 7, 7, 48).permute(0, 3, 1, 2)
    with torch.inference_mode():
        few = fused(features)
        monkeypatch.setattr(convolutions, "FEW_PLACES", 0)
        many = fused(features)
        expected = plain(features).clamp(0, 6) if bounded else plain(features)
    assert few.stride() == many.stride()  # channels lie innermost as before
    assert torch.allclose(few, many, atol=1e-5) and torch.allclose(few, expected, atol=1e-5)
    assert convolutions.FusedConvolution(nn.Conv2d(8, 8, 3, padding=1), bounded).rows is None
    assert sum(parameter.numel() for parameter in fused.parameters()) == sum(p.numel() for p in plain.parameters())
