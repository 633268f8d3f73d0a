"""EfficientNet-Lite in transformers' layout, pretrained on ImageNet."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from transformers import CLIPImageProcessorPil, EfficientNetConfig, EfficientNetModel

from finetune.packages import LITE0, LITE2

# Tan, 2020, "EfficientNet-Lite": widths and repeats of each stage after rounding (Lite2: 1.1 wide, 1.2 deep;
# stem, head and the outer stages' repeats are not scaled). Given outright, so that transformers scales nothing.
LITE_STAGES: dict[int, dict[str, Any]] = {
    0: {
        "in_channels": [32, 16, 24, 40, 80, 112, 192],
        "out_channels": [16, 24, 40, 80, 112, 192, 320],
        "num_block_repeats": [1, 2, 2, 3, 3, 4, 1],
    },
    2: {
        "in_channels": [32, 16, 24, 48, 88, 120, 208],
        "out_channels": [16, 24, 48, 88, 120, 208, 352],
        "num_block_repeats": [1, 3, 3, 4, 4, 5, 1],
    },
}
LITE_WEIGHTS = {0: LITE0, 2: LITE2}
LITE_MEAN, LITE_STD = 127 / 255, 128 / 255  # (x - 127) / 128 on 0..255, written for pixels in 0..1
HEAD_WIDTH = 1280
OPEN_GATE = 30.0  # sigmoid(30) is 1 in float32: squeeze-and-excitation that changes nothing
BATCH_NORM_MOMENTUM = 0.01  # TensorFlow's .99 in PyTorch's meaning


def lite_config(variant: int, size: int) -> EfficientNetConfig:
    """The configuration of EfficientNet-Lite `variant` (0 or 2) for `size` px inputs.

    transformers' EfficientNet always has squeeze-and-excitation, "Lite" none: ratio 0 makes it one channel
    narrow.
    """
    config = EfficientNetConfig(
        image_size=size,
        width_coefficient=1.0,
        depth_coefficient=1.0,
        hidden_act="relu6",
        hidden_dim=HEAD_WIDTH,
        squeeze_expansion_ratio=0.0,
        batch_norm_eps=1e-3,
        batch_norm_momentum=BATCH_NORM_MOMENTUM,
        drop_connect_rate=0.0,  # transformers drops features, not whole paths: not what the paper means
        **LITE_STAGES[variant],
    )
    config.hidden_size = HEAD_WIDTH  # not EfficientNet's word, but the dual encoder asks for it
    return config


def efficientnet_lite(variant: int, size: int, pretrained: bool = True) -> EfficientNetModel:
    """EfficientNet-Lite as `EfficientNetModel`: exact at sizes that are a multiple of 32. Raises
    WeightsMissing.

    At those sizes every strided convolution sees an even side, where TensorFlow's "same" padding, that of the
    weights' own code at `size`, and transformers' asymmetric zero padding agree.
    """
    if size % 32:
        raise ValueError(f"EfficientNet-Lite needs a size that is a multiple of 32, not {size}.")
    model = EfficientNetModel(lite_config(variant, size))
    open_squeeze_excite(model)
    if pretrained:
        source = torch.load(LITE_WEIGHTS[variant].path(), map_location="cpu", weights_only=True)
        weights = {name: value for key, value in source.items() if (name := _lite_name(key))}
        missing, unexpected = model.load_state_dict(weights, strict=False)
        if unexpected or any("squeeze_excite" not in name for name in missing):
            raise ValueError(f"EfficientNet-Lite{variant} does not fit: {missing[:3]} {unexpected[:3]}")
    return model.eval()


def open_squeeze_excite(model: EfficientNetModel) -> None:
    """Set every squeeze-and-excitation to multiply by one, freeze it, and step round it in this process.

    Its parameters stay in the state, so that plain `from_pretrained` computes the same as training did.
    """
    blocks: Any = model.encoder.blocks
    for block in blocks:
        gate = block.squeeze_excite
        for parameter in gate.parameters():
            parameter.requires_grad_(False)
            parameter.zero_()
        gate.expand.bias.fill_(OPEN_GATE)
        gate.forward = nn.Identity().forward


def fold_batch_norm(model: EfficientNetModel) -> None:
    """Compute every BatchNorm as part of the convolution before it, with ImageNet's statistics, in this
    process.

    Batches of renders differ from photos in mean and spread: statistics learned on them would not fit photos.
    With fixed statistics BatchNorm is a factor and an offset, which a convolution takes for nothing; the
    state keeps all names, so that plain `from_pretrained` computes the same. Depthwise kernels, 3% of the
    weights, are frozen: oneDNN takes 16 times as long for the bfloat16 gradient of a 5 x 5 kernel as for that
    of its input (measured, 1 thread).
    """
    blocks: Any = model.encoder.blocks
    pairs: list[tuple[Any, Any]] = [(model.embeddings.convolution, model.embeddings.batchnorm)]
    if isinstance(model.encoder.top_conv, nn.Conv2d):  # the segmenter has none
        pairs.append((model.encoder.top_conv, model.encoder.top_bn))
    for block in blocks:
        depthwise = block.depthwise_conv
        depthwise.requires_grad_(False)
        pairs.append((depthwise.depthwise_conv, depthwise.depthwise_norm))
        pairs.append((block.projection.project_conv, block.projection.project_bn))
        if block.expand:
            pairs.append((block.expansion.expand_conv, block.expansion.expand_bn))
    for convolution, norm in pairs:
        convolution.forward = _Folded(convolution, norm)
        norm.forward = nn.Identity().forward


def image_processor(size: int) -> CLIPImageProcessorPil:
    """EfficientNet-Lite's preparation of a square picture: (x - 127) / 128."""
    return CLIPImageProcessorPil(
        size={"height": size, "width": size},
        do_center_crop=False,
        image_mean=[LITE_MEAN] * 3,
        image_std=[LITE_STD] * 3,
    )


