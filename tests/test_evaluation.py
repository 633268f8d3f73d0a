"""The evaluation's figures against numbers worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import FakeAnalyzer

from beauty_vlm.catalog import Photos
from beauty_vlm.colour import hex_to_lab
from beauty_vlm.evaluation.claims import Checked, check, facts
from beauty_vlm.evaluation.metrics import (
    Estimate,
    estimate,
    expected_calibration_error,
    f1,
    macro_recall,
    pooled,
    ratio,
)
from beauty_vlm.evaluation.runner import Outcome, evaluate, judge, summarise
from beauty_vlm.evaluation.scorecard import plots, to_markdown
from beauty_vlm.evaluation.truths import EvaluationError, Truth, read_truths, spread
from beauty_vlm.report import Packaging, ProductType, Report, Score, Shade, Swatch
from beauty_vlm.writing.description import SHADE_PERHAPS_UNSEEN, SHADE_UNSEEN

Photo = Callable[..., Path]


def outcome(true: str | None, said: str | None, score: float = 0.5, **rest: Any) -> Outcome:
    fields: dict[str, Any] = {
        "file": "x.jpg",
        "status": "ok" if said else "unreadable",
        "product_type": true,
        "predicted_type": said,
        "score": score if said else None,
        "top": (said,) if said else (),
        "accepted": True if said else None,
        "shade_hex": None,
        "predicted_hex": None,
        "delta_e": None,
    }
    return Outcome(**{**fields, **rest})


def test_calibration_error_by_hand() -> None:
    # Bins of 1/15: .95 and .97 share the last one (accuracy .5, confidence .96: gap .46, weight 1/2);
    # .5 is alone (right: gap .5, weight 1/4); .1 is alone (wrong: gap .1, weight 1/4).
    confidence = np.array([0.95, 0.97, 0.5, 0.1])
    correct = np.array([1.0, 0.0, 1.0, 0.0])
    assert expected_calibration_error(confidence, correct) == pytest.approx(0.46 / 2 + 0.5 / 4 + 0.1 / 4)
    assert expected_calibration_error(np.array([0.0, 1.0]), np.array([0.0, 1.0])) == 0
    # .06 and .08 lie on either side of 1/15, so that their errors do not cancel.
    assert expected_calibration_error(np.array([0.06, 0.08]), np.array([1.0, 0.0])) == pytest.approx(0.51)
    # In one bin, errors in opposite directions cancel: (.2 + .4) / 2 = .3 said, .5 right.
    assert expected_calibration_error(np.array([0.2, 0.4]), np.array([1.0, 0.0]), bins=1) == pytest.approx(0.2)


def test_macro_recall_counts_each_type_once() -> None:
    # Nine of type 0, all right; one of type 2, wrong; type 1 does not occur.
    types = np.array([0] * 9 + [2])
    assert macro_recall(types, np.array([1.0] * 9 + [0.0])) == 0.5


def test_estimate_interval() -> None:
    half = np.array([0.0, 1.0] * 200)
    found = estimate(np.mean, half)
    # Standard error of a share: sqrt(.25 / 400) = .025; 1.96 of them on either side.
    assert found.value == 0.5 and found.n == 400
    assert found.low == pytest.approx(0.451, abs=0.006) and found.high == pytest.approx(0.549, abs=0.006)
    assert estimate(np.mean, half) == found  # the seed is fixed
    assert estimate(np.mean, np.array([])) == Estimate(None, None, None, 0)
    assert estimate(np.mean, np.array([1.0])) == Estimate(1.0, None, None, 1)


def test_estimate_keeps_columns_together() -> None:
    column = np.arange(50.0)
    difference = estimate(lambda a, b: float(np.abs(a - b).max()), column, column)
    assert (difference.low, difference.high) == (0, 0)


def test_types_by_hand() -> None:
    result = summarise(
        [
            outcome("lipstick", "lipstick", 0.9),
            outcome("lipstick", "mascara", 0.6, top=("mascara", "serum", "lipstick", "other")),
            outcome("lipstick", "mascara", 0.6, top=("mascara", "serum", "other", "lipstick")),
            outcome("lipstick", None),  # failed: a miss, and no part of calibration or acceptance
            outcome("serum", "serum", 1.0, accepted=False),
            outcome(None, "blush"),  # no label: counts for acceptance only
        ]
    )
    assert result.photos == 6 and result.failures == {"unreadable": 1}
    assert (result.top_1.value, result.top_1.n) == (pytest.approx(2 / 5), 5)
    assert result.top_3.value == pytest.approx(3 / 5)
    assert {label: (found.value, found.n) for label, found in result.recall.items()} == {
        "lipstick": (0.25, 4),
        "serum": (1.0, 1),
    }
    assert {label: found.value for label, found in result.recall_in_three.items()} == {"lipstick": 0.5, "serum": 1.0}
    assert result.shade_by_type["serum"].within_6.n == 0
    assert result.macro_recall.value == pytest.approx((0.25 + 1) / 2)
    # .6 twice and wrong, .9 right, 1.0 right: (2 * .6 + .1 + 0) / 4
    assert (result.calibration_error.value, result.calibration_error.n) == (pytest.approx(1.3 / 4), 4)
    assert (result.accepted.value, result.accepted.n) == (pytest.approx(4 / 5), 5)


def test_shades_by_hand() -> None:
    def shaded(delta_e: float | None) -> Outcome:
        return outcome("blush", "blush", shade_hex="#c76955", delta_e=delta_e)

    unlabelled = outcome("blush", "blush")
    shade = summarise([*map(shaded, [1.0, 3.0, 5.0, 31.0, None]), unlabelled]).shade
    assert (shade.median.value, shade.median.n) == (4.0, 4)  # of the four that were found
    assert (shade.mean.value, shade.mean.n) == (10.0, 4)
    assert (shade.within_3.value, shade.within_3.n) == (
        pytest.approx(2 / 5),
        5,
    )  # the one not found is a miss
    assert shade.within_6.value == pytest.approx(3 / 5)
    assert (shade.not_visible.value, shade.not_visible.n) == (pytest.approx(1 / 5), 5)


def test_judge() -> None:
    truth = Truth("a.jpg", "blush", "#c76955")
    top = tuple(Score(label, 0.2) for label in ("blush", "powder", "serum", "other", "mascara"))
    lab = tuple(float(value) for value in hex_to_lab("#c76955"))
    swatch = Swatch("terracotta", "#c76955", (lab[0], lab[1], lab[2]), 1.0, "warm", "medium")
    report = Report("a.jpg", product_type=ProductType("blush", 0.2, True, top), shade=Shade(True, swatch, (swatch,)))
    judged = judge(truth, report)
    assert judged.delta_e == pytest.approx(0) and judged.predicted_hex == "#c76955"
    assert judged.top == ("blush", "powder", "serum", "other", "mascara") and judged.accepted
    unseen = judge(truth, Report("a.jpg", shade=Shade(False, None, ())))
    assert unseen.delta_e is None and unseen.status == "ok"
    failed = judge(truth, Report.failure("a.jpg", "empty", "It is empty."))
    assert failed.status == "empty" and failed.predicted_type is None and failed.top == ()


@pytest.fixture
def labelled(tmp_path: Path, photo: Callable[..., Path]) -> Path:
    """Three of the stand-in tagger's four verdicts are right; black shows no shade; one file is missing."""
    rows: list[dict[str, Any]] = [
        {"file_name": "red.png", "product_type": "lipstick", "shade_hex": "#ff0000", "source": "a test"},
        {"file_name": "sub/green.png", "product_type": "skincare cream", "shade_hex": None},
        {"file_name": "blue.png", "product_type": "serum", "shade_hex": "ff0000"},
        {"file_name": "black.png", "product_type": "Lipstick", "shade_hex": "#000000"},
        {"file_name": "gone.png", "product_type": "mascara"},
    ]
    for name, colour in (("red", "red"), ("sub/green", "lime"), ("blue", "blue"), ("black", "black")):
        photo(f"set/{name}.png", colour)
    lines = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "set" / "metadata.jsonl").write_text(lines + "\n\n", encoding="utf-8")
    return tmp_path / "set"


