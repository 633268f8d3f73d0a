"""What the model cards show: an adapter against its base, and the pictures of failures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("accelerate", reason="the packages of requirements-train.txt are not installed")

import tiny_models
from PIL import Image

from beauty_vlm.measurement.regions import MATERIAL
from beauty_vlm.report import Lab
from beauty_vlm.vocabulary import shade_terms
from finetune import compare, failures
from finetune.compare import Example, held_out, named_distance
from finetune.dataset import DataMissing, load, part_of
from finetune.failures import LARGEST, TILE, Failure

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
RED: Lab = next(term for term in shade_terms() if term.name == "true red").anchors[0]


def example(number: int, caption: str, lab: Lab | None = RED) -> Example:
    return Example(Image.new("RGB", (8, 8), (number, 0, 0)), caption, lab)


def test_the_shade_that_a_caption_names_is_measured() -> None:
    assert named_distance("A true red lipstick, closed.", RED) == pytest.approx(0)
    near, far = (named_distance(f"A lipstick in {name}.", RED) for name in ("cherry red", "teal"))
    assert near is not None and far is not None and 0 < near < 20 < far
    assert named_distance("A lipstick in a black case.", RED) is None  # the package's colour is no shade
    assert named_distance("A lipstick.", RED) is None


def test_the_better_side_wins_both_ways() -> None:
    pytest.importorskip("pycocoevalcap")
    texts = [f"A matte lipstick in true red, {place}. The shade is a deep, warm true red." for place in
             ("closed", "open, lid up", "on a stone", "with a wand", "held in a hand", "beside its box")]  # fmt: skip
    examples = [example(number, text) for number, text in enumerate(texts)]
    poor = [text.split(".")[0].replace("true red", "teal") + "." for text in texts]
    found = compare.compare(poor, texts, examples)
    assert found.cider_ratio.value is not None and found.cider_ratio.value > 1.2
    assert found.adapted.delta_e.value == pytest.approx(0) and found.base.delta_e.value > 20
    assert found.delta_e_rise.value == pytest.approx(-found.base.delta_e.value)
    assert compare.compare(texts, texts, examples).cider_ratio.value == pytest.approx(1)
    table = compare.to_markdown(found)
    assert "| CIDEr, detailed captions | 6 |" in table and "-" in table.splitlines()[-1]


def test_colours_are_compared_where_both_name_one() -> None:
    pytest.importorskip("pycocoevalcap")
    examples = [example(0, "A red lipstick."), example(1, "A red lipstick."), example(2, "A closed lipstick.", None)]
    base = ["A lipstick in teal.", "A lipstick.", "A lipstick in teal."]
    found = compare.compare(base, ["A lipstick in true red."] * 3, examples)
    assert (found.base.delta_e.n, found.adapted.delta_e.n) == (1, 1)
    assert (found.base.named.value, found.adapted.named.value) == (0.5, 1.0)


def test_only_held_out_renders_are_captioned(tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    whole = load(SAMPLE, "validation")
    found = held_out([SAMPLE])
    assert [one.caption for one in found] == list(whole.captions["detailed"])
    assert len(held_out([SAMPLE], limit=2)) == 2
    with pytest.raises(DataMissing, match=r"data\.render"):
        held_out([tmp_path])


def test_the_worst_stand_first_and_the_file_stays_small(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (12, 224, 224, 3), dtype=np.uint8)
    found = [Failure(Image.fromarray(noise[k]), f"{k} " + "word " * 60, float(k)) for k in range(11)]
    found.append(Failure(Image.new("RGB", (224, 224), (255, 0, 0)), "the worst", 99.0))
    path = failures.write(found, tmp_path)
    assert path.stat().st_size <= LARGEST
    first = np.asarray(Image.open(path).convert("RGB"), dtype=float)[20 : TILE - 20, 20 : TILE - 20].mean((0, 1))
    assert first[0] > 230 and first[1] < 25 and first[2] < 25


def test_nothing_wrong_gives_an_empty_sheet(tmp_path: Path) -> None:
    assert Image.open(failures.write([], tmp_path)).size[0] == 4 * TILE


def test_failures_of_tiny_models(tmp_path: Path) -> None:
    renders = load(SAMPLE, "validation").first(3)
    wrong = failures.of("tagger", tiny_models.save_embedded_tagger(tmp_path / "tagger"), renders)
    assert all(one.text.split("\n")[0] in renders.product_types and 0 <= one.badness <= 1 for one in wrong)
    poor = failures.of("segmenter", tiny_models.save_segmenter(tmp_path / "segmenter"), renders)
    with_material = [(regions == MATERIAL).any() for regions in renders.regions]
    assert len(poor) == sum(with_material) and all(0 <= one.badness <= 1 for one in poor)


def test_the_parts_of_the_sample_are_written_apart(tmp_path: Path) -> None:
    from beauty_vlm.evaluation.truths import read_truths
    from data.imagefolder import write

    count = write(SAMPLE, tmp_path / "held", "validation")
    truths = read_truths(tmp_path / "held")
    assert 0 < count == len(truths) < 250
    assert all(part_of(Path(truth.file).stem) == "validation" for truth in truths)
    assert any(truth.packaging_material for truth in truths) and any(truth.packaging_state for truth in truths)
