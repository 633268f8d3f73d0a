"""Our search against transformers' `generate`, token for token, on tiny models with random weights."""

from __future__ import annotations

import functools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from peft import LoraConfig, get_peft_model
from torch import nn
from torch.nn import functional
from transformers import BlipConfig, BlipForConditionalGeneration

from beauty_vlm.models import network
from beauty_vlm.models.attention import rounded_attention
from beauty_vlm.models.batching import Batcher
from beauty_vlm.models.decoding import Search, search
from beauty_vlm.models.int8 import Int8Linear
from beauty_vlm.models.network import CaptionNetwork
from beauty_vlm.models.packed import PackedLinear, can_pack

VOCABULARY, END, BOS, SIDE = 40, 2, 4, 24
ACTIVATIONS = ("gelu", "relu", "quick_gelu")


@functools.cache
def blip(seed: int) -> BlipForConditionalGeneration:
    """Another geometry and activation each; weights so large that captions differ and end early."""
    torch.manual_seed(seed)
    wide = 48 if seed % 2 else 32
    config = BlipConfig(
        text_config={
            "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1 + seed % 3, "num_attention_heads": 4,
            "encoder_hidden_size": wide, "vocab_size": VOCABULARY, "max_position_embeddings": 40, "pad_token_id": 0,
            "bos_token_id": BOS, "eos_token_id": END, "sep_token_id": END, "initializer_range": 0.4,
            "hidden_act": ACTIVATIONS[seed % 3],
        },
        vision_config={
            "hidden_size": wide, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
            "image_size": SIDE, "patch_size": 8, "initializer_range": 0.2, "hidden_act": ACTIVATIONS[seed % 3],
        },
    )  # fmt: skip
    model = BlipForConditionalGeneration(config).eval()
    for name, weight in model.named_parameters():
        if name.endswith("bias"):
            nn.init.normal_(weight, std=0.3)
        elif "LayerNorm.weight" in name:
            nn.init.normal_(weight, mean=1.0, std=0.3)
    with torch.no_grad():
        model.text_decoder.cls.predictions.decoder.bias[END] += seed  # 0 hardly ever ends, 5 soon
    return model


def photos(count: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))


def by_transformers(
    model: BlipForConditionalGeneration, pixels: torch.Tensor, prompt: list[int], how: Search
) -> tuple[list[list[tuple[int, ...]]], torch.Tensor | None]:
    """All beams of each photo as `generate` returns them, cut at their end, and their scores."""
    ids = torch.tensor([[*prompt, END]]).repeat(len(pixels), 1)  # `generate` drops the last
    with torch.inference_mode():
        found = model.generate(
            pixel_values=pixels, input_ids=ids, do_sample=False, num_beams=how.beams, num_return_sequences=how.beams,
            min_new_tokens=how.min_new_tokens, max_new_tokens=how.max_new_tokens,
            repetition_penalty=how.repetition_penalty, return_dict_in_generate=True, output_scores=True,
        )  # fmt: skip
    rows = [row[len(prompt) :] for row in found.sequences.tolist()]
    ended = [tuple(row[: row.index(END)] if END in row else row) for row in rows]
    beams = [ended[at : at + how.beams] for at in range(0, len(ended), how.beams)]
    scores = found.sequences_scores.view(len(pixels), how.beams) if how.beams > 1 else None
    return beams, scores


def spoken(model: BlipForConditionalGeneration, pixels: torch.Tensor, prompt: list[int], how: Search) -> list:
    return search(CaptionNetwork(model), pixels, torch.tensor(prompt), how)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 5),
    pictures=st.integers(0, 10_000),
    count=st.integers(1, 5),
    words=st.lists(st.integers(5, VOCABULARY - 1), max_size=4),
    beams=st.integers(1, 6),
    least=st.integers(0, 12),
    more=st.integers(0, 12),
    penalty=st.sampled_from([1.0, 1.2, 0.8, 2.5]),
)
def test_the_tokens_are_those_of_generate(
    seed: int, pictures: int, count: int, words: list[int], beams: int, least: int, more: int, penalty: float
) -> None:
    how = Search(max(1, least + more), least, beams, penalty)
    pixels, prompt = photos(count, pictures), [BOS, *words]
    expected, scores = by_transformers(blip(seed), pixels, prompt, how)
    found = spoken(blip(seed), pixels, prompt, how)
    assert [[one.tokens for one in photo] for photo in found] == expected
    if scores is not None:
        assert torch.allclose(torch.tensor([[one.score for one in photo] for photo in found]), scores, atol=1e-4)