def test_evaluate_a_folder(labelled: Path, tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    predictions = tmp_path / "predictions.jsonl"
    result = evaluate(labelled, fake_analyzer, predictions=predictions, progress=False)
    assert result.photos == 5 and result.failures == {"not_found": 1}
    assert result.top_1.value == pytest.approx(3 / 5)
    assert result.shade.not_visible.value == pytest.approx(1 / 3)
    assert result.shade.within_3.value == pytest.approx(1 / 3)
    # Blue against red, CIEDE2000 52.88, and red against itself.
    assert result.shade.mean.value == pytest.approx(52.88 / 2, abs=0.01)
    assert result.accepted.value == pytest.approx(3 / 4)
    written = [json.loads(line) for line in predictions.read_text().splitlines()]
    assert [row["file"] for row in written] == [
        "red.png",
        "sub/green.png",
        "blue.png",
        "black.png",
        "gone.png",
    ]
    assert written[2]["predicted_type"] == "nail polish" and written[2]["product_type"] == "serum"
    json.dumps(result.to_dict(), allow_nan=False)


def test_markdown(labelled: Path, fake_analyzer: FakeAnalyzer) -> None:
    result = evaluate(labelled, fake_analyzer, progress=False)
    text = to_markdown({"embedded": result})
    assert "5 photos; failures: embedded: 1 not_found." in text
    assert "| Product type, top 1 | 5 | 60.0% (" in text
    assert "| lipstick | 2 | 100.0% (15.8–100.0) | 100.0% (15.8–100.0) | " in text
    assert "| serum | 1 | 0.0% | " in text
    tables = text.split("\n\n")[1:3]  # every row of a table has its header's cells
    assert [{line.count("|") for line in table.splitlines()} for table in tables] == [{4}, {9}]
    both = to_markdown({"one": result, "other": result})
    assert "| Measure | n | one | other |" in both and "### other" in both
    assert "Main shade within 3" not in to_markdown({"x": summarise([outcome(None, None)])})


def test_plots(labelled: Path, fake_analyzer: FakeAnalyzer, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="plots need requirements-train.txt")
    drawn = plots(evaluate(labelled, fake_analyzer, progress=False), tmp_path / "plots")
    assert [path.name for path in drawn] == ["confusion.png", "reliability.png"]
    assert all(path.stat().st_size > 1000 for path in drawn)
    assert plots(summarise([outcome(None, None)]), tmp_path / "none") == []


def test_ratios_by_hand() -> None:
    assert ratio(np.array([1.0, 2.0]), np.array([2.0, 4.0])) == 0.5
    assert np.isnan(ratio(np.zeros(2), np.zeros(2)))
    # Said twice, right once; true three times: precision 1/2, recall 1/3.
    assert f1(np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 1, 1])) == pytest.approx(2 * (1 / 2) * (1 / 3) / (5 / 6))
    assert estimate(f1, np.zeros(3), np.zeros(3)) == Estimate(None, None, None, 3)


