"""The convolution networks arranged for speed: the same weights and the same sums as transformers', fewer steps.

With fixed statistics a BatchNorm is a factor and an offset, which the convolution before it takes for nothing (Jacob et
al., 2018, section 3.2). Squeeze-and-excitation whose gates stand open for every photo multiplies by one. On the
processor a convolution and its ReLU6 are one operation of oneDNN, whose weights lie as it reads them, and channels lie
innermost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import fuse_conv_bn_eval
from transformers import EfficientNetModel
from transformers.models.segformer.modeling_segformer import SegformerDecodeHead

from beauty_vlm.models.segmentation_network import BeautySegmenter

FEW_PLACES = 128  # of all photos of a batch: two of 7 x 7


def arrange(network: EfficientNetModel) -> None:
    """Rearrange a loaded EfficientNet in place, for inference only. What it computes stays the same but for rounding,
    about 1e-6 of it.
    """
    network.eval().requires_grad_(False)
    fuse = _fuses(network.device)
    stem, encoder = network.embeddings, network.encoder
    _join(stem, "convolution", "batchnorm", "activation", fuse)
    if isinstance(encoder.top_conv, nn.Conv2d):  # the segmenter has none
        _join(encoder, "top_conv", "top_bn", "top_activation", fuse)
    blocks: Any = encoder.blocks
    for block in blocks:
        if block.expand:
            _join(block.expansion, "expand_conv", "expand_bn", "expand_act", fuse)
        _join(block.depthwise_conv, "depthwise_conv", "depthwise_norm", "depthwise_act", fuse)
        _join(block.projection, "project_conv", "project_bn", None, fuse)
        if stands_open(block.squeeze_excite):
            block.squeeze_excite = nn.Identity()
    _lay_channels_innermost(network)


def arrange_segmenter(network: BeautySegmenter) -> None:
    """As `arrange`, for both halves of a segmenter."""
    network.eval().requires_grad_(False)
    arrange(network.encoder)
    head = JoinedHead(network.decode_head, _fuses(network.device))
    network.decode_head = head  # type: ignore[assignment]
    _lay_channels_innermost(head)


class FusedConvolution(nn.Module):
    """A convolution on the processor, and the ReLU6 after it if there is one, as one operation of oneDNN. Its weights
    are arranged once for that; otherwise each call would arrange them, in a fifth of its time.

    A convolution of single places is a matrix product, and is computed as one where places are few: for 7 x 7 of them
    and weights arranged for any number oneDNN takes 10 to 20 ms instead of a quarter of one (its kernels for AVX2).
    """

    rows: torch.Tensor | None

    def __init__(self, convolution: nn.Conv2d, bounded: bool) -> None:
        """`convolution` is padded "same", with odd kernels, or not at all. `bounded`: a ReLU6 follows."""
        super().__init__()
        self.bias = convolution.bias
        same = convolution.padding == "same"
        self._padding = [side // 2 if same else 0 for side in convolution.kernel_size]
        self._stride, self._dilation = list(convolution.stride), list(convolution.dilation)
        self._groups = convolution.groups
        arranged = torch.ops.mkldnn._reorder_convolution_weight(
            convolution.weight.detach(), self._padding, self._stride, self._dilation, self._groups
        )
        self.weight = nn.Parameter(arranged, requires_grad=False)
        single = convolution.kernel_size == (1, 1) and convolution.stride == (1, 1) and self._groups == 1
        rows = convolution.weight.detach()[:, :, 0, 0].contiguous() if single else None
        self.register_buffer("rows", rows, persistent=False)
        self._bounded = bounded
        self._after: tuple[Any, ...] = ("hardtanh", [0.0, 6.0], "") if bounded else ("none", [], "")

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Features (B, C, H, W) to those of the layer, their channels innermost if those of the input are."""
        found: torch.Tensor
        if self.rows is not None and features.numel() <= FEW_PLACES * features.shape[1]:
            found = functional.linear(features.permute(0, 2, 3, 1), self.rows, self.bias).permute(0, 3, 1, 2)
            return found.clamp_(0.0, 6.0) if self._bounded else found
        found = torch.ops.mkldnn._convolution_pointwise(
            features, self.weight, self.bias, self._padding, self._stride, self._dilation, self._groups, *self._after
        )
        return found


