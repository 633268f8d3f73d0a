"""Training on rows in the exact Parquet schema of the renders, with tiny towers where real ones are not the point."""

from __future__ import annotations

import importlib.metadata
import io
import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("accelerate", reason="the packages of requirements-train.txt are not installed")

import torch
from datasets import Dataset
from PIL import Image, ImageDraw
from torch.nn import functional
from transformers import (
    BertConfig,
    BertModel,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
)
from transformers.models.blip.modeling_blip_text import BlipTextLMHeadModel

from beauty_vlm.measurement.regions import MATERIAL, PACKAGING
from beauty_vlm.models.captioner import Captioner, CaptionStyles
from beauty_vlm.models.segmenter import Segmenter
from beauty_vlm.models.source import locate
from beauty_vlm.models.tagger import Calibration, Tagger
from beauty_vlm.vocabulary import OTHER, finishes, packaging_materials, packaging_states, product_types
from data import described
from data.shards import DataMissing, part_of
from finetune import (
    calibration,
    captioner,
    captions,
    clock,
    contrast,
    export,
    lora,
    options,
    segmenter,
    tagger,
)
from finetune.augmentation import Augmentation, augment, pixels_to_floats
from finetune.dataset import Renders, load
from finetune.efficientnet import LITE_WEIGHTS, efficientnet_lite, fold_batch_norm, open_squeeze_excite
from finetune.focus import focus_vision
from finetune.minilm import minilm_decoder, minilm_text
from finetune.mixing import Mixture, drawn
from finetune.options import Options
from finetune.packages import FOCUS, LITE0, LITE2, MINILM, Weights
from finetune.packaging import MATERIALS, packaging_truth
from finetune.recipe import RECIPES, read_recipe
from finetune.training import warmup_cosine
from finetune.wordpiece import BEGIN, SPECIAL, PrunedVocabulary, prune

SIDE = 224
SMALL = 64  # the smallest side at which EfficientNet's last stage is more than one pixel


def installed(weights: Weights) -> bool:
    try:
        return importlib.metadata.version(weights.package) == weights.version
    except importlib.metadata.PackageNotFoundError:
        return False


def needs(*weights: Weights) -> pytest.MarkDecorator:
    missing = [item.package for item in weights if not installed(item)]
    return pytest.mark.skipif(bool(missing), reason=f"starting weights are not installed: {missing}")


def png(image: Image.Image) -> dict[str, object]:
    file = io.BytesIO()
    image.save(file, "PNG")
    return {"bytes": file.getvalue(), "path": None}


def row(number: int) -> dict[str, object]:
    """A row of `data.render`: a dark box (packaging) with a coloured disc (material)."""
    label = product_types()[number % len(product_types())].label
    finish = finishes()[number % len(finishes())].label if number % 3 else ""
    image, regions = Image.new("RGB", (SIDE, SIDE), "white"), Image.new("L", (SIDE, SIDE), 0)
    left, top = 20 + 5 * (number % 7), 30 + 4 * (number % 9)
    for picture, colours in ((image, ((40, 40, 40), (200, 30 + number, 60))), (regions, (1, 2))):
        draw = ImageDraw.Draw(picture)
        draw.rectangle([left, top, left + 110, top + 110], fill=colours[0])
        draw.ellipse([left + 20, top + 20, left + 90, top + 90], fill=colours[1])
    return {
        "id": f"render-{number}",
        "image": png(image),
        "regions": png(regions),
        "product_type": label,
        "finish": finish,
        "shade_visible": True,
        "shade_name": "berry",
        "albedo_lab": [45.0, 50.0, 20.0],
        "appearance_lab": [45.0, 50.0, 20.0],
        "packaging": "plastic",
        "packaging_colour": "black",
        "count": 1,
        "layout": "closed",
        "caption_short": f"A berry {label}.",
        "caption_normal": f"A {label} in berry, standing.",
        "caption_detailed": f"A {label} in berry, standing. The shade is a deep, cool berry. It comes in a box.",
    }


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("renders")
    rows = [row(number) for number in range(96)]
    for start in (0, 48):
        Dataset.from_list(rows[start : start + 48]).to_parquet(str(folder / f"{start}.parquet"))
    return folder


@pytest.fixture(scope="module")
def parts(shards: Path) -> tuple[Renders, Renders]:
    return load(shards, "train"), load(shards, "validation")


@pytest.fixture
def vocabulary(parts: tuple[Renders, Renders]) -> PrunedVocabulary:
    """Every character and every word of the texts: a vocabulary that needs no package."""
    texts = tagger.vocabulary_texts(parts[0]) + list(captions.PROMPTS.values())
    words = sorted({word for text in texts for word in text.lower().replace(".", " . ").split()})
    characters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    pieces = [*SPECIAL, *characters, *(f"##{c}" for c in characters), *(w for w in words if len(w) > 1), BEGIN]
    return PrunedVocabulary(tuple(pieces), (None,) * len(pieces))


def recipe(name: str, **changes: object) -> dict[str, object]:
    return {
        **read_recipe(RECIPES / f"{name}.yaml"),
        "batch": 8,
        "log_every": 1,
        "bf16": False,
        "patience": 99,
        **changes,
    }


def run_options(out: Path, steps: int, resume: bool = False) -> Options:
    return Options((), out, Path(), None, steps, resume)


def tiny_lite(variant: int, size: int) -> torch.nn.Module:
    model = efficientnet_lite(variant, size, pretrained=False)
    for module in model.modules():  # transformers' own start, std .02, lets no signal through
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight)
    open_squeeze_excite(model)
    for norm in (module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)):
        norm.momentum = 1.0  # statistics of one batch, so that signals neither vanish nor grow
    with torch.no_grad():
        model.train()(torch.rand(8, 3, size, size, generator=torch.Generator().manual_seed(0)))
    return model.eval()