LIPSTICK = Truth("a.jpg", "lipstick", "#c81d25", "matte", True, "gold")
HIDDEN = Truth("a.jpg", "lipstick", None, None, False)


@pytest.mark.parametrize(
    ("text", "truth", "expected"),
    [
        ("A matte lipstick in red.", LIPSTICK, [("finish", True), ("type", True), ("colour", True)]),
        ("A glossy mascara in teal.", LIPSTICK, [("finish", False), ("type", False), ("colour", False)]),
        ("No shimmer is visible.", LIPSTICK, [("shimmer-free", True)]),
        ("No shimmer is visible.", Truth("a.jpg", "lipstick", None, "metallic"), [("shimmer-free", False)]),
        ("A texture that is not glossy.", Truth("a.jpg", "lipstick", None, "glitter"), [("finish", True)]),
        ("No shimmer is visible.", HIDDEN, []),
        ("A lipstick in a gold case.", LIPSTICK, [("type", True), ("packaging", True)]),
        ("A lipstick in a black case.", LIPSTICK, [("type", True), ("packaging", False)]),
        ("A lipstick on a teal background.", LIPSTICK, [("type", True)]),  # nothing is known of the background
        # A shade that cannot be seen is made up, whatever is said of it.
        ("A red lipstick.", HIDDEN, [("colour", False), ("type", True)]),
        ("A red lipstick.", Truth("a.jpg", "lipstick", None), [("type", True)]),
        ("An eyeshadow in teal.", Truth("a.jpg", "eyeshadow palette", "#c81d25"), [("type", True)]),
        ("A lip product.", LIPSTICK, [("broader type", True)]),
        ("An eye product.", LIPSTICK, [("broader type", False)]),
        (SHADE_UNSEEN, LIPSTICK, [("hidden", False)]),
        (SHADE_UNSEEN, HIDDEN, [("hidden", True)]),
        (SHADE_PERHAPS_UNSEEN, HIDDEN, [("guess", True)]),
        ("No beauty product can be made out.", LIPSTICK, []),
        ("Nothing to judge.", LIPSTICK, []),
        ("A beauty product.", LIPSTICK, [("any type", True)]),
        ("A beauty product.", Truth("a.jpg", "other", None), [("any type", False)]),
        ("A makeup product.", LIPSTICK, [("broader type", True)]),
        # What the captioner writes of a hidden shade counts as what the app does.
        ("a mascara, closed. the shade cannot be seen", LIPSTICK, [("type", False), ("hidden", False)]),
        ("a lipstick. No shade is visible.", HIDDEN, [("type", True), ("hidden", True)]),
        ("A lipstick, closed.", HIDDEN, [("type", True), ("state", True)]),
        ("A makeup brush, closed.", Truth("a.jpg", "brush or tool", None, None, False), [("type", True)]),
    ],
)
def test_claims_against_labels(text: str, truth: Truth, expected: list[tuple[str, bool]]) -> None:
    assert [(claim.kind, claim.correct) for claim in check(text, truth)] == expected


