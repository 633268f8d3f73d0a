"""Folders, adapters, precisions and the hub's absence, on tiny models with random weights."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_models
import torch
from PIL import Image

from beauty_vlm.models import loading, precision
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.source import locate

HUB_IS_ASKED_FOR_AT_MOST_S = 10.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tiny_models.save_captioner(folder / "captioner")
    tiny_models.save_adapter(folder / "captioner-lora", folder / "captioner")
    tiny_models.save_embedded_tagger(folder / "tagger")
    tiny_models.save_clip_tagger(folder / "clip")
    tiny_models.save_segmenter(folder / "segmenter")
    return folder


@pytest.fixture
def image() -> Image.Image:
    noise = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def captioner_of(folder: Path, **changes: str) -> Settings:
    return Settings(**{"captioner": str(folder / "captioner"), "adapter": "none", "device": "cpu", **changes})


def logits(captioner: object) -> torch.Tensor:
    network = captioner.network  # type: ignore[attr-defined]
    pixels = torch.linspace(-1, 1, 3 * tiny_models.SIZE**2).reshape(1, 3, tiny_models.SIZE, tiny_models.SIZE)
    with torch.inference_mode():
        return network(pixels, torch.tensor([[tiny_models.BOS, 7, 8]]))


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEAUTY_VLM_CAPTIONER", "blip-base")
    monkeypatch.setenv("BEAUTY_VLM_QUANTIZE", "nf4")
    monkeypatch.setenv("BEAUTY_VLM_DEVICE", "")
    assert Settings.from_environment() == Settings(captioner="blip-base", quantize="nf4", device="auto")


def test_importing_the_loader_does_not_import_torch() -> None:
    code = "import sys, beauty_vlm, beauty_vlm.models.loader; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0


def test_the_embedded_models_load_with_their_adapter(
    folder: Path, image: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beauty_vlm.models.source.EMBEDDED", folder)
    loader = Loader(Settings(device="cpu"))
    assert isinstance(loader.captioner().caption(image), str)
    assert loader.tagger().product_type(image).top
    assert loader.segmenter().regions(image).shape == (48, 64)
    assert loader.names() == {
        "captioner": "embedded + captioner-lora",
        "tagger": "embedded",
        "segmenter": "embedded",
        "device": "cpu",
        "quantize": "none",
        "precision": "none: with 0 million parameters full precision is quick, and any other would change captions.",
    }


def test_warming_up_loads_everything_and_tells_the_precision(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beauty_vlm.models.source.EMBEDDED", folder)
    loader = Loader(Settings(device="cpu", quantize="int8"))
    assert loader.warm_up() == "Precision int8, as chosen."
    monkeypatch.setattr("beauty_vlm.models.source.EMBEDDED", folder / "gone")
    for model in (loader.captioner, loader.tagger, loader.segmenter):
        assert model() is model()  # loaded by then


def test_auto_depends_on_size_and_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = 10_000_000, 224_000_000
    for name, present in {"_computes_int8": True, "computes_bf16": True, "_has_bitsandbytes": True}.items():
        monkeypatch.setattr(precision, name, lambda present=present: present)
    picked = {device: [precision.resolve_mode("auto", device, size).mode for size in (few, many)]
              for device in ("cpu", "cuda", "mps")}  # fmt: skip
    assert picked == {"cpu": ["none", "int8"], "cuda": ["none", "nf4"], "mps": ["none", "none"]}
    assert "224 million parameters" in precision.resolve_mode("auto", "cpu", many).reason
    monkeypatch.setattr(precision, "_computes_int8", lambda: False)
    assert precision.resolve_mode("auto", "cpu", many).mode == "bf16"
    monkeypatch.setattr(precision, "computes_bf16", lambda: False)
    assert precision.resolve_mode("auto", "cpu", many).mode == "none"
    for mode in ("bf16", "int8"):
        with pytest.raises(ModelUnavailable, match="--quantize none"):
            precision.resolve_mode(mode, "cpu", few)
    assert precision.resolve_mode("bf16", "cuda", few).mode == "bf16"


@pytest.mark.parametrize(("computes", "kind"), [(True, torch.bfloat16), (False, torch.float32)])
def test_a_processor_without_bf16_computes_with_4_bit_weights_in_fp32(
    computes: bool, kind: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "computes_bf16", lambda: computes)
    options = precision.loading_options("nf4", "cpu")
    assert options["dtype"] == options["quantization_config"].bnb_4bit_compute_dtype == kind
    assert precision.loading_options("nf4", "cuda")["dtype"] == torch.bfloat16


def test_an_adapter_is_merged_and_changes_the_model_as_peft_does(folder: Path) -> None:
    plain = Loader(captioner_of(folder)).captioner()
    adapted = Loader(captioner_of(folder, adapter=str(folder / "captioner-lora"))).captioner()
    assert not any("lora" in name for name, _ in adapted.network.named_modules())
    assert (logits(plain) - logits(adapted)).abs().max() > 0.1

    from peft import PeftModel
    from transformers import BlipForConditionalGeneration

    model = BlipForConditionalGeneration.from_pretrained(folder / "captioner")
    adapted_by_peft = PeftModel.from_pretrained(model, str(folder / "captioner-lora")).eval()
    pixels = torch.linspace(-1, 1, 3 * tiny_models.SIZE**2).reshape(1, 3, tiny_models.SIZE, tiny_models.SIZE)
    with torch.inference_mode():
        expected = adapted_by_peft(pixel_values=pixels, input_ids=torch.tensor([[tiny_models.BOS, 7, 8]])).logits
    assert torch.allclose(logits(adapted), expected, atol=1e-3)


def test_an_adapter_may_stay_apart_and_says_the_same(folder: Path) -> None:
    settings = captioner_of(folder, adapter=str(folder / "captioner-lora"))
    merged = Loader(replace(settings, adapter_mode="merged")).captioner()
    apart = Loader(replace(settings, adapter_mode="apart")).captioner()
    assert any("lora" in name for name, _ in apart.network.named_modules())
    assert torch.allclose(logits(merged), logits(apart), atol=1e-3)
    with pytest.raises(ModelUnavailable, match="adapter mode 'glued' is not known"):
        Loader(replace(settings, adapter_mode="glued")).captioner()


def test_an_adapter_may_be_merged_before_its_weights_are_quantized(folder: Path) -> None:
    settings = captioner_of(folder, adapter=str(folder / "captioner-lora"), quantize="nf4")
    plain, apart = (Loader(one).captioner() for one in (replace(settings, adapter="none"), settings))
    merged = Loader(replace(settings, adapter_mode="merged")).captioner()
    assert any("lora" in name for name, _ in apart.network.named_modules())
    assert not any("lora" in name for name, _ in merged.network.named_modules())
    assert any("4bit" in type(module).__name__ for module in merged.network.modules())
    similarity = torch.nn.functional.cosine_similarity
    near, far = (float(similarity(logits(merged).flatten(), logits(one).flatten(), dim=0)) for one in (apart, plain))
    assert near > far and near > 0.8


def test_our_own_captioner_is_the_embedded_one_with_its_adapter() -> None:
    assert Loader().is_own_captioner
    for other in ({"captioner": "blip-base"}, {"adapter": "none"}, {"adapter": "mine"}):
        assert not Loader(Settings(**other)).is_own_captioner


def test_the_precision_can_be_chosen_while_it_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loader = Loader(captioner_of(folder))
    before = loader.captioner()
    assert loader.requantize("int8").startswith("int8, as chosen")
    assert loader.captioner() is not before and loader.names()["quantize"] == "int8"
    chosen = loader.captioner()
    monkeypatch.setattr(precision, "computes_bf16", lambda: False)
    with pytest.raises(ModelUnavailable, match="no bf16 arithmetic"):
        loader.requantize("bf16")
    assert loader.captioner() is chosen and loader.settings.quantize == loader.names()["quantize"] == "int8"


def test_a_plain_adapter_needs_no_peft(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = logits(Loader(captioner_of(folder, adapter=str(folder / "captioner-lora"))).captioner())
    monkeypatch.setitem(sys.modules, "peft", None)  # importing it raises
    found = logits(Loader(captioner_of(folder, adapter=str(folder / "captioner-lora"))).captioner())
    assert torch.equal(found, expected)


def test_an_adapter_for_a_deeper_model_does_not_fit(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    adapter = shutil.copytree(folder / "captioner-lora", tmp_path / "lora")
    weights = load_file(adapter / "adapter_model.safetensors")
    deeper = {name.replace("layer.1.", "layer.5."): value for name, value in weights.items()}
    save_file(deeper, adapter / "adapter_model.safetensors")
    with pytest.raises(ModelUnavailable, match="--adapter none"):
        Loader(captioner_of(folder, adapter=str(adapter))).captioner()


def test_a_pickled_adapter_is_refused(folder: Path, tmp_path: Path) -> None:
    adapter = shutil.copytree(folder / "captioner-lora", tmp_path / "lora")
    (adapter / "adapter_model.safetensors").rename(adapter / "adapter_model.bin")
    with pytest.raises(ModelUnavailable):
        Loader(captioner_of(folder, adapter=str(adapter))).captioner()


def test_pickled_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder / "captioner", tmp_path / "captioner")
    (copy / "model.safetensors").unlink()
    torch.save({}, copy / "pytorch_model.bin")
    with pytest.raises(ModelUnavailable, match="does not load"):
        Loader(captioner_of(tmp_path)).captioner()


@pytest.mark.parametrize("damage", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_damaged_file_is_one_plain_sentence(folder: Path, tmp_path: Path, damage: str) -> None:
    copy = shutil.copytree(folder / "captioner", tmp_path / "captioner")
    (copy / damage).write_bytes(b"{ damaged")
    with pytest.raises(ModelUnavailable) as caught:
        Loader(captioner_of(tmp_path)).captioner()
    assert "\n" not in str(caught.value)
    assert "--captioner embedded" in str(caught.value)


def test_missing_weights_are_not_filled_with_random_ones(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    copy = shutil.copytree(folder / "captioner", tmp_path / "captioner")
    weights = load_file(copy / "model.safetensors")
    weights.pop("vision_model.post_layernorm.weight")
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelUnavailable, match="incomplete"):
        Loader(captioner_of(tmp_path)).captioner()


def test_the_wrong_kind_of_model_is_named(folder: Path) -> None:
    with pytest.raises(ModelUnavailable, match="type 'clip', not blip"):
        Loader(Settings(captioner=str(folder / "clip"), device="cpu")).captioner()
    with pytest.raises(ModelUnavailable, match="type 'blip'"):
        Loader(Settings(tagger=str(folder / "captioner"), device="cpu")).tagger()


@pytest.mark.parametrize("name", ["no-such-profile", "./no/such/folder", "../up", "", "a/b/c"])
def test_a_name_that_is_nothing_is_explained(name: str) -> None:
    with pytest.raises(ModelUnavailable, match="embedded, blip-base, blip-large"):
        Loader(Settings(captioner=name)).captioner()


def test_an_empty_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no config\.json"):
        Loader(Settings(tagger=str(tmp_path))).tagger()


@pytest.mark.parametrize("name", ["blip-base", "someone/some-model"])
def test_without_the_hub_it_fails_fast(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    closed = "http://127.0.0.1:9/{repo_id}/resolve/{revision}/{filename}"  # the discard port: nobody listens
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.file_download.HUGGINGFACE_CO_URL_TEMPLATE", closed, raising=False)
    begin = time.monotonic()
    with pytest.raises(ModelUnavailable, match="could not be fetched from the hub"):
        Loader(Settings(captioner=name)).captioner()
    assert time.monotonic() - begin < HUB_IS_ASKED_FOR_AT_MOST_S


@pytest.mark.parametrize(
    ("mode", "adapter"), [(m, a) for m in ("bf16", "int8", "nf4") for a in ("none", "captioner-lora")]
)
def test_each_precision_loads_and_speaks(
    folder: Path, image: Image.Image, mode: str, adapter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "computes_bf16", lambda: True)  # any processor does, some slowly
    name = adapter if adapter == "none" else str(folder / adapter)
    reference = logits(Loader(captioner_of(folder, adapter=name)).captioner())
    loader = Loader(captioner_of(folder, adapter=name, quantize=mode))
    captioner = loader.captioner()
    assert loader.names()["quantize"] == mode
    assert isinstance(captioner.caption(image, "short"), str)
    similarity = torch.nn.functional.cosine_similarity(logits(captioner).flatten(), reference.flatten(), dim=0)
    assert 0.8 < similarity < 0.9999999  # the same model, but not the same bits


def test_auto_does_not_quantize_on_the_processor(folder: Path) -> None:
    loader = Loader(captioner_of(folder))
    assert loader.names()["quantize"] == "auto"
    loader.captioner()
    assert loader.names()["quantize"] == "none"


def test_half_precision_weights_are_computed_in_single(tmp_path: Path) -> None:
    tiny_models.save_captioner(tmp_path / "captioner", half=True)
    assert Loader(captioner_of(tmp_path)).captioner().network.dtype == torch.float32


def test_what_the_machine_cannot_do_is_explained(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(ModelUnavailable, match="--device cpu"):
        Loader(captioner_of(folder, device="cuda")).captioner()
    with pytest.raises(ModelUnavailable, match="'tpu' is not known"):
        Loader(captioner_of(folder, device="tpu")).captioner()
    with pytest.raises(ModelUnavailable, match="'int3' is not known"):
        Loader(captioner_of(folder, quantize="int3")).captioner()
    monkeypatch.setattr("beauty_vlm.models.precision._has_bitsandbytes", lambda: False)
    with pytest.raises(ModelUnavailable, match="bitsandbytes"):
        Loader(captioner_of(folder, quantize="nf4")).captioner()


def test_each_model_is_loaded_once_under_threads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, load = [], loading.load_tagger

    def slow(settings: Settings) -> object:
        calls.append(settings)
        time.sleep(0.2)
        return load(settings)

    monkeypatch.setattr(loading, "load_tagger", slow)
    loader = Loader(Settings(tagger=str(folder / "clip"), device="cpu"))
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(loader.tagger())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert len(found) == 6
    assert len({id(tagger) for tagger in found}) == 1


def test_a_failed_load_may_be_tried_again(folder: Path, tmp_path: Path) -> None:
    loader = Loader(Settings(tagger=str(tmp_path / "tagger"), device="cpu"))
    with pytest.raises(ModelUnavailable):
        loader.tagger()
    shutil.copytree(folder / "clip", tmp_path / "tagger")
    assert loader.tagger()


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (MemoryError(), "there is not enough memory for it"),
        (ModuleNotFoundError("No module", name="bitsandbytes"), r"cannot be imported \(bitsandbytes\)"),
        (OSError(28, "No space left on device"), "there is no space left on the disk"),
        (KeyError("weights"), "its files are incomplete, damaged or for another model"),
    ],
)
def test_what_keeps_a_model_from_loading_is_named(error: Exception, cause: str) -> None:
    with pytest.raises(ModelUnavailable, match=f"does not load: .*{cause}"), locate("captioner", "embedded").guarded():
        raise error