@pytest.fixture
def tiny_tagger(monkeypatch: pytest.MonkeyPatch, vocabulary: PrunedVocabulary) -> dict[str, object]:
    def build(recipe: dict[str, int], _: Renders) -> tuple[VisionTextDualEncoderModel, object]:
        text = BertModel(
            BertConfig(
                vocab_size=len(vocabulary.tokens),
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=1,
                num_attention_heads=2,
                max_position_embeddings=77,
            )
        )
        vision = tiny_lite(0, recipe["size"])
        config = VisionTextDualEncoderConfig.from_vision_text_configs(vision.config, text.config, projection_dim=16)
        return VisionTextDualEncoderModel(config, vision, text), vocabulary.tokenizer(77)

    monkeypatch.setattr(tagger, "build", build)
    return recipe("tagger", size=SMALL, first_size=SMALL, frozen_blocks=8)


@pytest.fixture
def tiny_blip(vocabulary: PrunedVocabulary) -> tuple[BlipForConditionalGeneration, object]:
    torch.manual_seed(0)
    begin, sep = vocabulary.tokens.index(BEGIN), vocabulary.tokens.index("[SEP]")
    wide = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = {"vocab_size": len(vocabulary.tokens), "max_position_embeddings": 128, "pad_token_id": 0}
    config = BlipConfig(
        text_config={**wide, **text, "bos_token_id": begin, "sep_token_id": sep, "eos_token_id": sep},
        vision_config={**wide, "image_size": 56, "patch_size": 14, "initializer_range": 0.02},
    )
    return BlipForConditionalGeneration(config), vocabulary.tokenizer(128)


def base_trainer(
    monkeypatch: pytest.MonkeyPatch,
    blip: tuple[BlipForConditionalGeneration, object],
    parts: tuple[Renders, Renders],
    chosen: Options,
    **changes: object,
) -> captioner.BaseCaptionTrainer:
    monkeypatch.setattr(captioner, "build", lambda *_: blip)
    monkeypatch.setattr(captioner, "efficientnet_lite", lambda *_: tiny_lite(0, SMALL))
    monkeypatch.setattr(captioner, "TEACHER_SIZE", SMALL)
    numbers = recipe("captioner", size=56, frozen_layers=0, generated=4, **changes)
    return captioner.BaseCaptionTrainer(numbers, chosen, parts, None)


# Data


def test_the_parts_are_disjoint_complete_and_decoded(shards: Path, parts: tuple[Renders, Renders]) -> None:
    train, validation = parts
    assert not set(train.ids) & set(validation.ids)
    assert {*train.ids, *validation.ids} == {f"render-{number}" for number in range(96)}
    number = int(train.ids[5].removeprefix("render-"))
    truth = Image.open(io.BytesIO(row(number)["image"]["bytes"]))  # type: ignore[index]
    assert (train.images[5] == np.asarray(truth)).all()
    assert set(np.unique(train.regions[5])) == {0, 1, 2}
    assert train.captions["short"][5] == row(number)["caption_short"]


def test_renders_whose_open_material_is_labelled_hidden_are_left_out(tmp_path: Path) -> None:
    wrong = {**row(0), "id": "wrong", "product_type": "blush", "shade_visible": False}
    tool = {**wrong, "id": "tool", "product_type": "brush or tool"}
    partly = []
    for name, pixels in (("hidden", 0), ("edge", 3), ("tip", 8)):  # a side of the square that is material, of 224
        mask, file = Image.new("L", (SIDE, SIDE), PACKAGING), io.BytesIO()
        mask.paste(MATERIAL, (0, 0, pixels, pixels))
        mask.save(file, "PNG")
        partly.append({**wrong, "id": name, "regions": {"bytes": file.getvalue(), "path": None}})
    Dataset.from_list([*(row(number) for number in range(96)), wrong, tool, *partly]).to_parquet(
        str(tmp_path / "a.parquet")
    )
    found = {name for part in ("train", "validation") for name in load(tmp_path, part).ids}
    for ids in (found, set(described.chosen([tmp_path]))):
        assert {"tool", "hidden", "edge"} <= ids and not {"wrong", "tip"} & ids


def test_five_percent_are_for_validation_whatever_else_is_rendered() -> None:
    share = np.mean([part_of(f"seed1-{number:06d}") == "validation" for number in range(4000)])
    assert 0.035 < share < 0.065


def test_missing_data_is_explained(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match=r"data\.render"):
        load(tmp_path, "train")
    Dataset.from_list([{"id": "a"}]).to_parquet(str(tmp_path / "a.parquet"))
    with pytest.raises(DataMissing, match="product_type"):
        load(tmp_path, "train")


def test_several_folders_are_one_training_and_none_may_stand_twice(
    shards: Path, parts: tuple[Renders, Renders], tmp_path: Path
) -> None:
    Dataset.from_list([{**row(number), "id": f"other-{number}"} for number in range(40)]).to_parquet(
        str(tmp_path / "a.parquet")
    )
    both = [load([shards, tmp_path], part) for part in ("train", "validation")]
    assert len(both[0]) + len(both[1]) == 96 + 40
    assert set(both[1].ids) >= set(parts[1].ids)
    with pytest.raises(DataMissing, match="twice"):
        load([shards, shards], "train")
    read = options.parser("tagger").parse_args(["--data", "a", "--data", "b", "--out", "c"])
    assert options.options(read).data == (Path("a"), Path("b"))


@pytest.mark.parametrize(
    ("columns", "material", "state"),
    [
        (("lipstick", "metal", "gold", "twisted up, cap off", True), "metal", "open"),
        (("perfume", "glass", "frosted", "closed", False), "clear glass or plastic", "closed"),
        (("perfume", "glass", "black", "with its carton", False), "glossy plastic", "closed"),
        (("cleanser", "glass", "clear", "with its carton", True), "clear glass or plastic", ""),
        (("lip liner", "soft-touch", "black", "in a row", False), "matte plastic", ""),
        (("lipstick", "lacquer", "black", "twisted up, beside a closed one", True), "glossy plastic", "open"),
        (("lip gloss", "plastic", "clear", "in a row, closed", True), "clear glass or plastic", "closed"),
        (("nail polish", "glass", "clear", "worn on nails, with the bottle", True), "clear glass or plastic", "worn"),
        (("lipstick", "", "", "swatches on an arm", True), "", "swatch"),
        (("cleanser", "", "", "bare", True), "", ""),
        (("brush or tool", "wood", "brown", "single", False), "wood", ""),
        (("makeup set", "plastic", "black", "grouped", True), "glossy plastic", ""),
    ],
)
def test_packages_are_classes_of_the_vocabulary(
    columns: tuple[str, str, str, str, bool], material: str, state: str
) -> None:
    found = packaging_truth(*columns)
    assert (found.material, found.state) == (material, state)


