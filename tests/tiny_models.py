"""Tiny models with random weights, saved as folders: everything but the training is real."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    EfficientNetModel,
    PreTrainedTokenizerFast,
    VisionTextDualEncoderModel,
)

from beauty_vlm.models.segmentation_network import BeautySegmenter, BeautySegmenterConfig, lite0_config

SPECIAL = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[BOS]"]
WORDS = ["in", "short", "detail", "a", "red", "blue", "lipstick", "powder", "tube", "compact", "the", ":", ",", "."]
PAD, CLS, SEP, UNK, BOS = range(len(SPECIAL))
SIZE = 32


def tokenizer() -> PreTrainedTokenizerFast:
    """Whole words, wrapped in [CLS] ... [SEP] as BERT's are."""
    words = Tokenizer(models.WordLevel({word: i for i, word in enumerate(SPECIAL + WORDS)}, unk_token="[UNK]"))
    words.normalizer = normalizers.Lowercase()
    words.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=words,
        pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]", bos_token="[BOS]",
    )  # fmt: skip


def save_captioner(folder: Path, seed: int = 0, half: bool = False, styles: dict | None = None) -> Path:
    """A BLIP with two layers a side, 64 wide: the fewest inputs that bitsandbytes packs on the processor."""
    torch.manual_seed(seed)
    size = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = BlipConfig(
        text_config={
            **size,
            "encoder_hidden_size": 64,
            "vocab_size": len(SPECIAL) + len(WORDS),
            "max_position_embeddings": 48,
            "pad_token_id": PAD,
            "bos_token_id": BOS,
            "eos_token_id": SEP,
            "sep_token_id": SEP,
            "initializer_range": 0.5,
        },
        vision_config={**size, "image_size": SIZE, "patch_size": 8, "initializer_range": 0.02},
        projection_dim=16,
    )
    model = BlipForConditionalGeneration(config)
    (model.half() if half else model).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    BlipImageProcessorPil(size={"height": SIZE, "width": SIZE}).save_pretrained(folder)
    if styles is not None:
        (folder / "captioner.json").write_text(json.dumps(styles))
    return folder


def save_adapter(folder: Path, captioner: Path, seed: int = 1, styles: dict | None = None) -> Path:
    """A LoRA over the text decoder's attention, with weights that are not zero."""
    torch.manual_seed(seed)
    model = BlipForConditionalGeneration.from_pretrained(captioner, dtype=torch.float32)
    adapted = get_peft_model(model, LoraConfig(r=2, target_modules=["query", "value"], init_lora_weights=False))
    for name, weight in adapted.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=1.0)
    adapted.save_pretrained(folder)
    if styles is not None:
        (folder / "captioner.json").write_text(json.dumps(styles))
    return folder


def save_clip_tagger(folder: Path, seed: int = 0) -> Path:
    """The published tagger's architecture, 32 wide."""
    torch.manual_seed(seed)
    size = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    special = {"pad_token_id": PAD, "bos_token_id": BOS, "eos_token_id": SEP}
    config = CLIPConfig(
        text_config={
            **size,
            **special,
            "vocab_size": len(SPECIAL) + len(WORDS),
            "max_position_embeddings": 77,
        },
        vision_config={**size, "image_size": SIZE, "patch_size": 8},
        projection_dim=16,
    )
    CLIPModel(config).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    processor = CLIPImageProcessorPil(size={"shortest_edge": SIZE}, crop_size={"height": SIZE, "width": SIZE})
    processor.save_pretrained(folder)
    return folder


def save_embedded_tagger(folder: Path, calibration: dict | None = None) -> Path:
    """The embedded tagger's architecture: an EfficientNet beside a BERT, both small."""
    torch.manual_seed(0)
    vision = EfficientNetModel(lite0_config(width_coefficient=0.25, hidden_dim=320, hidden_size=320))
    text = BertModel(
        BertConfig(
            vocab_size=len(SPECIAL) + len(WORDS),
            hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        )
    )  # fmt: skip
    VisionTextDualEncoderModel(vision_model=vision, text_model=text).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    _efficientnet_pixels().save_pretrained(folder)
    if calibration is not None:
        (folder / "calibration.json").write_text(json.dumps(calibration))
    return folder


def save_segmenter(folder: Path, half: bool = True) -> Path:
    """The embedded segmenter's architecture at a quarter of its width, with norms that let the signal
    through.
    """
    torch.manual_seed(0)
    config = BeautySegmenterConfig(
        encoder_config=lite0_config(width_coefficient=0.25, hidden_dim=320), decoder_hidden_size=16
    )
    model = BeautySegmenter(config)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.ones_(module.weight)
        elif isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(module.weight)
    (model.half() if half else model).save_pretrained(folder)
    _efficientnet_pixels().save_pretrained(folder)
    return folder


def _efficientnet_pixels() -> CLIPImageProcessorPil:
    """EfficientNet-Lite's input: (x - 127) / 128 on 0..255."""
    return CLIPImageProcessorPil(
        size={"height": 64, "width": 64},
        do_center_crop=False,
        image_mean=[127 / 255] * 3,
        image_std=[128 / 255] * 3,
    )
