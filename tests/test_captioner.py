"""Lengths, prompts and tidying, on a tiny BLIP with random weights."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tiny_models
import torch
from PIL import Image
from transformers import BlipImageProcessorPil, CLIPImageProcessorPil

from beauty_vlm.models.canvas import as_pixels
from beauty_vlm.models.captioner import CaptionStyles, tidy
from beauty_vlm.models.decoding import Hypothesis, Search, tell
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.picture import square

STYLES = {
    "prompts": {"short": "in short :", "normal": "a :", "detailed": "in detail :"},
    "max_new_tokens": {"short": 4, "normal": 8, "detailed": 16},
    "num_beams": 2,
}


def load(folder: Path) -> Loader:
    return Loader(Settings(captioner=str(folder), adapter="none", device="cpu"))


@pytest.fixture
def image() -> Image.Image:
    return Image.linear_gradient("L").resize((80, 50)).convert("RGB")


def test_the_prompt_is_given_and_not_repeated(
    tmp_path: Path, image: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def watched(network: object, patches: torch.Tensor, prompt: torch.Tensor, how: Search) -> list[list[Hypothesis]]:
        found = tell(network, patches, prompt, how)
        given.append((prompt.tolist(), how, found[0][0].tokens))
        return found

    monkeypatch.setattr("beauty_vlm.models.captioner.tell", watched)
    captioner = load(tiny_models.save_captioner(tmp_path / "m", styles=STYLES)).captioner()
    tokenizer = tiny_models.tokenizer()
    for length, most in STYLES["max_new_tokens"].items():
        caption = captioner.caption(image, length)
        prompt, how, tokens = given.pop()
        words = tokenizer(STYLES["prompts"][length], add_special_tokens=False)["input_ids"]
        assert prompt == [tiny_models.BOS, *words]
        assert how == Search(max_new_tokens=most, min_new_tokens=0, beams=2)
        assert len(tokens) <= most
        assert caption == tidy(tokenizer.decode(tokens, skip_special_tokens=True))


def test_candidates_are_the_best_captions_first(tmp_path: Path, image: Image.Image) -> None:
    captioner = load(tiny_models.save_captioner(tmp_path / "m", styles=STYLES)).captioner()
    for count in (1, 2, 5):
        found = captioner.candidates(image, "normal", count)
        assert 1 <= len(found) <= count
        assert len({candidate.text for candidate in found}) == len(found)
        scores = [candidate.log_probability for candidate in found]
        assert scores == sorted(scores, reverse=True) and max(scores) < 0
    assert captioner.caption(image) == captioner.candidates(image)[0].text
    assert len(captioner.candidates(image, "normal", 5)) > 1
    with pytest.raises(ValueError, match="At least one"):
        captioner.candidates(image, "normal", 0)


def test_captions_of_a_batch_are_those_one_by_one(tmp_path: Path, image: Image.Image) -> None:
    captioner = load(tiny_models.save_captioner(tmp_path / "m", styles=STYLES)).captioner()
    images = [image, image.transpose(Image.Transpose.ROTATE_90), Image.new("RGB", (40, 90), "pink")]
    for length in STYLES["prompts"]:
        assert captioner.captions(images, length) == [captioner.caption(one, length) for one in images]
    assert captioner.captions([]) == []


def test_a_published_captioner_says_more_when_asked(tmp_path: Path, image: Image.Image) -> None:
    captioner = load(tiny_models.save_captioner(tmp_path / "m")).captioner()
    short, detailed = captioner.caption(image, "short"), captioner.caption(image, "detailed")
    assert len(detailed.split()) > len(short.split())


def test_captions_are_deterministic_in_any_thread(tmp_path: Path, image: Image.Image) -> None:
    captioner = load(tiny_models.save_captioner(tmp_path / "m")).captioner()
    alone = captioner.caption(image)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(captioner.caption, [image] * 8)) == {alone}


def test_an_adapter_brings_its_own_prompts(tmp_path: Path) -> None:
    captioner = tiny_models.save_captioner(tmp_path / "m")
    adapter = tiny_models.save_adapter(tmp_path / "lora", captioner, styles=STYLES)
    loader = Loader(Settings(captioner=str(captioner), adapter=str(adapter), device="cpu"))
    assert loader.captioner()._styles.short.prompt == "in short :"


@pytest.mark.parametrize("styles", [{}, {"prompts": {}}, {**STYLES, "max_new_tokens": {"short": 1}}])
def test_broken_prompts_are_one_sentence(tmp_path: Path, styles: dict) -> None:
    tiny_models.save_captioner(tmp_path / "m", styles=styles)
    if styles:
        with pytest.raises(ModelUnavailable, match="does not load"):
            load(tmp_path / "m").captioner()
        with pytest.raises(KeyError):
            CaptionStyles.from_json(styles)
    else:
        assert load(tmp_path / "m").captioner()._styles.short.prompt == ""


def test_more_tokens_than_positions_are_not_asked_for(tmp_path: Path, image: Image.Image) -> None:
    many = {**STYLES, "max_new_tokens": {"short": 500, "normal": 500, "detailed": 500}}
    captioner = load(tiny_models.save_captioner(tmp_path / "m", styles=many)).captioner()
    assert isinstance(captioner.caption(image, "detailed"), str)


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("a lip gloss , the brand ' s own .", "a lip gloss, the brand's own."),
        ("a twist - up lipstick  ( open )", "a twist-up lipstick (open)"),
        ("", ""),
        ("the surface isn ' t matte", "the surface isn't matte"),
    ],
)
def test_tidying(raw: str, tidied: str) -> None:
    assert tidy(raw) == tidied


@pytest.mark.parametrize("size", [(80, 50), (50, 80), (4000, 3), (32, 32)])
def test_the_canvas_holds_the_whole_photo_on_its_own_background(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, (200, 180, 160))
    canvas, (left, top, right, bottom) = square(image, 32)
    assert canvas.size == (32, 32)
    assert canvas.getcolors() == [(32 * 32, (200, 180, 160))]
    assert max(right - left, bottom - top) == 32
    assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.1) or min(size) == 3


@pytest.mark.parametrize(
    "changes", [{}, {"do_normalize": False}, {"do_rescale": False}, {"image_mean": [0.1, 0.5, 0.9]}]
)
@pytest.mark.parametrize("kind", [BlipImageProcessorPil, CLIPImageProcessorPil])
def test_the_pixels_are_those_of_the_image_processor(kind: type, changes: dict[str, object]) -> None:
    size = {"height": 32, "width": 32}
    crop = {"crop_size": size} if kind is CLIPImageProcessorPil else {}
    processor = kind(size=size, **crop, **changes)
    noise = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    canvases = [Image.fromarray(picture) for picture in noise]
    expected = processor(canvases, return_tensors="pt")["pixel_values"]
    found = as_pixels(canvases, processor)
    assert found.dtype == torch.float32 and found.shape == (2, 3, 32, 32)
    assert torch.allclose(found, expected.float(), rtol=1e-5, atol=1e-5)