def test_every_class_of_packages_occurs_in_the_vocabulary() -> None:
    assert set(MATERIALS.values()) | {""} == {term.label for term in packaging_materials()} | {""}
    assert {"open", "closed", "swatch", "worn"} == {term.label for term in packaging_states()}


def test_masks_move_with_the_picture_and_colours_stay(parts: tuple[Renders, Renders]) -> None:
    train, _ = parts
    plain = Augmentation(blur=0, noise=0, jpeg=0)
    pixels, masks = augment(train.images[:16], 112, plain, torch.Generator().manual_seed(1), train.regions[:16])
    assert masks is not None and not torch.equal(masks[0], masks[1])
    for image, mask, source, regions in zip(pixels, masks, train.images, train.regions, strict=False):
        inside = -functional.max_pool2d(-(mask == 2).float()[None], 7, 1, 3)[0] > 0  # away from edges
        assert inside.sum() > 50
        truth = torch.tensor(source[regions == 2].mean(axis=0) / 255)
        # Exposure and white balance together may move a channel by 2 ** .055, less than 4%.
        assert (image[:, inside].mean(dim=1) - truth).abs().max() < 0.04 * float(truth.max()) + 0.01


def test_the_same_seed_augments_the_same_way(parts: tuple[Renders, Renders]) -> None:
    images = parts[0].images[:4]
    one, two, other = (
        augment(images, 64, Augmentation(), torch.Generator().manual_seed(seed))[0] for seed in (3, 3, 4)
    )
    assert torch.equal(one, two)
    assert not torch.equal(one, other)
    assert one.min() >= 0 and one.max() <= 1


def test_unaugmented_pixels_are_the_picture(parts: tuple[Renders, Renders]) -> None:
    floats = pixels_to_floats(parts[0].images[:2], SIDE)
    assert torch.equal((floats * 255).round().byte().permute(0, 2, 3, 1), torch.from_numpy(parts[0].images[:2]))


# Towers


@needs(LITE0, LITE2)
@pytest.mark.parametrize("variant", [0, 2])
def test_efficientnet_lite_is_exact(variant: int, tmp_path: Path) -> None:
    reference_code = pytest.importorskip("efficientnet_lite_pytorch")
    reference = reference_code.EfficientNet.from_name(f"efficientnet-lite{variant}", image_size=192)
    reference.load_state_dict(torch.load(LITE_WEIGHTS[variant].path(), weights_only=True))
    pixels = torch.randn(2, 3, 192, 192, generator=torch.Generator().manual_seed(0))
    model = efficientnet_lite(variant, 192)
    model.save_pretrained(tmp_path)
    with torch.no_grad():
        truth = reference.eval().extract_features(pixels)
        assert truth.abs().max() > 1
        assert (model(pixels).last_hidden_state - truth).abs().max() < 1e-4
        plain = type(model).from_pretrained(tmp_path).eval()  # with its squeeze-and-excitation in place
        assert (plain(pixels).last_hidden_state - truth).abs().max() < 1e-4
        fold_batch_norm(model)
        assert (model(pixels).last_hidden_state - truth).abs().max() < 1e-3


def test_folding_batch_norm_changes_neither_results_nor_names() -> None:
    model = tiny_lite(0, SMALL).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.7, 1.4)
            torch.nn.init.uniform_(module.weight, 0.7, 1.4)
    names, pixels = set(model.state_dict()), torch.randn(2, 3, SMALL, SMALL)
    with torch.no_grad():
        before = model(pixels).last_hidden_state
        fold_batch_norm(model)
        model.train()  # statistics must stay
        after = model(pixels).last_hidden_state
    assert torch.allclose(before, after, atol=1e-2) and before.abs().max() > 1e-3
    assert set(model.state_dict()) == names


def test_an_open_gate_multiplies_by_one() -> None:
    model = tiny_lite(0, SMALL)
    open_squeeze_excite(model)
    gate = model.encoder.blocks[3].squeeze_excite
    features = torch.randn(1, gate.dim, 4, 4)
    assert torch.equal(type(gate).forward(gate, features), features)


@needs(MINILM)
def test_the_pruned_vocabulary_spells_anything_and_keeps_the_embeddings() -> None:
    pruned = prune(["a holographic lipgloss"], whole_words=50, begin=True)
    tokenizer = pruned.tokenizer(32)
    assert len(pruned.tokens) < 6000
    for text in ("zebraskonium", "Crème de la Mer 24/7!", "holographic"):
        assert tokenizer.unk_token_id not in tokenizer(text)["input_ids"]
    assert tokenizer.tokenize("holographic") == prune(["holographic"], 50).tokenizer(9).tokenize("holographic")
    assert tokenizer.convert_tokens_to_ids("[PAD]") == 0
    assert pruned.tokens[-1] == BEGIN
    assert tokenizer.decode([len(pruned.tokens) - 1], skip_special_tokens=True) == ""


@needs(MINILM)
def test_minilm_layers_compute_what_they_did() -> None:
    full = prune([], whole_words=10**6)
    model = minilm_text(6, full, 64)
    tokens = full.tokenizer(64)(
        ["a matte lipstick", "a lip colour without shine", "a car tyre"], padding=True, return_tensors="pt"
    )
    with torch.no_grad():
        states = model(**tokens).last_hidden_state
    mask = tokens["attention_mask"][..., None]
    unit = functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)  # as all-MiniLM pools
    near, far = float(unit[0] @ unit[1]), float(unit[0] @ unit[2])
    assert near > far + 0.2


