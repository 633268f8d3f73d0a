"""The benchmark on tiny models: what it counts, agrees on and prints; never how long anything takes."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest
import tiny_models
import torch
from transformers import BlipForConditionalGeneration
from typer.testing import CliRunner

from beauty_vlm.benchmark import captioners, ceilings, floors, geometry, memory, others, page, run
from beauty_vlm.benchmark.photos import as_image, read_photos
from beauty_vlm.benchmark.timing import Effort, Latency, take_turns
from beauty_vlm.cli import app
from beauty_vlm.models import convolutions
from beauty_vlm.models.decoding import Search, search
from beauty_vlm.models.loader import ModelUnavailable, Settings
from beauty_vlm.models.network import CaptionNetwork
from beauty_vlm.models.segmentation_network import BeautySegmenter

CEILINGS = {"fp32": 200.0, "bf16": 400.0, "int8": 800.0, "memory": 37.0}
SCALE = captioners.Scale((2,), 3, True, 60.0)
STYLES = {
    "prompts": {"short": "in short :", "normal": "a :", "detailed": "in detail :"},
    "max_new_tokens": {"short": 4, "normal": 8, "detailed": 16},
    "num_beams": 2,
}
ALONE = {"peak_mb": 500, "imports_mb": 400, "load_s": 0.1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tiny_models.save_captioner(folder / "captioner", styles=STYLES)
    tiny_models.save_adapter(folder / "captioner-lora", folder / "captioner", styles=STYLES)
    tiny_models.save_embedded_tagger(folder / "tagger")
    tiny_models.save_clip_tagger(folder / "clip")
    tiny_models.save_segmenter(folder / "segmenter")
    return folder


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One round of everything, on ceilings that need not be measured, and no other process."""
    monkeypatch.setattr(run, "measure_ceilings", lambda device: CEILINGS)
    monkeypatch.setattr(captioners, "measure_alone", lambda way, settings: ALONE)
    monkeypatch.setattr(run, "QUICK_SCALE", SCALE)
    for module in (captioners, others):
        monkeypatch.setattr(module, "QUICK", Effort(2, 0.1))