class JoinedHead(nn.Module):
    """SegFormer's decode head with one linear map a resolution before its activation, where transformers' has two.

    From each tap to the activation there are linear maps and an interpolation only. An interpolation mixes places and
    a map mixes channels, so they commute: the maps are multiplied, and applied where the places are fewest.
    """

    def __init__(self, head: SegformerDecodeHead, fuse: bool) -> None:
        super().__init__()
        joining = fuse_conv_bn_eval(head.linear_fuse, head.batch_norm)
        assert joining.bias is not None  # it holds the norm's offset
        offset, maps = joining.bias.detach(), []
        parts = joining.weight.detach()[:, :, 0, 0].chunk(len(head.linear_projections), dim=1)
        for projection, part in zip(head.linear_projections, reversed(parts), strict=True):  # joined last tap first
            linear: Any = projection.proj
            maps.append(part @ linear.weight)
            offset = offset + part @ linear.bias
        none = torch.zeros_like(offset)
        self.maps = nn.ModuleList(
            _pointwise(weight, none if at else offset, fuse) for at, weight in enumerate(maps)
        )  # fmt: skip
        classifier = head.classifier
        assert classifier.bias is not None
        self.classifier = _pointwise(classifier.weight[:, :, 0, 0], classifier.bias, fuse)

    def forward(self, taps: Sequence[torch.Tensor]) -> torch.Tensor:
        """Features (B, C, h, w) of each resolution, the finest first, to logits (B, classes, H, W) of the finest."""
        found = [mixed(tap) for mixed, tap in zip(self.maps, taps, strict=True)]
        total = found[0]
        for coarse in found[1:]:
            total += functional.interpolate(coarse, size=total.shape[2:], mode="bilinear", align_corners=False)
        logits: torch.Tensor = self.classifier(total.relu_())
        return logits


def _lay_channels_innermost(network: nn.Module) -> None:
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.weight.data = layer.weight.data.contiguous(memory_format=torch.channels_last)


def _fuses(device: torch.device) -> bool:
    """Whether oneDNN computes on this device, with the operations that torch's own compiler uses."""
    ours = ("_reorder_convolution_weight", "_convolution_pointwise")
    present = torch.backends.mkldnn.is_available() and all(hasattr(torch.ops.mkldnn, name) for name in ours)
    return device.type == "cpu" and present


def _pointwise(weight: torch.Tensor, bias: torch.Tensor, fuse: bool) -> nn.Module:
    """A convolution of single places with `weight` (out, in) and `bias` (out,)."""
    convolution = nn.Conv2d(weight.shape[1], weight.shape[0], kernel_size=1, device="meta")
    convolution.weight = nn.Parameter(weight.detach()[:, :, None, None].clone(), requires_grad=False)
    convolution.bias = nn.Parameter(bias.detach().clone(), requires_grad=False)
    return FusedConvolution(convolution, False) if fuse else convolution


def _join(layer: Any, convolution: str, norm: str, activation: str | None, fuse: bool) -> None:
    """Make one of a layer's convolution, the norm after it and, where that can be, the activation after both."""
    joined = fuse_conv_bn_eval(getattr(layer, convolution), getattr(layer, norm))
    setattr(layer, norm, nn.Identity())
    if fuse and _fits(joined):
        bounded = activation is not None and isinstance(getattr(layer, activation), nn.ReLU6)
        joined = FusedConvolution(joined, bounded)
        if bounded and activation is not None:
            setattr(layer, activation, nn.Identity())
    setattr(layer, convolution, joined)


def _fits(convolution: nn.Conv2d) -> bool:
    """Whether the padding is as oneDNN knows it, the same on both sides."""
    if convolution.padding == "same":
        return all(side % 2 for side in convolution.kernel_size) and set(convolution.dilation) == {1}
    return convolution.padding in ("valid", (0, 0))


def stands_open(gate: Any) -> bool:
    """Whether a squeeze-and-excitation multiplies every channel of every photo by one."""
    if isinstance(gate, nn.Identity):
        return False
    expand = gate.expand
    return not expand.weight.any() and bool((expand.bias.float().sigmoid() == 1).all())