@needs(MINILM, FOCUS)
def test_the_captioners_parts_fit_together() -> None:
    pytest.importorskip("onnx")
    pruned = prune(["a lipstick"], whole_words=100, begin=True)
    decoder = minilm_decoder(1, pruned, 32, image_width=384)
    assert isinstance(decoder, BlipTextLMHeadModel)
    vision = focus_vision(1, 56)
    with torch.no_grad():
        patches = vision(torch.randn(1, 3, 56, 56)).last_hidden_state
        logits = decoder(input_ids=torch.tensor([[len(pruned.tokens) - 1]]), encoder_hidden_states=patches).logits
    assert patches.shape == (1, 17, 384) and logits.shape == (1, 1, len(pruned.tokens))
    assert decoder.get_output_embeddings().weight is decoder.get_input_embeddings().weight


def test_weights_of_another_version_are_refused() -> None:
    from finetune.packages import WeightsMissing

    with pytest.raises(WeightsMissing, match="is needed"):
        Weights("x", "torch", "0.0.1", "torch/__init__.py", "0", "none").path()
    version = importlib.metadata.version("torch")
    with pytest.raises(WeightsMissing, match="not the file"):
        Weights("x", "torch", version, "torch/__init__.py", "0", "none").path()


# Losses and schedules


def test_pairs_that_may_be_true_are_not_pushed_apart() -> None:
    texts = ["A red lipstick.", "a photo of a lipstick.", "A red lipstick, open.", "A serum."]
    groups = [("lipstick", "red"), ("lipstick", "pink"), ("lipstick", "red"), ("serum", "")]
    distinct, true, unsure = contrast.pair_targets(texts, [-1, 0, -1, -1], groups)
    assert distinct == texts
    assert true[:, 1].tolist() == [True, True, True, False]  # a type's prompt is true of the type
    assert unsure[0, 2] and unsure[2, 0] and not unsure[1, 0]  # the other red lipstick's caption
    perfect = torch.where(true, 50.0, -50.0)
    assert contrast.contrastive_loss(torch.where(unsure, 50.0, perfect), true, unsure) < 2
    flat = contrast.contrastive_loss(torch.zeros(4, 4), true, unsure)
    assert contrast.contrastive_loss(perfect, true, unsure) < flat


def test_a_hard_negative_differs_from_its_caption_in_one_word() -> None:
    numbers, text, group = np.random.default_rng(0), "A lipstick in soft red, cap off.", ("lipstick", "soft red")
    found = contrast.hard_negatives(text, group, ["lipstick", "serum"], ["", "soft red", "plum"], numbers)
    assert found == [
        ("A lipstick in plum, cap off.", ("lipstick", "plum")),
        ("A serum in soft red, cap off.", ("serum", "soft red")),
    ]
    hidden = contrast.hard_negatives("A serum, closed.", ("serum", ""), ["serum", "perfume"], ["plum"], numbers)
    assert hidden == [("A perfume, closed.", ("perfume", ""))]
    assert contrast.hard_negatives("A bronzer.", ("bronzer or highlighter", ""), ["serum"], [], numbers) == []

    groups = [group, ("lipstick", "plum"), ("serum", "")]
    texts, true, unsure = contrast.pair_targets([text, "A lipstick in plum.", "A serum."], [-1] * 3, groups)
    more, true, unsure = contrast.with_negatives(texts, true, unsure, found, groups)
    assert more == [*texts, *(negative for negative, _ in found)]
    assert not true[:, 3:].any() and unsure[:, 3].tolist() == [False, True, False] and not unsure[:, 4].any()
    perfect = torch.where(true, 50.0, -50.0)
    assert contrast.contrastive_loss(perfect, true, unsure) < 1e-3
    deceived = perfect.clone()
    deceived[0, 3] = 50.0  # taken for the plum one
    assert contrast.contrastive_loss(deceived, true, unsure) > 0.1
    assert contrast.with_negatives(texts, true, unsure, [], groups)[0] == texts


def test_mixed_pictures_are_true_in_part_and_others_stay() -> None:
    mixture = drawn(12, 4, 0.4, np.random.default_rng(0))
    pixels = torch.rand(12, 3, 4, 4)
    mixed = mixture.of(pixels)
    assert torch.equal(mixed[:4], pixels[:4])
    assert set(mixture.partners[4:].tolist()) == set(range(4, 12))
    assert float(mixture.shares.min()) >= 0.5 and (mixture.shares[4:] < 1).any()
    number = int(torch.argmin(mixture.shares))
    share, partner = mixture.shares[number], mixture.partners[number]
    assert torch.allclose(mixed[number], share * pixels[number] + (1 - share) * pixels[partner])
    assert torch.equal(drawn(12, 4, 0.0, np.random.default_rng(0)).of(pixels), pixels)


def test_the_entropy_of_mixtures_is_that_of_both_classes() -> None:
    logits, truth = torch.randn(3, 5), torch.tensor([1, 4, -1])
    alone = Mixture(torch.arange(3), torch.ones(3))
    assert torch.allclose(alone.entropy(logits, truth, 0.1), functional.cross_entropy(
        logits, truth, ignore_index=-1, label_smoothing=0.1
    ))  # fmt: skip
    swapped = Mixture(torch.tensor([1, 0, 2]), torch.tensor([0.75, 1.0, 1.0]))
    own, other, second = (functional.cross_entropy(logits[[n]], truth[[m]]) for n, m in ((0, 0), (0, 1), (1, 1)))
    assert torch.allclose(swapped.entropy(logits, truth), (0.75 * own + 0.25 * other + second) / 2)
    assert float(alone.entropy(logits, torch.full((3,), -1))) == 0.0


def test_temperature_undoes_overconfidence() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(4000, 5, generator=generator)
    truth = torch.multinomial(logits.softmax(1), 1, generator=generator)[:, 0]
    assert calibration.fitted_temperature(logits * 3, truth) == pytest.approx(3, rel=0.15)


def test_the_threshold_accepts_the_share_of_beauty_products() -> None:
    shares = torch.tensor([[0.1, 0.9], [0.6, 0.4]] + [[0.5 + k / 250, 0.5 - k / 250] for k in range(100)])
    truth = torch.tensor([1, 1] + [0] * 100)
    product = calibration.acceptance(shares, truth, other=1)
    assert float((1 - shares[2:, 1] >= product).float().mean()) == pytest.approx(0.95, abs=0.011)
    assert calibration.acceptance(shares[:2], truth[:2], other=1) == 0.0


