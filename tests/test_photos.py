"""Fine-tuning on photos of one's own: which are read, for what, and an adapter trained, trained on and loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("accelerate", reason="the packages of requirements-train.txt are not installed")

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file
from tiny_models import SIZE, save_captioner

from beauty_vlm.evaluation.truths import read_truths
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.source import locate
from data.shards import DataMissing
from finetune import lora, options, photos
from finetune.options import Options
from finetune.recipe import RECIPES, augmentation, read_recipe, restaging

EMBEDDED = locate("captioner", "embedded")
STYLES = {"prompts": {"short": "in short :", "normal": "a", "detailed": "in detail :"}, "num_beams": 1}


def folder_of(folder: Path, *rows: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    for number, row in enumerate(rows):
        Image.new("RGB", (60, 40 + number), (200, 20 * number % 256, 60)).save(folder / row["file_name"])
    (folder / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"file_name": f"{number}.png", "text": "a red lipstick", **more}


def test_photos_are_fitted_whole_and_the_unusable_left_out_by_name(tmp_path: Path) -> None:
    rows = [row(n, product_type="lipstick", shade_hex="#b3202f") for n in range(12)]
    folder = folder_of(tmp_path / "mine", *rows, {"file_name": "silent.png"}, row(99))
    (folder / "99.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    told: list[str] = []
    parts = photos.load([folder], 32, told.append)
    assert [len(parts[part]) for part in ("train", "validation")] == [11, 1]
    train = parts["train"]
    assert train.images.shape == (11, 32, 32, 3) and train.images.dtype == np.uint8
    assert set(train.product_types) == {"lipstick"} and set(train.shades) == {"cherry red"}
    assert len(told) == 2
    assert "1 of 14 photos are left out for want of a caption" in told[0] and "99.png cannot be read" in told[1]


def test_a_photo_of_several_lines_is_in_one_part_with_all_its_captions(tmp_path: Path) -> None:
    rows = [row(n % 12, text=f"a red lipstick, said {n} times") for n in range(36)]
    parts = photos.load([folder_of(tmp_path / "mine", *rows)], 32, print)
    assert [len(parts[part]) for part in ("train", "validation")] == [11, 1]
    said = {part: set().union(*parts[part].captions.values()) for part in ("train", "validation")}
    assert len(said["train"]) == 33 and len(said["validation"]) == 3 and not said["train"] & said["validation"]


@pytest.mark.parametrize("rows", [[row(1)], [{"file_name": "1.png"}, {"file_name": "2.png"}]])
def test_too_few_photos_are_a_sentence(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(
        DataMissing, match=r"Fewer than two photos in .*mine can be read and have `captions` or a `text`"
    ):
        photos.load([folder_of(tmp_path / "mine", *rows)], 32, lambda _: None)


def test_a_wrong_label_names_the_folder(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "mine", row(1, product_type="soap"))
    with pytest.raises(DataMissing, match=r"mine: These labels are no product types of the vocabulary: soap\."):
        photos.load([folder], 32)


def test_a_folder_of_neither_says_what_photos_need(tmp_path: Path) -> None:
    with pytest.raises(
        DataMissing, match=r"no \.parquet files .*Photos of your own need a metadata\.jsonl beside them\."
    ):
        lora.captioned([tmp_path], EMBEDDED)


def test_photos_and_renders_are_not_mixed(tmp_path: Path) -> None:
    (tmp_path / "renders").mkdir()
    with pytest.raises(DataMissing, match="not both at once"):
        lora.captioned([folder_of(tmp_path / "mine", row(1)), tmp_path / "renders"], EMBEDDED)


@given(st.lists(st.text("abc ", min_size=1), min_size=1, max_size=5))
def test_captions_serve_the_lengths_by_their_words(captions: list[str]) -> None:
    found = photos.by_length(captions)
    counts = [len(found[length].split()) for length in ("short", "normal", "detailed")]
    assert counts == sorted(counts) and set(found.values()) <= set(captions)
    assert counts[0] == min(len(text.split()) for text in captions)
    assert counts[2] == max(len(text.split()) for text in captions)


@given(st.sets(st.text("abcdef", min_size=1), min_size=2, max_size=40).map(sorted))
def test_both_parts_have_photos_whatever_their_order(files: list[str]) -> None:
    parts = dict(zip(files, photos.part_of(files), strict=True))
    assert set(parts.values()) == {"train", "validation"}
    assert dict(zip(files[::-1], photos.part_of(files[::-1]), strict=True)) == parts


def test_photos_of_one_product_are_held_out_together() -> None:
    files = [f"{product}-{view}.jpg" for product in range(20) for view in ("front", "back", "open")]
    products = [file.split("-")[0] for file in files]
    parts = dict(zip(files, photos.part_of(files, products), strict=True))
    sides = {product: {parts[file] for file in files if file.split("-")[0] == product} for product in products}
    assert all(len(side) == 1 for side in sides.values()) and set(parts.values()) == {"train", "validation"}
    assert list(parts.values()).count("validation") == 6
    # Where one product has most of them, or all, photos go by themselves.
    for same in (["one"] * 59 + ["two"], ["one"] * 60):
        assert photos.part_of(files, same).count("validation") in (1, 6)


def test_folders_that_hold_each_other_lose_no_photo(tmp_path: Path) -> None:
    outer = folder_of(tmp_path / "mine", row(1), row(2))
    folder_of(outer / "lips", row(3))
    (outer / "metadata.jsonl").write_text(
        (outer / "metadata.jsonl").read_text() + json.dumps({**row(3), "file_name": "lips/3.png"}) + "\n"
    )
    told: list[str] = []
    parts = photos.load([outer, outer / "lips"], 32, told.append)
    assert told == [] and sum(len(part) for part in parts.values()) == 3


def test_half_a_character_is_a_sentence(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "mine", row(1), {**row(2), "text": "A red lipstick \ud83d"})
    with pytest.raises(DataMissing, match=r"Line 2 of .*half a character"):
        photos.load([folder], 32)


def test_a_single_text_is_a_reference_too(tmp_path: Path) -> None:
    assert read_truths(folder_of(tmp_path / "mine", row(1)))[0].captions == ("a red lipstick",)
    assert read_truths(folder_of(tmp_path / "blank", {**row(1), "text": " "}))[0].captions == ()


def trained(base: Path, folder: Path, out: Path, start: Path | None = None) -> Path:
    numbers = {**read_recipe(RECIPES / "lora.yaml"), "bf16": False, "rank": 2, "generated": 1, "log_every": 1}
    chosen = Options((folder,), out, RECIPES / "lora.yaml", None, 2, resume=False, start=start)
    source = locate("captioner", str(base))
    lora.LoraTrainer(source, numbers, chosen, lora.captioned([folder], source)).finish()
    return out / "model"


def test_an_adapter_is_trained_on_a_few_photos_trained_on_and_loaded(tmp_path: Path) -> None:
    base = save_captioner(tmp_path / "base", styles=STYLES)
    texts = ["a red lipstick", "a red lipstick in the tube", "a red lipstick in the tube, in detail"]
    rows = [{"file_name": f"{n}.png", "captions": texts} for n in range(5)]  # fewer than the recipe's batch
    folder = folder_of(tmp_path / "mine", *rows)
    first = trained(base, folder, tmp_path / "first")
    metrics = json.loads((tmp_path / "first" / "metrics.json").read_text())
    assert metrics["steps"] == 2 and metrics["images_per_second"] > 0
    second = trained(base, folder, tmp_path / "second", start=first)
    before, after = (load_file(one / "adapter_model.safetensors") for one in (first, second))
    assert before.keys() == after.keys()
    moved = [float((after[name] - before[name]).abs().max()) for name in before]
    assert 0 < max(moved) < 0.02  # two small steps from where it was, not from anew
    assert any(float(before[name].abs().max()) > 0 for name in before if "lora_B" in name)
    app = Loader(Settings(captioner=str(base), adapter=str(second), device="cpu", quantize="none")).captioner()
    assert isinstance(app.caption(Image.new("RGB", (SIZE, SIZE)), "detailed"), str)
    assert "prompts" in json.loads((second / "captioner.json").read_text())


def test_the_command_trains_says_what_is_not_learned_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    base = save_captioner(tmp_path / "base", styles=STYLES)
    folder = folder_of(
        tmp_path / "mine", *(row(n, text=f"a red lipstick {n}") for n in range(9)), row(9, text="口紅です")
    )
    line = ["finetune.lora", "--base", str(base), "--data", str(folder), "--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", [*line, "--max-steps", "2"])
    lora.main()
    told = capsys.readouterr().out
    assert "1 captions are in another script" in told and '"steps": 2' in told
    assert (tmp_path / "out" / "model" / "adapter_model.safetensors").is_file()
    with pytest.raises(SystemExit, match="holds an earlier training"):
        lora.main()
    monkeypatch.setattr("sys.argv", [*line, "--max-steps", "4", "--resume"])
    lora.main()
    assert '"steps": 4' in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", [*line, "--start", "nowhere/at-all"])
    with pytest.raises(SystemExit, match="nowhere/at-all holds no trained lora"):
        lora.main()


def test_an_adapter_of_another_base_is_a_sentence(tmp_path: Path) -> None:
    base = save_captioner(tmp_path / "base", styles=STYLES)
    folder = folder_of(tmp_path / "mine", *(row(n) for n in range(3)))
    embedded = Path(locate("adapter", "embedded").place)
    with pytest.raises(ModelUnavailable, match=r"The adapter .* does not load: its files are .* for another model"):
        trained(base, folder, tmp_path / "out", start=embedded)


def test_an_adapter_s_folder_may_be_gone_on_from(tmp_path: Path) -> None:
    parser = options.parser("lora")
    line = ["--data", "mine", "--out", "out", "--start", str(tmp_path)]
    with pytest.raises(SystemExit, match=r"holds no trained lora: adapter_config\.json is missing"):
        options.options(parser.parse_args(line))
    (tmp_path / "adapter_config.json").write_text('{"peft_type": "LOHA"}')
    with pytest.raises(SystemExit, match=r"its adapter_config\.json says peft_type 'LOHA', not 'LORA'"):
        options.options(parser.parse_args(line))
    (tmp_path / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    assert options.options(parser.parse_args(line)).start == tmp_path


@pytest.mark.parametrize("kind", ["captioner", "tagger", "segmenter"])
def test_a_training_goes_on_from_its_own_kind_alone(kind: str, tmp_path: Path) -> None:
    for other in ("captioner", "tagger", "segmenter"):
        start = Path(locate(other, "embedded").place)
        parsed = options.parser(kind).parse_args(["--data", "d", "--out", str(tmp_path / "out"), "--start", str(start)])
        if other == kind:
            assert options.options(parsed).start == start
        else:
            with pytest.raises(SystemExit, match=f"holds no trained {kind}: its config.json says"):
                options.options(parsed)


@pytest.mark.parametrize("text", ["0", "-5"])
def test_budgets_are_above_zero(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options.parser("lora").parse_args(["--data", "mine", "--out", "out", "--minutes", text])
    assert f"{text} is not above zero" in capsys.readouterr().err


def test_a_recipe_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="cannot be read"):
        read_recipe(tmp_path / "missing.yaml")
    (tmp_path / "list.yaml").write_text("- 1")
    with pytest.raises(SystemExit, match="is no recipe"):
        read_recipe(tmp_path / "list.yaml")
    numbers = (RECIPES / "lora.yaml").read_text()
    for change, said in (
        (numbers.replace("rank:", "ranks:"), "ranks are not known"),
        (numbers.replace("seed: 7", ""), "seed are missing"),
    ):
        (tmp_path / "own.yaml").write_text(change)
        with pytest.raises(SystemExit, match=f"is no recipe of the lora: {said}"):
            read_recipe(tmp_path / "own.yaml", "lora")
    for section in ({"rotation": 3}, [1]):
        with pytest.raises(SystemExit, match="The recipe's augmentation: "):
            augmentation({"augmentation": section})
    with pytest.raises(SystemExit, match=r"The recipe's restaging: painted are not known\. There are tinted, "):
        restaging({"restaging": {"painted": 0.5}})
