"""The segmentation network: EfficientNet-Lite0 features under SegFormer's all-MLP decode head.

Both halves are transformers' own modules; this file only joins them and gives the pair a configuration, so
that `save_pretrained` and `from_pretrained` work. Encoder: Tan and Le, 2019, in its "Lite" form (ReLU6, no
squeeze-and-excitation). Head: Xie et al., 2021 (SegFormer), section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import EfficientNetConfig, EfficientNetModel, PreTrainedModel, SegformerConfig
from transformers.configuration_utils import PreTrainedConfig
from transformers.models.segformer.modeling_segformer import SegformerDecodeHead
from transformers.utils import ModelOutput

LABELS = {
    0: "background",
    1: "packaging",
    2: "material",
}  # the classes of beauty_vlm/measurement/regions.py, in its order
STEM_STRIDE = 2
TAP_STRIDES = (4, 8, 16, 32)  # where the head reads: the last features of each resolution
# TensorFlow's momentum 0.99 is 0.01 in PyTorch's meaning; transformers' default passes .99 on, which forgets
# all but the last batch.
BATCH_NORM_MOMENTUM = 0.01


def lite0_config(**changes: Any) -> EfficientNetConfig:
    """The configuration of EfficientNet-Lite0: 224 px, ReLU6, widths 16..320, 16 blocks."""
    return EfficientNetConfig(
        **{
            "image_size": 224,
            "width_coefficient": 1.0,
            "depth_coefficient": 1.0,
            "hidden_act": "relu6",
            "hidden_dim": 1280,
            "batch_norm_momentum": BATCH_NORM_MOMENTUM,
            "drop_connect_rate": 0.0,  # transformers drops features, the paper whole paths
            **changes,
        }
    )


class BeautySegmenterConfig(PreTrainedConfig):
    """`encoder_config` describes the EfficientNet; `decoder_hidden_size` is the width of the head."""

    model_type = "beauty_segmenter"
    sub_configs = {"encoder_config": EfficientNetConfig}  # noqa: RUF012 - transformers reads a class attribute

    def __init__(
        self,
        encoder_config: EfficientNetConfig | dict[str, Any] | None = None,
        decoder_hidden_size: int = 96,  # the head then costs about as much as the encoder at 224 px
        decoder_dropout: float = 0.1,
        **kwargs: Any,
    ) -> None:
        if encoder_config is None:
            encoder_config = lite0_config()
        elif isinstance(encoder_config, dict):
            encoder_config = EfficientNetConfig(**encoder_config)
        self.encoder_config = encoder_config
        self.decoder_hidden_size = decoder_hidden_size
        self.decoder_dropout = decoder_dropout
        kwargs.setdefault("id2label", LABELS)
        kwargs.setdefault("label2id", {name: number for number, name in LABELS.items()})
        super().__init__(**kwargs)


@dataclass
class SegmenterOutput(ModelOutput):
    """`logits` float (B, classes, H/4, W/4); `loss` a scalar when labels were given."""

    loss: torch.Tensor | None = None
    logits: torch.Tensor | None = None


class BeautySegmenter(PreTrainedModel):
    """Pixel classes of a photo: background, packaging, the product's own material.

    `encoder` takes the weights of a transformers `EfficientNetModel` without squeeze-and-excitation:
    `segmenter.encoder.load_state_dict(weights, strict=False)` leaves no key missing (what is unexpected are
    the classifier's top convolution and the squeeze-and-excitation layers, which this network does not hold).
    """

    config_class = BeautySegmenterConfig
    base_model_prefix = "beauty_segmenter"
    main_input_name = "pixel_values"

    def __init__(self, config: BeautySegmenterConfig) -> None:
        super().__init__(config)
        self.encoder = EfficientNetModel(config.encoder_config)
        backbone: Any = self.encoder.encoder
        # The 1280-wide convolution serves classification only, and "Lite" has no squeeze-and-excitation.
        for name in ("top_conv", "top_bn", "top_activation"):
            setattr(backbone, name, nn.Identity())
        for block in backbone.blocks:
            block.squeeze_excite = nn.Identity()
        self.taps, widths = _taps(backbone.blocks)
        head: dict[str, Any] = {"num_labels": config.num_labels}  # a name that PreTrainedConfig takes untyped
        self.decode_head = SegformerDecodeHead(
            SegformerConfig(
                num_encoder_blocks=len(widths),
                hidden_sizes=widths,
                decoder_hidden_size=config.decoder_hidden_size,
                classifier_dropout_prob=config.decoder_dropout,
                **head,
            )
        )
        self.post_init()

    def forward(self, pixel_values: torch.Tensor, labels: torch.Tensor | None = None, **_: Any) -> SegmenterOutput:
        """`pixel_values` float (B, 3, H, W), RGB, (x - 127) / 128 on 0..255, sides a multiple of 32.

        `labels` int (B, H, W) with the classes of `beauty_vlm.measurement.regions`; 255 is ignored. The loss is the
        cross-entropy at full resolution (SegFormer upsamples its logits in training too).
        """
        features = self.encoder.embeddings(pixel_values)
        tapped = []
        for number, block in enumerate(self.encoder.encoder.blocks):
            features = block(features)
            if number in self.taps:
                tapped.append(features)
        logits = self.decode_head(tapped)
        loss = None
        if labels is not None:
            full = functional.interpolate(logits, size=labels.shape[-2:], mode="bilinear", align_corners=False)
            loss = functional.cross_entropy(full, labels.long(), ignore_index=255)
        return SegmenterOutput(loss=loss, logits=logits)


def _taps(blocks: Iterable[Any]) -> tuple[tuple[int, ...], list[int]]:
    """The number of the last block at each of TAP_STRIDES, and its width."""
    stride = STEM_STRIDE
    last: dict[int, tuple[int, int]] = {}
    for number, block in enumerate(blocks):
        stride *= block.depthwise_conv.stride
        last[stride] = (number, block.projection.project_conv.out_channels)
    missing = [stride for stride in TAP_STRIDES if stride not in last]
    if missing:
        raise ValueError(f"The encoder has no features at strides {missing}.")
    return tuple(last[stride][0] for stride in TAP_STRIDES), [last[stride][1] for stride in TAP_STRIDES]