def test_acceptance_is_fitted_to_renders_as_they_are() -> None:
    labels = [term.label for term in product_types()]
    other, truth = labels.index(OTHER), torch.zeros(100, dtype=torch.long)
    logits = torch.zeros(100, len(labels))
    logits[:, 0], logits[:, other] = 4.0, torch.linspace(-4, 3.9, 100)
    strong = dict.fromkeys(("types", "finishes", "materials", "states", "visibilities"), (logits, truth))
    clean = logits.clone()
    clean[:, other] = -6.0
    fitted, stricter = (calibration.fit(strong, (plain, truth), labels).product for plain in (logits, clean))
    assert fitted is not None and stricter is not None and fitted < stricter


def test_views_are_always_the_same_and_plain_ones_the_pictures(parts: tuple[Renders, Renders]) -> None:
    renders = parts[1]
    plain = torch.cat(list(calibration.Views(renders).batches(SMALL)))
    assert torch.equal(plain, pixels_to_floats(renders.images, SMALL))
    strong = calibration.Views(renders, Augmentation(), times=2)
    first, again = (torch.cat(list(strong.batches(SMALL))) for _ in range(2))
    assert torch.equal(first, again) and len(first) == len(strong) == 2 * len(renders)
    assert not torch.equal(first[: len(renders)], plain)


def test_of_many_renders_fewer_views_do(parts: tuple[Renders, Renders], monkeypatch: pytest.MonkeyPatch) -> None:
    of = partial(calibration.Views.strong, parts[1], Augmentation(), calibration.Restaging())
    assert of().times == calibration.VIEWS
    monkeypatch.setattr(calibration, "ENOUGH", 2 * len(parts[1]))
    assert of().times == 2
    monkeypatch.setattr(calibration, "ENOUGH", 1)
    assert of().times == 1


def test_words_are_as_broad_as_it_takes_to_be_right() -> None:
    labels = ["lipstick", "lip gloss", "serum", "other"]
    sure, unsure = [0.9, 0.05, 0.03, 0.02], [0.5, 0.45, 0.03, 0.02]
    shares = torch.tensor([sure] * 50 + [unsure] * 50)
    truth = torch.tensor([0] * 50 + [0] * 25 + [1] * 25)  # the unsure ones are wrong half of the time, within the group
    likely = calibration.likely_threshold(shares, truth, labels)
    assert 0.5 < likely <= 0.51  # so that the unsure ones are called lip products, and no more than that
    assert calibration.likely_threshold(shares, torch.zeros(100, dtype=torch.long), labels) == pytest.approx(0.3)
    hopeless = torch.full((100,), 3)  # no word is right
    assert calibration.likely_threshold(shares, hopeless, labels) == pytest.approx(0.98)


def test_dice_rewards_overlap() -> None:
    regions = torch.zeros(1, 8, 8, dtype=torch.long)
    regions[:, 2:5, 2:5] = 2
    right = functional.one_hot(regions, 3).permute(0, 3, 1, 2) * 40.0
    assert segmenter.dice_loss(right, regions) < 0.01
    assert segmenter.dice_loss(right.roll(4, dims=3), regions) > 0.8


def test_the_prompt_is_not_learned(tiny_blip: tuple[BlipForConditionalGeneration, object]) -> None:
    model, tokenizer = tiny_blip
    batches = captions.CaptionBatches(tokenizer, model.config.text_config.bos_token_id, 128)
    found = batches("short", ["A berry lipstick.", "A serum."])
    spoken = batches.spoken("short")
    assert (found["labels"][:, :spoken] == captions.IGNORED).all()
    learned = found["labels"][1][found["labels"][1] != captions.IGNORED]
    assert tokenizer.decode(learned) == "a serum. [SEP]"  # type: ignore[attr-defined]
    assert (found["input_ids"][:, 0] == model.config.text_config.bos_token_id).all()


def test_of_a_caption_that_is_too_long_no_end_is_learned(
    tiny_blip: tuple[BlipForConditionalGeneration, object],
) -> None:
    model, tokenizer = tiny_blip
    batches = captions.CaptionBatches(tokenizer, model.config.text_config.bos_token_id, 12)
    long = "A berry lipstick. " * 8
    found = batches("short", [long, "A serum."])
    assert found["input_ids"].shape[1] == 12
    end = tokenizer.sep_token_id  # type: ignore[attr-defined]
    assert [end in row for row in found["labels"].tolist()] == [False, True]
    others = ["日本語の口紅です", "Помада цвета розы", "أحمر شفاه"]
    fit = ["A serum.", "A berry lipstick 💄💄", "Une crème"]
    told = batches.ill_suited({length: [*fit, long, *others] for length in captions.LENGTHS})
    assert told == [
        "2 captions have more than 12 tokens: their ends are not learned.",
        "3 captions are in another script than the captioner's, which is taught English.",
    ]


def test_the_rate_rises_then_falls() -> None:
    rates = [warmup_cosine(progress / 100, 0.1, 0.02) for progress in range(101)]
    assert rates[0] < 0.02 and max(rates) == pytest.approx(1) and rates.index(max(rates)) == 10
    assert rates[-1] == pytest.approx(0.02) and rates[10:] == sorted(rates[10:], reverse=True)


def test_adapters_never_touch_the_tied_head() -> None:
    import re

    yes = [
        "text_decoder.bert.encoder.layer.0.attention.self.query",
        "text_decoder.bert.encoder.layer.11.crossattention.output.dense",
        "text_decoder.bert.encoder.layer.0.intermediate.dense",
        "text_decoder.bert.encoder.layer.0.output.dense",
        "vision_model.encoder.layers.3.self_attn.qkv",
    ]
    no = ["text_decoder.cls.predictions.decoder", "text_decoder.cls.predictions.transform.dense"]
    assert [bool(re.fullmatch(lora.TARGETS, name)) for name in yes + no] == [True] * 5 + [False] * 2


