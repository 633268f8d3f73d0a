"""What the model cards show: an adapter against its base, overlaps of regions, pictures of failures, exports."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("accelerate", reason="the packages of requirements-train.txt are not installed")

import tiny_models
from PIL import Image

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.report import Lab
from beauty_vlm.vocabulary import shade_terms
from data.shards import DataMissing, part_of
from finetune import captioner, card, compare, curves, export, failures, overlap, segmenter
from finetune.compare import Example, held_out, named_distance
from finetune.dataset import load
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
    everything = held_out([], [SAMPLE])
    assert len(everything) == len(found) + len(load(SAMPLE, "train"))
    with pytest.raises(DataMissing, match="--unseen"):
        held_out([])
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


def test_what_is_true_has_room_under_a_long_answer() -> None:
    lines = failures._lines("said: " + "word " * 100 + "\ntrue: a serum")
    assert len(lines) <= failures.LINES and lines[-1] == "true: a serum" and lines[-2].endswith("…")
    assert failures._lines("overlap 3%") == ["overlap 3%"]


def test_nothing_wrong_gives_an_empty_sheet(tmp_path: Path) -> None:
    assert Image.open(failures.write([], tmp_path)).size[0] == 4 * TILE


def test_failures_of_tiny_models(tmp_path: Path) -> None:
    renders = load(SAMPLE, "validation").first(3)
    wrong = failures.of("tagger", tiny_models.save_embedded_tagger(tmp_path / "tagger"), renders)
    assert all(one.text.split("\n")[0] in renders.product_types and 0 <= one.badness <= 1 for one in wrong)


def test_the_least_overlap_stands_first_and_of_equal_ones_the_largest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renders = load(SAMPLE, "validation").first(4)
    true = np.zeros((4, 224, 224), dtype=np.uint8)
    true[0, :10, :10] = true[1, :50, :50] = true[2, :60, :60] = MATERIAL  # the last shows none
    said = iter([np.zeros_like(true[0]), np.zeros_like(true[0]), true[2]])

    class Fake:
        def regions(self, _: Image.Image) -> np.ndarray:
            return next(said)

    monkeypatch.setattr(failures, "segmenter_of", lambda _: Fake())
    found = failures.of_segmenter(tmp_path, replace(renders, regions=true))
    assert [one.badness for one in sorted(found, key=lambda one: -one.badness)] == [1, 1, 0]
    missed = sorted(found, key=lambda one: -one.badness)
    assert missed[0].text.startswith("overlap 0%") and "true 5.0%" in missed[0].text and "true 0.2%" in missed[1].text
    assert np.asarray(missed[0].picture)[49, 20].tolist() == list(failures.TRUE)
    assert np.asarray(missed[2].picture)[59, 20].tolist() == list(failures.SAID)


def test_overlaps_of_regions() -> None:
    true = np.array([[BACKGROUND, BACKGROUND, PACKAGING, PACKAGING], [MATERIAL] * 4])
    said = np.array([[BACKGROUND, PACKAGING, PACKAGING, PACKAGING], [MATERIAL, MATERIAL, MATERIAL, PACKAGING]])
    counts = segmenter.confusion(true, said)
    assert segmenter.intersections_over_unions(counts)[[BACKGROUND, PACKAGING, MATERIAL]] == pytest.approx(
        [1 / 2, 2 / 4, 3 / 4]
    )
    without = segmenter.confusion(np.full((2, 4), BACKGROUND), np.full((2, 4), BACKGROUND))
    assert segmenter.intersections_over_unions(without).tolist() == [1.0, 1.0, 1.0]  # nothing of them was missed
    found = overlap.figures(np.stack([counts, counts, without]))
    assert [one.n for one in found.values()] == [3, 3, 3, 3, 2]
    pooled, *_, per_render = found.values()
    assert per_render.value == pytest.approx(3 / 4) and pooled.value == pytest.approx((10 / 12 + 1 / 2 + 3 / 4) / 3)
    assert pooled.low is not None and pooled.low < pooled.value
    assert "| 3 | 0.694 (" in overlap.to_markdown(found)


def trained(folder: Path) -> Path:
    """The --out folder of a segmenter's training."""
    tiny_models.save_segmenter(folder / "model", half=False)
    records = [{"loss": 2.0, "step": 1, "seconds": 1.0}, {"eval_miou": 0.4, "step": 2, "seconds": 2.0}]
    (folder / curves.LOG_FILE).write_text("".join(json.dumps(one) + "\n" for one in records))
    (folder / "metrics.json").write_text(json.dumps({"eval_miou": 0.4, "steps": 2, "minutes": 0.03}))
    return folder


def test_an_export_draws_curves_and_failures_and_measures_overlaps(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="plots need requirements-train.txt")
    run = trained(tmp_path / "run")
    folder = export.export(
        "segmenter", run, "python -m data.render --out sample", tmp_path, load(SAMPLE, "validation").first(2)
    )
    text = (folder / card.CARD_FILE).read_text()
    assert all(f"]({name})" in text and (folder / name).is_file() for name in ("curves.png", "failures.jpg"))
    assert "| material, mean of the renders that show it |" in text and "--data sample" in text
    again = export.export("segmenter", run, "python -m data.render", tmp_path)
    assert not (again / "failures.jpg").exists() and "exported without `--data`" in (again / card.CARD_FILE).read_text()


def test_an_unfinished_training_is_not_exported_and_removes_nothing(tmp_path: Path) -> None:
    run, kept = trained(tmp_path / "run"), tmp_path / "embedded" / "segmenter" / "README.md"
    kept.parent.mkdir(parents=True)
    kept.write_text("as before")
    (run / "metrics.json").unlink()
    with pytest.raises(export.ExportError, match=r"metrics\.json is missing"):
        export.export("segmenter", run, "made up", tmp_path / "embedded")
    (run / "metrics.json").write_text(json.dumps({"steps": 2, "minutes": 0.03}))
    (run / curves.LOG_FILE).unlink()
    with pytest.raises(curves.CurvesError, match=r"log\.jsonl"):
        export.export("segmenter", run, "made up", tmp_path / "embedded")
    shutil.rmtree(run / "model")
    with pytest.raises(export.ExportError, match="model/ is missing"):
        export.export("segmenter", run, "made up", tmp_path / "embedded")
    assert kept.read_text() == "as before"


def test_a_captioner_without_its_teacher_or_renders_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["captioner", "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", [*command, "--teacher", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"config\.json is missing"):
        captioner.main()
    monkeypatch.setattr("sys.argv", command)  # the embedded tagger teaches
    with pytest.raises(SystemExit, match=r"data\.render"):
        captioner.main()


def test_the_parts_of_the_sample_are_written_apart(tmp_path: Path) -> None:
    from beauty_vlm.evaluation.truths import read_truths
    from data.imagefolder import write

    count = write(SAMPLE, tmp_path / "held", "validation")
    truths = read_truths(tmp_path / "held")
    assert 0 < count == len(truths) < 250
    assert all(part_of(Path(truth.file).stem) == "validation" for truth in truths)
    assert any(truth.packaging_material for truth in truths) and any(truth.packaging_state for truth in truths)
