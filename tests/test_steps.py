"""Steps of fixed shape find what free ones find, and hold nothing that a CUDA graph could not."""

from __future__ import annotations

import logging

import pytest
import torch
from test_decoding import BOS, blip, photos
from torch import nn
from torch.fx.experimental.proxy_tensor import make_fx

from beauty_vlm.models.decoding import Hypothesis, Search, search
from beauty_vlm.models.layers import Convert
from beauty_vlm.models.network import CaptionNetwork
from beauty_vlm.models.steps import KEPT, FreeSteps, Stepper, Work, as_cuda_graph

PROMPT = torch.tensor([BOS, 9])


class Recorder:
    """Records as a CUDA graph does, on any device: the operations of one run, on the memory of that run.

    Work that asks for a value cannot be recorded; what depends on the position by a shape is done wrong later.
    """

    def __init__(self) -> None:
        self.recorded = 0

    def __call__(self, work: Work) -> Work:
        graph = make_fx(lambda: work())()
        self.recorded += 1

        def again() -> None:
            with torch.inference_mode():
                graph()

        return again


def fixed(seed: int, convert: Convert | None = None) -> tuple[CaptionNetwork, Recorder]:
    network, recorder = CaptionNetwork(blip(seed), convert), Recorder()
    network.stepper = Stepper(network.decoder, recorder)
    return network, recorder


def tokens(found: list[list[Hypothesis]]) -> list[list[tuple[int, ...]]]:
    return [[one.tokens for one in photo] for photo in found]


@pytest.mark.parametrize("how", [
    Search(1), Search(2), Search(20), Search(20, 6), Search(16, beams=3), Search(16, 5, 4, repetition_penalty=1.3),
])  # fmt: skip
def test_recorded_steps_find_the_same_captions(how: Search) -> None:
    for seed in range(6):
        network, recorder = fixed(seed)
        for pictures, count in ((0, 3), (1, 3), (2, 1), (3, 5), (4, 3), (5, 1), (6, 5), (7, 3)):  # as met
            pixels = photos(count, pictures)
            expected = search(CaptionNetwork(blip(seed)), pixels, PROMPT, how)
            found = search(network, pixels, PROMPT, how)
            assert tokens(found) == tokens(expected)
            scores = [[one.score for one in photo] for photo in found]
            assert scores == [pytest.approx([one.score for one in photo], abs=1e-4) for photo in expected]
        assert recorder.recorded >= 3


def test_a_shape_met_again_is_recorded_once_and_few_are_kept() -> None:
    network, recorder = fixed(1)
    for count in (1, 1, 2, 1, 2):
        search(network, photos(count), PROMPT, Search(8))
    assert recorder.recorded == 2
    for count in range(3, 3 + KEPT):
        for _ in range(2):
            search(network, photos(count), PROMPT, Search(8))
    assert recorder.recorded == 2 + KEPT
    search(network, photos(1), PROMPT, Search(8))  # not kept any more
    for _ in range(2):
        search(network, photos(1), PROMPT, Search(9))  # more room is another shape
    assert recorder.recorded == 4 + KEPT


def test_what_cannot_be_recorded_goes_on_step_by_step(caplog: pytest.LogCaptureFixture) -> None:
    class Asking(nn.Module):  # as LLM.int8 asks for outliers
        def __init__(self, linear: nn.Linear) -> None:
            super().__init__()
            self.linear = linear

        def forward(self, states: torch.Tensor) -> torch.Tensor:
            return self.linear(states) * (1.0 if float(states.detach().abs().max()) >= 0 else 2.0)

    network, recorder = fixed(2, Asking)
    expected = search(CaptionNetwork(blip(2)), photos(2), PROMPT, Search(8))
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert tokens(search(network, photos(2), PROMPT, Search(8))) == tokens(expected)
        assert tokens(search(network, photos(2), PROMPT, Search(8))) == tokens(expected)
    assert recorder.recorded == 0
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "The decoder's steps cannot be a CUDA graph and go on one by one"
    ]


def test_on_the_processor_steps_are_free() -> None:
    network = CaptionNetwork(blip(0))
    with torch.inference_mode():
        seen = network.decoder.look(network.look(photos(2)))
        assert isinstance(network.stepper.steps(network.decoder.cache(2, 8), seen, 2), FreeSteps)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("beams", [1, 3])
def test_a_cuda_graph_finds_the_same_captions(beams: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from copy import deepcopy

    recorded: list[Work] = []
    monkeypatch.setattr(
        "beauty_vlm.models.steps.as_cuda_graph", lambda work: recorded.append(work) or as_cuda_graph(work)
    )
    network, how = CaptionNetwork(deepcopy(blip(0)).cuda()), Search(20, beams=beams)
    for pictures in range(3):
        expected = search(CaptionNetwork(blip(0)), photos(4, pictures), PROMPT, how)
        assert tokens(search(network, photos(4, pictures), PROMPT, how)) == tokens(expected)
    assert len(recorded) == 1