# Trainings


def test_the_tagger_trains_and_its_folder_serves_the_app(
    tiny_tagger: dict[str, object], parts: tuple[Renders, Renders], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="plots need requirements-train.txt")
    trainer = tagger.TaggerTrainer(tiny_tagger, run_options(tmp_path, 4), *parts)
    frozen = trainer.model.vision_model.encoder.blocks[2].projection.project_conv.weight.clone()
    trained = trainer.model.visual_projection.weight.clone()
    found = trainer.run()
    assert 0 <= found["eval_top1"] <= found["eval_top3"] <= 1
    assert 1 / len(product_types()) <= found["eval_likelihood"] <= 1  # calibrated, so no worse than an even guess
    assert torch.equal(frozen, trainer.model.vision_model.encoder.blocks[2].projection.project_conv.weight)
    assert not torch.equal(trained, trainer.model.visual_projection.weight)
    trainer.save(tmp_path / "model")
    folder = export.export("tagger", tmp_path, "made up", tmp_path / "embedded")
    assert "made up" in (folder / "README.md").read_text()
    plain = VisionTextDualEncoderModel.from_pretrained(folder, dtype=torch.float32).eval()
    read = Calibration.from_json(json.loads((folder / "calibration.json").read_text()))
    app = Tagger(plain, trainer.tokenizer, tagger.image_processor(SMALL), read)
    with torch.no_grad():
        pixels = tagger.prepared(pixels_to_floats(parts[1].images[:1], SMALL))
        mine = trainer.embed_images(pixels)[0]
        theirs = functional.normalize(plain.get_image_features(pixel_values=pixels).pooler_output[0], dim=-1)
        texts = (trainer.class_embeddings(trainer.types) * app._type_classes).sum(dim=1)
    assert float(mine @ theirs) > 0.999
    assert float(texts.min()) > 0.95  # rounding the text tower must not undo the whitening of its outputs
    assert len(app.product_type(Image.fromarray(parts[1].images[0])).top) == 5


def test_a_tagger_goes_on_from_a_trained_one(
    tiny_tagger: dict[str, object], parts: tuple[Renders, Renders], tmp_path: Path
) -> None:
    first = tagger.TaggerTrainer(tiny_tagger, run_options(tmp_path / "first", 2), *parts)
    first.run()
    first.save(tmp_path / "model")
    later = replace(run_options(tmp_path / "again", 2), start=tmp_path / "model")
    again = tagger.TaggerTrainer(tiny_tagger, later, *parts)
    pixels = tagger.prepared(pixels_to_floats(parts[1].images[:4], SMALL))
    first.model.eval()
    again.model.eval()
    with torch.no_grad():
        same = (first.embed_images(pixels) * again.embed_images(pixels)).sum(dim=1)
        texts = (first.class_embeddings(first.types) * again.class_embeddings(again.types)).sum(dim=1)
    assert float(same.min()) > 0.999 and float(texts.min()) > 0.999
    # Steps of Adam change what is as large as their rate allows: not weights that storing made small or large.
    mean = again.model.visual_projection.weight.detach().square().mean().sqrt()
    assert float(mean) == pytest.approx(again.model.visual_projection.in_features**-0.5, rel=1e-3)
    assert again.run()["steps"] == 2


def test_a_frozen_text_side_embeds_each_text_once_and_sizes_grow(
    tiny_tagger: dict[str, object],
    parts: tuple[Renders, Renders],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = {**tiny_tagger, "first_size": 96, "first_share": 0.5}
    trainer = tagger.TaggerTrainer(numbers, run_options(tmp_path, 10), *parts)
    trainer.model.eval()
    texts = ["a red lipstick", "a serum", "a red lipstick"]
    found = trainer.text_embeddings(texts)
    assert torch.equal(found[0], found[2])
    assert torch.allclose(found, trainer.embed_texts(trainer.tokens(texts)), atol=1e-5)
    monkeypatch.setattr(trainer, "embed_texts", lambda _: pytest.fail("embedded again"))
    assert torch.equal(found, trainer.text_embeddings(texts))
    monkeypatch.undo()
    sizes = []
    for trainer.drawn in (3, 6, 7):  # of which the second may be made before the step of the switch is over
        trainer.clock.grown = 5 if trainer.drawn > 3 else None
        sizes.append(trainer.batch(np.arange(8))["pixels"].shape[-1])
    assert sizes == [96, 96, SMALL]


def test_the_segmenter_sees_beauty_products_alone(
    monkeypatch: pytest.MonkeyPatch, parts: tuple[Renders, Renders], tmp_path: Path
) -> None:
    monkeypatch.setattr(segmenter, "efficientnet_lite", tiny_lite)
    numbers = recipe("segmenter", size=SMALL, first_size=SMALL, frozen_blocks=0, head_width=16)
    types = ("other", *parts[0].product_types[1:-1], "other")
    train = replace(parts[0], product_types=types, regions=np.zeros_like(parts[0].regions))
    train.regions[[0, -1]] = MATERIAL  # what must not be drawn can be told
    trainer = segmenter.SegmenterTrainer(numbers, run_options(tmp_path, 2), train, parts[1])
    expected = [row for row, name in enumerate(types) if name != "other"]
    assert segmenter.beauty(train).tolist() == trainer.shown.tolist() == expected
    assert not (trainer.batch(np.arange(len(expected)))["regions"] == MATERIAL).any()


def test_a_training_killed_before_its_first_checkpoint_begins_aligned(
    tiny_tagger: dict[str, object], parts: tuple[Renders, Renders], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aligned: list[bool] = []
    monkeypatch.setattr(tagger.TaggerTrainer, "align", lambda self: aligned.append(True))
    tagger.TaggerTrainer(tiny_tagger, run_options(tmp_path, 4, resume=True), *parts)
    assert aligned == [True]
    (tmp_path / "checkpoint-2").mkdir()
    (tmp_path / "checkpoint-2" / "clock.json").write_text('{"seconds": 1}')
    tagger.TaggerTrainer(tiny_tagger, run_options(tmp_path, 4, resume=True), *parts)
    assert aligned == [True]


def test_an_earlier_training_is_not_mixed_with_a_new_one(tmp_path: Path) -> None:
    from finetune.options import options, parser

    arguments = ["--data", str(tmp_path), "--out", str(tmp_path / "run")]
    assert options(parser("tagger").parse_args(arguments)).out.is_dir()
    (tmp_path / "run" / "checkpoint-2").mkdir()
    (tmp_path / "run" / "checkpoint-2" / "clock.json").write_text('{"seconds": 1}')
    with pytest.raises(SystemExit, match="holds an earlier training: go on with it by --resume"):
        options(parser("tagger").parse_args(arguments))
    assert options(parser("tagger").parse_args([*arguments, "--resume"])).resume
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="file cannot be written to"):
        options(parser("tagger").parse_args(["--data", str(tmp_path), "--out", str(tmp_path / "file")]))


@pytest.mark.parametrize("module", [tagger, segmenter])
def test_data_that_is_not_there_is_a_sentence(module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["train", "--data", str(tmp_path / "none"), "--out", str(tmp_path / "run")])
    with pytest.raises(SystemExit, match="none"):
        module.main()


def test_a_wrong_folder_leaves_the_embedded_model_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="plots need requirements-train.txt")
    old = tmp_path / "embedded" / "tagger"
    old.mkdir(parents=True)
    (old / "model.safetensors").write_bytes(b"precious")
    run = tmp_path / "run"
    (run / "model").mkdir(parents=True)
    (run / "model" / "config.json").write_text('{"model_type": "blip"}')
    (run / "metrics.json").write_text('{"eval_top1": 0.5, "steps": 1, "minutes": 1.0, "images_per_second": 1.0}')
    monkeypatch.setattr(export.curves, "read", lambda runs: None)
    with pytest.raises(export.ExportError, match="is no trained tagger"):
        export.export("tagger", run, "made up", tmp_path / "embedded")
    assert [path.name for path in old.parent.iterdir()] == ["tagger"]
    assert (old / "model.safetensors").read_bytes() == b"precious"