def test_claims_are_counted_over_photos() -> None:
    right, wrong = Checked("type", "lipstick", True), Checked("colour", "teal", False)
    result = summarise(
        [
            outcome("lipstick", "lipstick", claims=(right, wrong), facts=("type", "colour")),
            outcome("lipstick", "lipstick", claims=(right,), caption_claims=(wrong,), facts=("type",)),
        ]
    )
    assert result.claims.precision.value == pytest.approx(2 / 3)
    assert result.claims.recall.value == pytest.approx(2 / 3)
    assert result.claims.by_kind["type"].value == 1 and result.claims.by_kind["finish"].value is None
    assert result.caption_claims.precision.value == 0
    assert (result.claims.precision.n, result.claims.by_kind["type"].n) == (3, 2)
    assert facts(LIPSTICK) == ("type", "colour", "finish", "packaging")
    assert facts(Truth("a.jpg", "makeup set", "#c81d25")) == ("type",)


def test_what_is_denied_or_goes_without_saying_tells_no_fact() -> None:
    (denied,) = check("Not a blush.", LIPSTICK)
    assert denied == Checked("type", "Not a blush", True, denied=True)
    (any_type,) = check("A beauty product.", LIPSTICK)
    result = summarise([outcome("lipstick", "lipstick", claims=(one,), facts=("type",)) for one in (denied, any_type)])
    assert (result.claims.recall.value, result.claims.broad_recall.value) == (0.0, 0.0)
    assert result.claims.precision.n == 1 and result.claims.by_kind["any type"].n == 1