def test_photos_that_end_at_different_times_do_not_touch_each_other() -> None:
    how, pixels = Search(30, beams=3), photos(12)
    together = spoken(blip(4), pixels, [BOS, 9], how)
    lengths = {len(photo[0].tokens) for photo in together}
    assert len(lengths) > 2  # some left the batch before others
    alone = [spoken(blip(4), pixel[None], [BOS, 9], how)[0] for pixel in pixels]
    assert [[one.tokens for one in photo] for photo in together] == [[one.tokens for one in photo] for photo in alone]


def test_the_logits_are_those_of_transformers() -> None:
    tokens, pixels = torch.tensor([[BOS, 7, 8, 9]]).repeat(3, 1), photos(3)
    for seed in range(3):
        with torch.inference_mode():
            expected = blip(seed)(pixel_values=pixels, input_ids=tokens).logits
            assert torch.allclose(CaptionNetwork(blip(seed))(pixels, tokens), expected, atol=1e-4, rtol=1e-4)


def test_the_score_is_the_mean_log_probability_of_the_tokens() -> None:
    pixels = photos(1)
    for beams in (1, 3):
        best = spoken(blip(1), pixels, [BOS, 9], Search(12, beams=beams))[0][0]
        said = [*best.tokens, *([END] if len(best.tokens) < 12 else [])]
        with torch.inference_mode():
            tokens = torch.tensor([[BOS, 9, *said]])
            steps = blip(1)(pixel_values=pixels, input_ids=tokens).logits[0, 1:-1].log_softmax(dim=-1)
        mean = steps.gather(1, torch.tensor(said)[:, None]).mean()
        assert best.score == pytest.approx(float(mean), abs=1e-4)


def test_an_adapter_may_stay_beside_the_weights() -> None:
    torch.manual_seed(3)
    from copy import deepcopy

    config = LoraConfig(r=2, target_modules=["query", "value", "qkv", "dense"], init_lora_weights=False)
    adapted = get_peft_model(deepcopy(blip(2)), config).eval()
    how, pixels = Search(12, beams=3), photos(2)
    beams, _ = by_transformers(adapted, pixels, [BOS, 9], how)
    found = spoken(adapted, pixels, [BOS, 9], how)
    assert [[one.tokens for one in photo] for photo in found] == beams
    plain = spoken(blip(2), pixels, [BOS, 9], how)
    assert [photo[0].tokens for photo in plain] != [photo[0].tokens for photo in found]


def test_eight_bits_stay_near() -> None:
    torch.manual_seed(0)
    linear, inputs = nn.Linear(96, 50), torch.randn(7, 96)
    with torch.inference_mode():
        expected, found = linear(inputs), Int8Linear(linear)(inputs)
    error = (found - expected).square().mean().sqrt() / expected.square().mean().sqrt()
    assert 0 < error < 0.02
    without = nn.Linear(8, 4, bias=False)
    nn.init.zeros_(without.weight)
    assert Int8Linear(without)(torch.ones(2, 8)).abs().max() == 0  # a row of zeros has no scale to divide by