def test_the_segmenter_learns_and_its_folder_serves_the_app(
    monkeypatch: pytest.MonkeyPatch, parts: tuple[Renders, Renders], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="plots need requirements-train.txt")
    monkeypatch.setattr(segmenter, "efficientnet_lite", tiny_lite)
    numbers = recipe("segmenter", size=SMALL, first_size=96, frozen_blocks=0, head_width=16)
    trainer = segmenter.SegmenterTrainer(numbers, run_options(tmp_path, 18), *parts)
    first = trainer.batch(np.arange(8))
    assert first["pixels"].shape[-2:] == first["regions"].shape[-2:] == (96, 96)
    found = trainer.run()
    assert 0 < found["eval_miou"] <= 1
    records = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    losses = [record["loss"] for record in records if "loss" in record]
    assert len(losses) == 18 and np.mean(losses[-6:]) < np.mean(losses[:6])
    trainer.save(tmp_path / "model")
    later = segmenter.SegmenterTrainer(
        numbers, replace(run_options(tmp_path / "later", 1), start=tmp_path / "model"), *parts
    )
    assert later.metrics()["miou"] == pytest.approx(found["eval_miou"], abs=1e-3)
    folder = export.export("segmenter", tmp_path, "made up", tmp_path / "embedded")
    plain = segmenter.BeautySegmenter.from_pretrained(folder, dtype=torch.float32).eval()
    image = Image.fromarray(parts[1].images[0])
    assert Segmenter(plain, segmenter.image_processor(SMALL)).regions(image).shape == (SIDE, SIDE)


TWO_PROCESSES = """
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from test_finetune import SMALL, load, recipe, run_options, segmenter, tiny_lite
segmenter.efficientnet_lite = tiny_lite
shards, out = Path(sys.argv[1]), Path(sys.argv[2])
numbers = recipe("segmenter", size=SMALL, first_size=SMALL, frozen_blocks=0, head_width=16, evaluations=1)
trainer = segmenter.SegmenterTrainer(numbers, run_options(out, 3), load(shards, "train"), load(shards, "validation"))
trainer.finish()
total = float(sum(parameter.detach().double().abs().sum() for parameter in trainer.model.parameters()))
drawn = int(trainer.numbers.integers(10**9))
(out / f"rank{trainer.args.process_index}").write_text(f"{trainer.args.world_size} {total!r} {drawn}")
"""