def test_a_broader_word_does_not_say_the_type() -> None:
    broad = Checked("broader type", "lip product", True)
    result = summarise([outcome("lipstick", "lipstick", claims=(broad,), facts=("type",))])
    assert (result.claims.recall.value, result.claims.broad_recall.value) == (0.0, 1.0)


def test_of_none_or_all_the_interval_is_exact() -> None:
    all_of_eight = estimate(np.mean, np.ones(8))
    assert all_of_eight.value == 1.0 and all_of_eight.low == pytest.approx(0.025 ** (1 / 8))  # (alpha / 2)^(1 / n)
    none = pooled(np.zeros(3), np.array([4.0, 0.0, 4.0]))
    # Two photos have any: those of one do not come out by themselves.
    assert (none.value, none.low, none.n) == (0.0, 0.0, 8) and none.high == pytest.approx(1 - 0.025 ** (1 / 2))
    assert pooled(np.array([0.0, 2.0]), np.array([0.0, 3.0])) == Estimate(2 / 3, None, None, 3)


def test_packages_are_counted_where_labelled() -> None:
    truth = Truth("a.jpg", "lipstick", None, packaging_material="metal", packaging_state="open")
    seen = Packaging(None, Score("metal", 0.8), Score("closed", 0.6))
    outcomes = [judge(truth, Report("a.jpg", packaging=packaging)) for packaging in (seen, None)]
    outcomes.append(judge(Truth("b.jpg", "lipstick", None), Report("b.jpg", packaging=seen)))  # no label, no judgement
    result = summarise(outcomes)
    assert (result.packaging_material.value, result.packaging_material.n) == (0.5, 2)
    assert (result.packaging_state.value, result.packaging_state.n) == (0.0, 2)
    assert "| Packaging material | 2 | 50.0%" in to_markdown({"ours": result})


def test_finish_and_hidden_shades() -> None:
    def seen(true: bool, said: bool, finish: str | None = None) -> Outcome:
        extra: dict[str, Any] = {"finish": finish, "predicted_finish": "matte" if said else None}
        return outcome("blush", "blush", shade_visible=true, predicted_visible=said, **extra)

    result = summarise([seen(True, True, "matte"), seen(True, False, "satin"), seen(False, False), seen(False, True)])
    assert (result.finish.value, result.finish.n) == (0.5, 2)
    assert (result.hidden_f1.value, result.hidden_f1.n) == (0.5, 4)  # said hidden: one right, one wrong, one missed


def test_other_things_are_rejected() -> None:
    result = summarise([outcome("other", "other", accepted=False), outcome("other", "serum", accepted=True)])
    assert result.rejected.value == 0.5 and result.accepted.n == 0


def test_references() -> None:
    pytest.importorskip("pycocoevalcap", reason="reference metrics need requirements-train.txt")
    told = ("A matte red lipstick standing open.", "a matte red lipstick standing open")
    other = ("a jar of cream on marble", "a white cream jar stands on marble")
    result = summarise(
        [
            outcome("lipstick", "lipstick", description=told[0], references=(told[1],), clip_score=1.5),
            outcome("skincare cream", "serum", description="nothing alike", references=(other[1],), clip_score=0.5),
        ]
    )
    assert result.bleu.value == pytest.approx(0.5, abs=0.01)  # the same words, and none of them
    assert result.cider.value == pytest.approx(5.0, abs=0.01)  # CIDEr is 10 for the same words
    assert result.clip_score.value == 1.0 and result.cider.n == 2
    assert summarise([outcome("lipstick", "lipstick")]).bleu.n == 0


