"""Our merge of plain LoRA adapters against PEFT's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from torch import nn

from beauty_vlm.models.lora import merge_plain


class Base(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.last = nn.Linear(6, 8), nn.Linear(8, 6), nn.Linear(6, 6)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.last(self.second(self.first(inputs)))


def base() -> Base:
    torch.manual_seed(0)
    return Base()


def saved(folder: Path, **changes: object) -> Path:
    torch.manual_seed(1)
    options = {"r": 3, "lora_alpha": 5, "target_modules": ["first", "last"], "init_lora_weights": False, **changes}
    get_peft_model(base(), LoraConfig(**options)).save_pretrained(folder)
    return folder


def merge(model: nn.Module, folder: Path) -> bool:
    config = json.loads((folder / "adapter_config.json").read_text())
    return merge_plain(model, config, folder / "adapter_model.safetensors")


@pytest.mark.parametrize("targets", [["first", "last"], ["second"], r"(first|second)"])
def test_it_merges_as_peft_does(targets: list[str] | str, tmp_path: Path) -> None:
    from peft import PeftModel

    folder = saved(tmp_path, target_modules=targets)
    model, plain = base(), base()
    assert merge(model, folder)
    expected = PeftModel.from_pretrained(base(), str(folder)).merge_and_unload()
    for (name, found), wanted in zip(model.named_parameters(), expected.parameters(), strict=True):
        assert torch.allclose(found, wanted, atol=1e-6), name
    changed = [name for name, weight in model.named_parameters() if not torch.equal(weight, plain.get_parameter(name))]
    assert changed  # and nothing but these layers, as the comparison above shows


@pytest.mark.parametrize(
    "changes",
    [
        {"use_rslora": True}, {"use_dora": True}, {"bias": "all"}, {"lora_bias": True}, {"rank_pattern": {"first": 2}},
        {"modules_to_save": ["second"]}, {"alpha_pattern": {"first": 1}},
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_peft(changes: dict[str, object], tmp_path: Path) -> None:
    model, before = base(), base()
    assert not merge(model, saved(tmp_path, **changes))
    assert all(torch.equal(*pair) for pair in zip(model.parameters(), before.parameters(), strict=True))


@pytest.mark.parametrize("damage", ["missing", "renamed", "shape"])
def test_what_does_not_fit_is_left_to_peft(damage: str, tmp_path: Path) -> None:
    path = saved(tmp_path) / "adapter_model.safetensors"
    tensors = load_file(path)
    name = "base_model.model.last.lora_A.weight"
    value = tensors.pop(name)
    if damage != "missing":
        tensors[name.replace("last", "lost") if damage == "renamed" else name] = value[:, :4].contiguous()
    save_file(tensors, path)
    model, before = base(), base()
    assert not merge(model, tmp_path)
    assert all(torch.equal(*pair) for pair in zip(model.parameters(), before.parameters(), strict=True))