def test_two_processes_train_one_model(shards: Path, tmp_path: Path) -> None:
    root = Path(__file__).parent
    (tmp_path / "script.py").write_text(TWO_PROCESSES)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root.parent)]), "OMP_NUM_THREADS": "1"}
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    done = subprocess.run(
        [*launch, str(tmp_path / "script.py"), str(shards), str(tmp_path / "out")],
        check=False, env=environment, timeout=240, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = ((tmp_path / "out" / f"rank{rank}").read_text().split() for rank in (0, 1))
    assert first[0] == second[0] == "2"
    assert first[1] == second[1]  # the gradients are shared, so the weights stay the same
    assert first[2] != second[2]  # each augments its own rows in its own way
    assert (tmp_path / "out" / "model" / "config.json").is_file()


def test_a_killed_captioner_training_resumes_and_an_adapter_fits_its_folder(
    monkeypatch: pytest.MonkeyPatch,
    tiny_blip: tuple[BlipForConditionalGeneration, object],
    parts: tuple[Renders, Renders],
    tmp_path: Path,
) -> None:
    pytest.importorskip("matplotlib", reason="plots need requirements-train.txt")

    class Killed(Exception):
        pass

    def kill(self: captioner.BaseCaptionTrainer, *_: object, **__: object) -> torch.Tensor:
        raise Killed

    chosen = run_options(tmp_path / "base", 6)
    killed = base_trainer(monkeypatch, tiny_blip, parts, chosen, evaluations=3)
    normal = captioner.BaseCaptionTrainer.compute_loss
    calls: list[int] = []

    def third(self: captioner.BaseCaptionTrainer, *given: object, **named: object) -> torch.Tensor:
        calls.append(1)
        return (kill if len(calls) > 3 else normal)(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(captioner.BaseCaptionTrainer, "compute_loss", third)
    with pytest.raises(Killed):
        killed.run()
    spent = json.loads((tmp_path / "base" / "checkpoint-2" / clock.CLOCK_FILE).read_text())["seconds"]

    monkeypatch.setattr(captioner.BaseCaptionTrainer, "compute_loss", normal)
    again = run_options(tmp_path / "base", 6, resume=True)
    trainer = base_trainer(monkeypatch, tiny_blip, parts, again, evaluations=3)
    found = trainer.run()
    assert found["steps"] == 6 and trainer.clock.elapsed > spent > 0
    steps = [json.loads(line)["step"] for line in (tmp_path / "base" / "log.jsonl").read_text().splitlines()]
    assert steps.count(2) >= 1 and steps.count(1) == 1  # step 1 was not done again

    trainer.save(tmp_path / "base" / "model")
    folder = export.export("captioner", tmp_path / "base", "made up", tmp_path / "embedded")
    plain, loading = BlipForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    assert not loading["missing_keys"] and not loading["unexpected_keys"]
    styles = CaptionStyles.from_json(json.loads((folder / "captioner.json").read_text()))
    app = Captioner(plain.eval(), trainer.tokenizer, BlipImageProcessorPil.from_pretrained(folder), styles)
    assert isinstance(app.caption(Image.fromarray(parts[1].images[0]), "short"), str)

    numbers = recipe("lora", generated=2, rank=2)
    adapter = lora.LoraTrainer(locate("captioner", str(folder)), numbers, run_options(tmp_path / "lora", 2), parts)
    base = {name: value.clone() for name, value in adapter.model.named_parameters() if not value.requires_grad}
    adapter.run()
    assert all(torch.equal(base[name], value) for name, value in adapter.model.named_parameters() if name in base)
    adapter.save(tmp_path / "lora" / "model")
    exported = export.export("captioner-lora", tmp_path / "lora", "made up", tmp_path / "embedded")
    assert {path.name for path in exported.iterdir()} >= {"adapter_config.json", "captioner.json", "README.md"}


@pytest.mark.parametrize("killed_at", [3, 4])  # right after a checkpoint, and with a step to do again
def test_a_killed_training_ends_as_an_uninterrupted_one(
    monkeypatch: pytest.MonkeyPatch,
    parts: tuple[Renders, Renders],
    tmp_path: Path,
    killed_at: int,
) -> None:
    class Killed(Exception):
        pass

    monkeypatch.setattr(segmenter, "efficientnet_lite", tiny_lite)
    # The images grow at a checkpoint, behind which a resumed training makes its first batch anew.
    growing = {"size": SMALL, "first_size": SMALL // 2, "first_share": 1 / 3}
    numbers = recipe("segmenter", **growing, frozen_blocks=0, head_width=16, batch=32, evaluations=3)

    def trainer(folder: str, resume: bool = False) -> segmenter.SegmenterTrainer:
        return segmenter.SegmenterTrainer(
            numbers, run_options(tmp_path / folder, 6, resume), *parts
        )  # 2 steps an epoch

    whole = trainer("whole")
    found = whole.run()
    killed, losses = trainer("killed"), segmenter.SegmenterTrainer.compute_loss
    done: list[int] = []

    def lethal(self: segmenter.SegmenterTrainer, *given: object, **named: object) -> torch.Tensor:
        if len(done) == killed_at - 1:
            raise Killed
        done.append(1)
        return losses(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(segmenter.SegmenterTrainer, "compute_loss", lethal)
    with pytest.raises(Killed):
        killed.run()
    monkeypatch.setattr(segmenter.SegmenterTrainer, "compute_loss", losses)
    half_written = tmp_path / "killed" / "checkpoint-5"  # as a kill while saving leaves it
    half_written.mkdir()
    resumed = trainer("killed", resume=True)
    again = resumed.run()
    assert again["eval_miou"] == found["eval_miou"] and again["steps"] == found["steps"] == 6
    ends = resumed.model.state_dict()
    assert all(torch.equal(value, ends[name]) for name, value in whole.model.state_dict().items())


@pytest.mark.skipif(not torch.cpu._is_avx512_bf16_supported(), reason="this processor has no AVX-512-BF16")
def test_the_recipes_bfloat16_reaches_the_parts_that_losses_call(
    tiny_tagger: dict[str, object], parts: tuple[Renders, Renders], tmp_path: Path
) -> None:
    trainer = tagger.TaggerTrainer({**tiny_tagger, "bf16": True}, run_options(tmp_path, 1), *parts)
    tower: list[torch.dtype] = []
    projection: list[torch.dtype] = []
    last = trainer.model.vision_model.encoder.top_conv
    last.register_forward_hook(lambda _, __, output: tower.append(output.dtype))
    trainer.model.visual_projection.register_forward_hook(lambda _, __, output: projection.append(output.dtype))
    trainer.train()
    assert set(tower) == {torch.bfloat16} and len(tower) >= 2  # in training and in evaluation
    assert set(projection) == {torch.float32}  # bfloat16 would drown what images differ in


def test_time_ends_a_training(
    monkeypatch: pytest.MonkeyPatch,
    tiny_blip: tuple[BlipForConditionalGeneration, object],
    parts: tuple[Renders, Renders],
    tmp_path: Path,
) -> None:
    ticks = itertools.count()  # a tenth of a second a step, however busy the machine is
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: next(ticks) / 10))
    chosen = Options((), tmp_path, Path(), 0.02, None, False)
    trainer = base_trainer(monkeypatch, tiny_blip, parts, chosen, evaluations=1, distillation_weight=0.0)
    found = trainer.run()
    assert found["steps"] == 12 and found["minutes"] == pytest.approx(0.02)
    group, numbers = trainer.optimizer.param_groups[0], trainer.recipe
    planned = warmup_cosine(11 / 12, float(numbers["warmup"]), float(numbers["floor"]))  # as the last step began
    assert group["lr"] == pytest.approx(planned * group["initial_lr"])