def test_the_result_has_its_keys_and_its_tables(folder: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beauty_vlm.models.source.EMBEDDED", folder)
    found = run.benchmark(Settings(device="cpu"), run.Options(quick=True))
    assert found["speedup_vs_plain"] > 0 and found["ratio_to_floor"] > 0
    one = found["profiles"]["embedded"]
    assert one["agreement"]["same_captions"] == 1.0  # auto is fp32 here, and our search is exact
    assert one["agreement"]["logits_error"] < 1e-4
    assert one["weights"] == "trained" and one["precision"] == "none"
    assert set(one["photos_per_second"]) == {2}
    assert {"intake", "tag", "segment", "caption"} <= set(one["report"]["steps_p50_ms"])
    assert json.loads(json.dumps(found))["machine"]["device"] == "cpu"
    text = page.to_markdown(found)
    assert text.count("\n| ---") == 4
    assert "embedded (trained weights)" in text


def test_the_command_prints_one_object(folder: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beauty_vlm.models.source.EMBEDDED", folder)
    arguments = ["--profile", str(folder / "captioner"), "--quick", "--json", "--device", "cpu", "--quantize", "int8"]
    done = CliRunner().invoke(app, ["benchmark", *arguments])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {"speedup_vs_plain", "ratio_to_floor", "ceilings", "profiles"} <= set(found)
    one = found["profiles"][str(folder / "captioner")]
    assert one["precision"] == "int8"
    assert 0 < one["agreement"]["logits_error"] < 0.4  # random weights exaggerate it


def test_random_weights_stand_for_published_ones(quick: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(geometry.RANDOM, "blip-base", lambda place: tiny_models.save_captioner(place))
    monkeypatch.setitem(geometry.RANDOM, "clip-vit-base-patch32", lambda place: tiny_models.save_clip_tagger(place))
    profiles = ("blip-base", "clip-vit-base-patch32")
    found = run.benchmark(Settings(device="cpu"), run.Options(profiles, random_weights=True, quick=True))
    one = found["profiles"]["blip-base"]
    assert (one["weights"], one["tokens"], one["beams"]) == ("random", captioners.RANDOM_TOKENS, 1)
    assert "report" not in one
    tagger = found["profiles"]["clip-vit-base-patch32"]
    assert tagger["ratio_to_floor"] > 0 and tagger["speedup_vs_plain"] > 0
    assert tagger["embedding_error"] < 1e-5  # the same tower on the same pixels
    assert "clip-vit-base-patch32" in page.to_markdown(found)
    with pytest.raises(ModelUnavailable, match="no geometry"):
        run.benchmark(Settings(device="cpu"), run.Options((str(tmp_path),), random_weights=True, quick=True))


def test_a_tagger_alone_has_its_ratios_on_top(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(geometry.RANDOM, "clip-vit-base-patch32", lambda place: tiny_models.save_clip_tagger(place))
    options = run.Options(("clip-vit-base-patch32",), random_weights=True, quick=True)
    found = run.benchmark(Settings(device="cpu"), options)
    assert found["speedup_vs_plain"] > 0 and found["ratio_to_floor"] > 0


def test_a_gpu_is_compared_with_half_precision_too(folder: Path) -> None:
    from beauty_vlm.models import loading

    parts = loading.captioner_parts(Settings(captioner=str(folder / "captioner"), adapter="none", device="cpu"))
    ours = parts.captioner()
    pair = captioners.Pair(parts.model, ours, ours.prompt("short"), Search(3, 3))
    half = replace(pair, plain=copy.deepcopy(parts.model).half())
    pixels = torch.stack([ours.pixels(as_image(data)) for data in read_photos(2)[0]])
    rates = captioners.throughput(pair, pixels, 2, captioners.QUICK_SCALE, half)
    assert set(rates) == {"plain", "ours", "plain fp16"} and min(rates.values()) > 0
    alone = {"peak_mb": 1, "imports_mb": 1, "load_s": 1, "gpu_mb": 77}
    one = {
        "parameters_m": 1,
        "on_disk_mb": 1,
        "photos_per_second": {64: rates},
        "alone": {"plain": alone, "ours": alone},
    }
    assert "| ours / plain fp16 |" in page._batches({"x": one}) and "| 77 |" in page._resources({"x": one})


def test_both_ways_are_asked_for_the_same(folder: Path) -> None:
    from beauty_vlm.models import loading

    parts = loading.captioner_parts(Settings(captioner=str(folder / "captioner"), adapter="none", device="cpu"))
    ours = parts.captioner()
    for how in (ours.plan("detailed"), Search(5, 5)):
        pair = captioners.Pair(parts.model, ours, ours.prompt("detailed"), how)
        pixels = torch.stack([ours.pixels(as_image(data)) for data in read_photos(3)[0]])
        assert pair.generate(pixels) == [photo[0].tokens for photo in pair.search(pixels)]


@pytest.mark.parametrize("beams", [1, 3])
def test_the_operations_are_those_that_torch_counts(folder: Path, beams: int) -> None:
    model = BlipForConditionalGeneration.from_pretrained(folder / "captioner").eval()
    network, config, tokens, batch = CaptionNetwork(model), model.config, 6, 2
    pixels = torch.rand(batch, 3, tiny_models.SIZE, tiny_models.SIZE)
    work = floors.look_work(config, batch)
    with torch.inference_mode():
        counted = floors.count_operations(lambda: network.decoder.look(network.vision(pixels)))
    assert counted == pytest.approx(work.linear + work.attention, rel=1e-6)
    how, prompt = Search(tokens, tokens, beams), torch.tensor([tiny_models.BOS])
    counted = floors.count_operations(lambda: search(network, pixels, prompt, how))
    steps = [floors.token_work(config, 1 + new, 1 if new == 0 else beams, batch) for new in range(tokens)]
    whole = work.linear + work.attention + sum(step.linear + step.attention for step in steps)
    assert counted == pytest.approx(whole, rel=0.01)


def test_fused_convolutions_count_as_plain_ones(folder: Path) -> None:
    model = BeautySegmenter.from_pretrained(folder / "segmenter", dtype=torch.float32).eval()
    pixels = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        plain = floors.count_operations(lambda: model.encoder(pixels))
        convolutions.arrange(model.encoder)
        assert floors.count_operations(lambda: model.encoder(pixels)) == plain > 0


def test_the_floor_follows_its_ceilings(folder: Path) -> None:
    config = BlipForConditionalGeneration.config_class.from_pretrained(folder / "captioner")
    given = {"prompt": 3, "tokens": 20, "beams": 2}
    plain = floors.caption_floor(config, "none", CEILINGS, **given)
    halved = {name: rate / 2 for name, rate in CEILINGS.items()}
    assert floors.caption_floor(config, "none", halved, **given) == pytest.approx(2 * plain)
    assert floors.caption_floor(config, "int8", CEILINGS, **given) < plain
    assert floors.caption_floor(config, "none", CEILINGS, **given, batch=2) < 2 * plain


def test_a_processor_without_bf16_has_no_ceiling_for_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ceilings, "computes_bf16", lambda: False)
    monkeypatch.setattr(ceilings, "multiplies_bytes_exactly", lambda: False)
    monkeypatch.setattr(torch, "_int_mm", None)  # too slow there
    monkeypatch.setattr(ceilings, "SIDE", 64)
    monkeypatch.setattr(ceilings, "BYTES", 2**16)
    found = ceilings.measure_ceilings("cpu")
    assert set(found) == {"fp32", "int8", "memory"}
    config = BlipForConditionalGeneration.config_class.from_pretrained(folder / "captioner")
    given = {"prompt": 3, "tokens": 8, "beams": 2}
    modes = {mode: floors.caption_floor(config, mode, {**CEILINGS, "bf16": 0.0}, **given) for mode in floors.FORMATS}
    without = {name: rate for name, rate in CEILINGS.items() if name != "bf16"}
    assert modes == {mode: floors.caption_floor(config, mode, without, **given) for mode in floors.FORMATS}
    assert modes["int8"] < modes["none"]


def test_published_geometries_have_their_size() -> None:
    class Stop(Exception):
        pass

    counted: list[int] = []

    def count(self: torch.nn.Module, folder: Path) -> None:
        counted.append(sum(weight.numel() for weight in self.parameters()))
        raise Stop

    with pytest.MonkeyPatch.context() as patch, torch.device("meta"):
        patch.setattr(geometry.BlipForConditionalGeneration, "save_pretrained", count)
        patch.setattr(geometry.CLIPModel, "save_pretrained", count)
        for profile in ("blip-base", "blip-large", "clip-vit-base-patch32"):
            with pytest.raises(Stop):
                geometry.RANDOM[profile](Path())
    assert [round(number / 1e6) for number in counted] == [
        224,
        446,
        151,
    ]  # as published: 247 and 470 with the tied head


def test_turns_are_taken() -> None:
    order: list[str] = []
    works = {"a": lambda: order.append("a"), "b": lambda: order.append("b")}
    found = take_turns(works, Effort(3, 60.0))
    assert order == ["a", "b"] * 4  # the first round warms up
    assert found["a"].rounds == 3
    assert Latency.of([0.1, 0.3, 0.2]).p50_ms == 200.0


def test_memory_is_measured_in_a_process_of_its_own(folder: Path) -> None:
    settings = Settings(captioner=str(folder / "captioner"), adapter="none", device="cpu")
    found = memory.measure_alone("ours", settings)
    assert 50 < found["imports_mb"] <= found["peak_mb"] < 4000
    assert found["load_s"] > 0
    with pytest.raises(ModelUnavailable, match="process of their own"):
        memory.measure_alone("ours", Settings(captioner="no-such-profile", device="cpu"))


def test_photos_are_at_hand_without_the_sample(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    photos, kind = read_photos(4)
    assert len(photos) == 4 and as_image(photos[0]).mode == "RGB" and kind
    monkeypatch.setattr("beauty_vlm.benchmark.photos.SAMPLE", tmp_path)
    photos, kind = read_photos(400)
    assert kind == "the page's example photos" and as_image(photos[0]).mode == "RGB"