def test_similarity_is_asked_for_where_references_are(
    tmp_path: Path, photo: Photo, fake_analyzer: FakeAnalyzer
) -> None:
    for name in ("a", "b"):
        photo(f"set/{name}.png", "red")
    rows = [{"file_name": "a.png", "captions": ["red"], "finish": "matte"}, {"file_name": "b.png"}]
    (tmp_path / "set" / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    asked: list[str] = []

    def similarity(path: Path, text: str) -> float:
        asked.append(path.name)
        return 2.0

    result = evaluate(tmp_path / "set", fake_analyzer, progress=False, similarity=similarity)
    assert asked == ["a.png"] and result.clip_score.value == 2.0


def test_subfolders_as_labels(tmp_path: Path, photo: Callable[..., Path]) -> None:
    for name in ("set/Lip_Gloss/a.png", "set/nail polish/deep/b.png", "set/stray.png"):
        photo(name)
    assert read_truths(tmp_path / "set") == [
        Truth("Lip_Gloss/a.png", "lip gloss", None),
        Truth("nail polish/deep/b.png", "nail polish", None),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "Line 2 .* no JSON object"),
        ('"text"', "Line 2 .* no JSON object"),
        ("{}", "Line 2 .* with a file_name"),
        ('{"file_name": 3}', "Line 2 .* to be text"),
        ('{"file_name": "a.png", "shade_hex": "pinkish"}', "Line 2 .* not 'pinkish'"),
        ('{"file_name": "a.png", "shade_visible": "yes"}', "Line 2 .* true or false"),
        ('{"file_name": "a.png", "captions": "one"}', "Line 2 .* list of texts"),
        ('{"file_name": "a.png", "finish": "fluffy"}', "no finishes of the vocabulary: fluffy"),
        ('{"file_name": "a.png", "packaging_state": "lost"}', "no packaging states of the vocabulary: lost"),
        ('{"file_name": "a.png", "packaging_material": "gold"}', "no packaging materials of the vocabulary: gold"),
        ('{"file_name": "a.png", "packaging_material": 3}', "are to be text"),
        (
            '{"file_name": "a.png", "product_type": "sandwich"}',
            "no product types of the vocabulary: sandwich",
        ),
    ],
)
def test_metadata_that_is_wrong(line: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "first.png"}\n' + line)
    with pytest.raises(EvaluationError, match=sentence):
        read_truths(tmp_path)


def test_a_photo_counts_once(tmp_path: Path, fake_analyzer: FakeAnalyzer) -> None:
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "a.png"}\n{"file_name": "b.png"}\n{"file_name": "a.png"}')
    with pytest.raises(EvaluationError, match=r"a\.png stands in more than one line"):
        evaluate(tmp_path, fake_analyzer, progress=False)


def test_a_type_whose_folder_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = Photos((Path("lipstick/a.png"),), 0, (Path("mascara"),))
    monkeypatch.setattr("beauty_vlm.evaluation.truths.find_photos", lambda _: closed)
    with pytest.raises(EvaluationError, match="cannot be listed: mascara"):
        read_truths(tmp_path)


def test_metadata_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "a.png"}\n', encoding="utf-8-sig")
    assert [truth.file for truth in read_truths(tmp_path)] == ["a.png"]


def test_folders_without_labels(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no metadata"):
        read_truths(tmp_path)
    with pytest.raises(EvaluationError, match="is not a folder"):
        read_truths(tmp_path / "missing")
    (tmp_path / "metadata.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(EvaluationError, match="UTF-8"):
        read_truths(tmp_path)


def test_limit_is_spread_over_the_list() -> None:
    truths = [Truth(f"{index}.jpg", "lipstick", None) for index in range(10)]
    assert [truth.file for truth in spread(truths, 4)] == ["0.jpg", "2.jpg", "5.jpg", "7.jpg"]
    assert spread(truths, None) == truths and spread(truths, 99) == truths