@pytest.mark.skipif(not can_pack(), reason="this torch has no oneDNN")
@pytest.mark.parametrize("shape", [(96,), (1, 96), (2, 96), (7, 96), (2, 5, 96), (145, 96)])
def test_packed_weights_make_the_same_products(shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    inputs = torch.randn(shape)
    for linear in (nn.Linear(96, 50), nn.Linear(96, 33, bias=False)):
        with torch.inference_mode():
            expected, found = linear(inputs), PackedLinear(linear)(inputs)
        assert found.shape == expected.shape
        assert torch.allclose(found, expected, atol=1e-5)


def test_weights_of_a_kind_that_cannot_be_arranged_are_told() -> None:
    assert not can_pack(torch.float64)  # as bfloat16 on a processor without AVX-512: oneDNN refuses it


@pytest.mark.skipif(not can_pack(), reason="this torch has no oneDNN")
@pytest.mark.parametrize("beams", [1, 3])
def test_packed_weights_say_the_same(beams: int) -> None:
    how, pixels = Search(12, beams=beams), photos(3)
    for seed in range(3):
        beams_found, _ = by_transformers(blip(seed), pixels, [BOS, 9], how)
        found = search(CaptionNetwork(blip(seed), PackedLinear), pixels, torch.tensor([BOS, 9]), how)
        assert [[one.tokens for one in photo] for photo in found] == beams_found


@pytest.mark.parametrize("patches", [1, 17, 145])
def test_rounded_attention_is_attention_to_the_rounding_of_bf16(patches: int) -> None:
    torch.manual_seed(0)
    states = torch.randn(2, patches, 3, 4, 16)  # as one product of queries, keys and values leaves them
    query, key, value = states.permute(2, 0, 3, 1, 4).unbind(0)
    expected, found = functional.scaled_dot_product_attention(query, key, value), rounded_attention(query, key, value)
    assert found.shape == expected.shape and found.dtype == expected.dtype
    assert float((found - expected).norm() / expected.norm()) < 2**-7


def test_attention_is_rounded_beside_8_bit_layers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for computes, convert, rounded in ((True, Int8Linear, True), (True, None, False), (False, Int8Linear, False)):
        monkeypatch.setattr(network, "computes_bf16", lambda computes=computes: computes)
        layers = CaptionNetwork(blip(0), convert).vision.layers
        assert all((layer.attend is rounded_attention) == rounded for layer in layers)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu_the_tokens_are_the_same() -> None:
    from copy import deepcopy

    how, pixels = Search(20, beams=3), photos(5)
    here = spoken(blip(0), pixels, [BOS, 9], how)
    there = spoken(deepcopy(blip(0)).cuda(), pixels, [BOS, 9], how)
    assert [photo[0].tokens for photo in there] == [photo[0].tokens for photo in here]


def test_requests_that_wait_together_share_a_batch() -> None:
    sizes: list[tuple[str, int]] = []
    gate = threading.Event()

    def work(key: str, items: list[int]) -> list[int]:
        gate.wait(5)
        sizes.append((key, len(items)))
        return [item * 10 for item in items]

    batcher: Batcher[str, int, int] = Batcher(work, wait_s=0.05, most=4)
    with ThreadPoolExecutor(13) as pool:
        first = pool.submit(batcher, "a", 0)
        time.sleep(0.1)  # it is at work now, and the others have to wait
        others = [pool.submit(batcher, "a" if number % 2 else "b", number) for number in range(1, 13)]
        time.sleep(0.1)
        gate.set()
        assert [first.result(), *(other.result() for other in others)] == [number * 10 for number in range(13)]
    assert all(size <= 4 for _, size in sizes)
    assert sum(size for _, size in sizes) == 13
    assert len(sizes) <= 6


def test_a_failure_reaches_all_of_its_batch_and_nobody_else() -> None:
    def work(key: str, items: list[int]) -> list[int]:
        if key == "bad":
            raise ValueError("no")
        return items

    batcher: Batcher[str, int, int] = Batcher(work, wait_s=0.02)
    with ThreadPoolExecutor(4) as pool:
        bad = [pool.submit(batcher, "bad", number) for number in range(2)]
        good = pool.submit(batcher, "good", 7)
        assert good.result() == 7
        for one in bad:
            with pytest.raises(ValueError, match="no"):
                one.result()
    assert batcher("good", 8) == 8
