"""The page without models: what panels say, how labels are read, what events and endpoints answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import numpy as np
import pytest
from fake_models import PALE, RED, TOP, UNAVAILABLE, FakeAnalyzer, FakeLoader
from gradio_client import Client, handle_file
from PIL import Image

from beauty_vlm.analysis import Analysis
from beauty_vlm.intake import IntakeError
from beauty_vlm.models.loader import Settings
from beauty_vlm.report import Claim, ProductType, Report, Score, Shade
from beauty_vlm.ui import panels
from beauty_vlm.ui.about_tab import settings_panel
from beauty_vlm.ui.describe_tab import OVERLAY_SIDE, DescribeTab, measured_place, record_file, record_name
from beauty_vlm.ui.labels import LONGEST_LABEL, MOST_LABELS, LabelError, read_labels
from beauty_vlm.ui.page import build_page, launch_options
from beauty_vlm.ui.photo import Upload, example_row
from beauty_vlm.ui.tag_tab import TagTab

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def photo(tmp_path: Path) -> dict[str, Any]:
    """A photo as gradio describes an upload to an event."""
    path = tmp_path / "1f2e.png"
    Image.new("RGB", (60, 90), "#b3202f").save(path)
    return {"path": str(path), "orig_name": "my lipstick.png"}


@pytest.fixture
def broken(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 no more")
    return {"path": str(path), "orig_name": "broken.jpg"}


def describe_tab(**faults: bool) -> DescribeTab:
    with gr.Blocks():
        return DescribeTab(FakeAnalyzer(**faults))  # type: ignore[arg-type]


def tag_tab(**faults: bool) -> TagTab:
    with gr.Blocks():
        return TagTab(FakeLoader(**faults))  # type: ignore[arg-type]


class TestPanels:
    def test_every_text_is_escaped(self) -> None:
        swatch = replace(RED, name=SCRIPT, hex=SCRIPT, undertone=SCRIPT, depth=SCRIPT)
        score = Score(SCRIPT, 0.5)
        report = Report(
            file=SCRIPT,
            caption=SCRIPT,
            claims=(Claim(SCRIPT, (0, 1), SCRIPT, SCRIPT, SCRIPT),),
            models={SCRIPT: SCRIPT},
            timings_ms={SCRIPT: 1.0},
        )
        markup = [
            panels.message(SCRIPT),
            panels.welcome(SCRIPT),
            panels.scores_panel([score]),
            panels.product_panel(ProductType(SCRIPT, 0.5, True, (score,))),
            panels.shade_panel(Shade(True, swatch, (swatch, swatch))),
            panels.finish_panel(score),
            panels.details_panel(report),
            settings_panel(Settings(captioner=SCRIPT)),
        ]
        for text in markup:
            assert "<script" not in text
            assert "&lt;script&gt;" in text

    def test_only_a_hex_colour_enters_a_style(self) -> None:
        swatch = replace(RED, hex="red;background-image:url(//elsewhere)")
        assert "background:transparent" in panels.shade_panel(Shade(True, swatch, ()))

    def test_shade_shows_all_measures_and_the_palette(self) -> None:
        text = panels.shade_panel(Shade(True, RED, (RED, PALE)))
        for expected in ("cherry red", "#b3202f", "L* 39.1", "a* 55.3", "b* 30.2", "warm", "medium", "72%"):
            assert expected in text
        assert "dusty rose" in text
        assert "#d9a1a4" in text

    def test_a_grey_has_no_minus_before_its_zero(self) -> None:
        text = panels.shade_panel(Shade(True, replace(RED, lab=(100.0, -0.01, 0.0)), ()))
        assert "a* 0.0" in text

    def test_one_colour_needs_no_palette(self) -> None:
        assert "Palette" not in panels.shade_panel(Shade(True, RED, (RED,)))

    @pytest.mark.parametrize("shade", [None, Shade(False, None, ())])
    def test_unseen_shade_is_a_plain_sentence(self, shade: Shade | None) -> None:
        text = panels.shade_panel(shade)
        assert panels.NO_SHADE in text
        assert "background:" not in text

    def test_product_that_is_not_accepted_is_not_named_as_the_answer(self) -> None:
        text = panels.product_panel(ProductType("lipstick", 0.3, False, TOP))
        assert panels.NO_PRODUCT in text
        assert "bv-answer" not in text
        assert text.count("<li>") == 5

    def test_claims_are_marked_in_the_description_and_the_text_stays_whole(self) -> None:
        text = "A <red> lipstick & a matte finish."
        claims = (
            Claim("lipstick", (8, 16), "type", "supported", 'lipstick, 90%; the caption said "mascara"'),
            Claim("<red>", (2, 7), "colour", "supported", "measured red"),
            Claim("red", (3, 6), "colour", "unseen", "overlaps"),
            Claim("gone", (90, 99), "finish", "unseen", "beyond the end"),
        )
        html = panels.description_panel(text, claims)
        assert html.count("<mark") == 2 and "<red>" not in html
        assert 'bv-mended" tabindex="0" data-evidence="mended after the photo: lipstick, 90%;' in html
        said = re.sub(r"<[^>]*>", "", re.search(r'<p class="bv-said">(.*?)</p>', html)[1])  # type: ignore[index]
        assert unescape(said) == text
        assert "Point at a word" not in panels.description_panel("Nothing claimed.", ())

    def test_a_type_that_is_not_likely_enough_is_called_by_its_group(self) -> None:
        named = Score("lip product", 0.8)
        text = panels.product_panel(ProductType("lipstick", 0.4, True, TOP, named))
        assert '<p class="bv-answer">lip product</p>' in text and "likely enough" in text
        assert "likely enough" not in panels.product_panel(ProductType("lipstick", 0.9, True, TOP))

    @pytest.mark.parametrize(("score", "shown"), [(0.0, "0%"), (0.004, "<1%"), (0.834, "83%"), (1.0, "100%")])
    def test_percent(self, score: float, shown: str) -> None:
        assert panels.percent(score) == shown

    def test_details_name_the_verdict_in_words(self) -> None:
        claim = Claim("matte", (0, 5), "finish", "contradicted", "looks glossy")
        text = panels.details_panel(Report(file=None, claims=(claim,), timings_ms={"caption": 1431.4}))
        assert "contradicted by the photo" in text
        assert "1,431 ms" in text


class TestLabels:
    def test_lines_are_tidied_and_repetitions_dropped_in_order(self) -> None:
        assert read_labels("  red   lipstick \n\nnail polish\r\nRed Lipstick\n") == (
            "red lipstick",
            "nail polish",
        )

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            (None, "first"),
            (" \n \n", "first"),
            ("one\nONE", "at least two"),
            ("\n".join(f"label {i}" for i in range(MOST_LABELS + 1)), f"at most {MOST_LABELS}"),
            ("short\n" + "x" * (LONGEST_LABEL + 1), f"{LONGEST_LABEL} characters"),
        ],
    )
    def test_unusable_labels_get_a_sentence(self, text: str | None, sentence: str) -> None:
        with pytest.raises(LabelError, match=sentence):
            read_labels(text)

    def test_the_most_labels_pass(self) -> None:
        assert len(read_labels("\n".join(f"label {i}" for i in range(MOST_LABELS)))) == MOST_LABELS


class TestUpload:
    def test_keeps_the_owners_name(self, photo: dict[str, Any]) -> None:
        assert Upload.of(photo) == Upload(Path(photo["path"]), "my lipstick.png")

    @pytest.mark.parametrize("payload", [None, {}, {"path": None, "url": "data:image/png;base64,AA"}])
    def test_no_file_is_an_intake_error(self, payload: dict[str, Any] | None) -> None:
        with pytest.raises(IntakeError) as caught:
            Upload.of(payload)
        assert caught.value.status == "empty"

    def test_works_without_examples(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("beauty_vlm.ui.photo.EXAMPLES", tmp_path)
        with gr.Blocks():
            assert example_row(gr.Image()) is None


class TestDescribe:
    def test_success_fills_every_output(self, photo: dict[str, Any]) -> None:
        tab = describe_tab()
        values = tab.show(photo, "short")
        assert len(values) == len(tab._outputs)
        note, results, description, shade, product, finish, overlay, record, details = values
        assert note["visible"] is False
        assert results["visible"] is True
        assert "said at short length." in description and 'data-evidence="' in description
        assert RED.hex in shade
        assert "lipstick" in product
        assert "satin" in finish
        assert overlay["visible"] is True
        assert overlay["value"].size == (60, 90)
        assert "&lt;b&gt;standing" in details
        saved = json.loads(Path(record).read_text())
        assert saved["shade"]["main"]["hex"] == RED.hex
        assert saved["file"] == "my lipstick.png"
        assert Path(record).name == "my-lipstick-description.json"

    def test_unseen_shade_hides_the_overlay(self, photo: dict[str, Any]) -> None:
        values = describe_tab(shade_visible=False).show(photo, "normal")
        assert panels.NO_SHADE in values[3]
        assert values[6]["visible"] is False

    @pytest.mark.parametrize("case", ["nothing", "broken", "unavailable"])
    def test_failure_shows_its_sentence_and_clears_the_rest(
        self, case: str, photo: dict[str, Any], broken: dict[str, Any]
    ) -> None:
        tab = describe_tab(available=case != "unavailable")
        payload = {"nothing": None, "broken": broken, "unavailable": photo}[case]
        sentence = {"nothing": "Add a photo first.", "broken": "broken.jpg", "unavailable": UNAVAILABLE}[case]
        note, results, *rest = tab.show(payload, "normal")
        assert len(rest) == len(tab._outputs) - 2
        assert note["visible"] is True
        assert sentence in note["value"]
        assert 'role="alert"' in note["value"]
        assert results["visible"] is False
        assert not any(rest)

    def test_overlay_of_a_large_photo_is_small(self) -> None:
        image = Image.new("RGB", (3 * OVERLAY_SIDE, 60))
        analysis = Analysis(Report(file=None), image, np.zeros((60, 3 * OVERLAY_SIDE), np.uint8))
        assert max(measured_place(analysis).size) == OVERLAY_SIDE

    @pytest.mark.parametrize(
        ("photo_name", "expected"),
        [
            ("IMG 0001.JPG", "IMG-0001-description.json"),
            ("../../etc/passwd", "passwd-description.json"),
            ("…", "photo-description.json"),
            (None, "photo-description.json"),
            ("é" * 300 + ".png", "é" * 60 + "-description.json"),
        ],
    )
    def test_record_name(self, photo_name: str | None, expected: str) -> None:
        assert record_name(photo_name) == expected

    def test_record_file_stays_in_its_folder(self, tmp_path: Path) -> None:
        path = Path(record_file(Report.failure("../x.png", "unreadable", "x"), str(tmp_path)))
        assert tmp_path in path.parents


class TestTag:
    def test_product_type(self, photo: dict[str, Any]) -> None:
        assert "lip gloss" in tag_tab().show_type(photo)

    def test_own_labels_come_best_first_and_escaped(self, photo: dict[str, Any]) -> None:
        text = tag_tab().show_scores(photo, "gel\n<i>long label</i>")
        assert text.index("&lt;i&gt;long label") < text.index("gel<")

    def test_failures_are_sentences(self, photo: dict[str, Any], broken: dict[str, Any]) -> None:
        tab = tag_tab()
        assert "Add a photo first." in tab.show_type(None)
        assert "broken.jpg" in tab.show_type(broken)
        assert "one on each line" in tab.show_scores(photo, "")
        assert "captioner could not be loaded" in tag_tab(available=False).show_type(photo)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    page = build_page(FakeAnalyzer(), FakeLoader(), Settings())  # type: ignore[arg-type]
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    yield Client(address, verbose=False)
    page.close()


class TestEndpoints:
    def test_only_the_three_are_public(self, client: Client) -> None:
        api = client.view_api(return_format="dict", print_info=False)
        assert set(api["named_endpoints"]) == {"/describe", "/tag", "/tag_labels"}
        assert not api["unnamed_endpoints"]

    def test_describe_returns_the_record(self, client: Client, photo: dict[str, Any]) -> None:
        record = client.predict(handle_file(photo["path"]), "detailed", api_name="/describe")
        assert record["status"] == "ok"
        assert record["description"].endswith("detailed length.")
        assert record["shade"]["palette"][1]["name"] == "dusty rose"

    def test_tag_and_labels(self, client: Client, photo: dict[str, Any]) -> None:
        upload = handle_file(photo["path"])
        assert client.predict(upload, api_name="/tag")["top"][0] == {"label": "lipstick", "score": 0.83}
        scores = client.predict(upload, "gel\nnail polish", api_name="/tag_labels")
        assert [score["label"] for score in scores] == ["nail polish", "gel"]

    def test_bad_input_is_a_sentence(self, client: Client, broken: dict[str, Any], photo: dict[str, Any]) -> None:
        with pytest.raises(Exception, match=r"broken\.jpg cannot be read"):
            client.predict(handle_file(broken["path"]), "normal", api_name="/describe")
        with pytest.raises(Exception, match="short, normal, detailed"):
            client.predict(handle_file(photo["path"]), "endless", api_name="/describe")

    def test_files_of_the_machine_cannot_be_named(self, client: Client, photo: dict[str, Any]) -> None:
        """Asked without gradio's client, which would upload the file first."""
        calls = f"{client.src}gradio_api/call/describe"
        upload = {"path": photo["path"], "meta": {"_type": "gradio.FileData"}}
        event = httpx.post(calls, json={"data": [upload, "normal"]}).json()["event_id"]
        answer = httpx.get(f"{calls}/{event}").text
        assert "event: error" in answer
        assert "lipstick" not in answer


def test_launch_options_bound_uploads_and_keep_no_history() -> None:
    options = launch_options()
    assert options["max_file_size"] > 0
    assert options["run_history"] is False