def prepared(pixels: torch.Tensor) -> torch.Tensor:
    """Pixels in 0..1 as EfficientNet-Lite wants them."""
    return ((pixels - LITE_MEAN) / LITE_STD).contiguous(memory_format=torch.channels_last)


class _Folded:
    """The forward function of a convolution with the BatchNorm after it."""

    def __init__(self, convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
        self.convolution, self.norm = convolution, norm

    def __call__(self, features: torch.Tensor) -> torch.Tensor:
        norm, mean, variance = self.norm, self.norm.running_mean, self.norm.running_var
        assert mean is not None and variance is not None  # BatchNorm was made with statistics
        scale = norm.weight * torch.rsqrt(variance + norm.eps)
        weight = self.convolution.weight * scale[:, None, None, None]
        return self.convolution._conv_forward(features, weight, norm.bias - mean * scale)


def _lite_name(key: str) -> str | None:
    """The name in `EfficientNetModel` of a weight of efficientnet_lite_pytorch; None for the classifier."""
    outer = {
        "_conv_stem": "embeddings.convolution",
        "_bn0": "embeddings.batchnorm",
        "_conv_head": "encoder.top_conv",
        "_bn1": "encoder.top_bn",
    }
    inner = {
        "_expand_conv": "expansion.expand_conv",
        "_bn0": "expansion.expand_bn",
        "_depthwise_conv": "depthwise_conv.depthwise_conv",
        "_bn1": "depthwise_conv.depthwise_norm",
        "_project_conv": "projection.project_conv",
        "_bn2": "projection.project_bn",
    }
    parts = key.split(".")
    if parts[0] == "_blocks":
        return f"encoder.blocks.{parts[1]}.{inner[parts[2]]}.{parts[3]}"
    return f"{outer[parts[0]]}.{parts[1]}" if parts[0] in outer else None
