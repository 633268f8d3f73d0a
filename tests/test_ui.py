"""The page without models: what panels say, how labels are read, what events and endpoints answer."""

from __future__ import annotations

import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import numpy as np
import pytest
from fake_models import MEASURED, PALE, RED, TOP, UNAVAILABLE, FakeAnalyzer, FakeLoader
from gradio_client import Client, handle_file
from PIL import Image

from app import is_for_visitors, read_options, read_settings
from beauty_vlm.intake import IntakeError
from beauty_vlm.language import mentions
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.models.loader import Settings
from beauty_vlm.report import Claim, Evidence, Light, Mend, Note, Packaging, ProductType, Report, Score, Shade
from beauty_vlm.ui import markup, panels
from beauty_vlm.ui.about_tab import settings_panel
from beauty_vlm.ui.describe_tab import DescribeTab, record_file, record_name
from beauty_vlm.ui.glance import glance
from beauty_vlm.ui.labels import LONGEST_LABEL, MOST_LABELS, LabelError, read_labels
from beauty_vlm.ui.page import build_page, launch_options
from beauty_vlm.ui.photo import Upload, example_row
from beauty_vlm.ui.places import SIDE, Place, places
from beauty_vlm.ui.queue import plainly
from beauty_vlm.ui.tag_tab import TagTab
from beauty_vlm.ui.told import PLACES, told
from beauty_vlm.ui.why import DENIED, NO_MENDS, OTHERWISE, why_panel
from beauty_vlm.writing.closing import SHADE_UNSURE
from beauty_vlm.writing.headline import called_finish, called_shade

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
            description="x" + SCRIPT,
            claims=(Claim(SCRIPT, (0, 1), SCRIPT, SCRIPT, Evidence(SCRIPT, 0.5, SCRIPT, SCRIPT, 1.0, SCRIPT), SCRIPT),),
            mends=(
                Mend(SCRIPT, SCRIPT, SCRIPT),
                Mend(SCRIPT, SCRIPT, SCRIPT, SCRIPT, "contradicted", Evidence(SCRIPT)),
            ),
            notes=(Note(SCRIPT, SCRIPT, SCRIPT),),
            models={SCRIPT: SCRIPT},
            timings_ms={SCRIPT: 1.0},
        )
        shown = [
            markup.message(SCRIPT),
            markup.of_photo(SCRIPT, SCRIPT),
            markup.copied(SCRIPT),
            glance(report),
            panels.welcome(SCRIPT),
            panels.scores_panel([score]),
            panels.product_panel(ProductType(SCRIPT, 0.5, True, (score,))),
            panels.shade_panel(Shade(True, swatch, (swatch, swatch), swatch, Light(SCRIPT, SCRIPT, 1.0))),
            panels.shade_panel(Shade(True, None, (), unjudged=SCRIPT)),
            panels.packaging_panel(Packaging(swatch, score, score)),
            told(report, (Place(None, SCRIPT),)),
            why_panel(report),
            panels.finish_panel(score),
            panels.details_panel(report),
            settings_panel(Settings(captioner=SCRIPT)),
        ]
        for text in shown:
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

    def test_a_type_that_is_not_likely_enough_is_called_by_its_group(self) -> None:
        named = Score("lip product", 0.8)
        text = panels.product_panel(ProductType("lipstick", 0.4, True, TOP, named))
        assert '<p class="bv-answer">lip product</p>' in text and "likely enough" in text
        assert "likely enough" not in panels.product_panel(ProductType("lipstick", 0.9, True, TOP))

    def test_shade_shows_what_is_known_of_its_light_and_uncertainty(self) -> None:
        plain = panels.shade_panel(Shade(True, RED, (RED,)))
        assert "ΔE" not in plain and "neutral light" not in plain
        shade = Shade(True, replace(RED, uncertainty=1.84), (RED,), PALE, Light("#fbeeda", "background", 6.25))
        text = panels.shade_panel(shade)
        for expected in ("±1.8 ΔE", "as seen", "in neutral light", "dusty rose, #d9a1a4", "#fbeeda, 6.2 ΔE off"):
            assert expected in text

    def test_a_shade_that_cannot_be_judged_says_why(self) -> None:
        text = panels.shade_panel(Shade(True, None, (), unjudged="The photo is black and white."))
        assert "The photo is black and white." in text and panels.NO_SHADE not in text

    def test_packaging_shows_what_is_known_of_it(self) -> None:
        text = panels.packaging_panel(Packaging(PALE, Score("metal", 0.81), Score("open", 0.97)))
        assert all(expected in text for expected in (PALE.hex, "metal, 81%", "open, 97%"))
        state_only = panels.packaging_panel(Packaging(None, None, Score("open", 0.97)))
        assert "open" in state_only and "Material" not in state_only
        assert panels.packaging_panel(None) == panels.packaging_panel(Packaging(None, None, None)) == ""

    @pytest.mark.parametrize(
        ("score", "shown"), [(0.0, "0%"), (0.004, "<1%"), (0.834, "83%"), (0.9951, ">99%"), (1.0, "100%")]
    )
    def test_percent(self, score: float, shown: str) -> None:
        assert markup.percent(score) == shown

    def test_details_tell_the_time_and_the_models(self) -> None:
        text = panels.details_panel(Report(file=None, models={"tagger": "ours"}, timings_ms={"caption": 1431.4}))
        assert "1,431 ms" in text and "ours" in text


def said(html: str) -> str:
    """The description as a reader sees and copies it."""
    return unescape(re.sub(r"<[^>]*>", "", re.search(r'<p class="bv-said">(.*?)</p>', html)[1]))  # type: ignore[index]


class TestTold:
    DESCRIPTION = "A <red> lipstick & a matte finish."

    def report(self, *claims: Claim, notes: tuple[Note, ...] | None = None) -> Report:
        return Report(file=None, description=self.DESCRIPTION, claims=claims, notes=notes)

    def test_claims_are_marked_and_the_text_stays_whole(self) -> None:
        type_seen = Claim("lipstick", (8, 16), "type", "supported", Evidence("lipstick", 0.9), said="mascara")
        html = told(
            self.report(
                type_seen,
                Claim("<red>", (2, 7), "colour", "supported", Evidence("measured red")),
                Claim("red", (3, 6), "colour", "unseen", Evidence("overlaps")),
                Claim("gone", (90, 99), "finish", "unseen", Evidence("beyond the end")),
            )
        )
        assert html.count("<mark") == 2 and "<red>" not in html and "overlaps" not in html
        assert said(html) == self.DESCRIPTION
        assert "The caption said <s>mascara</s>." in html and "90%" in html
        assert html.index("bv-claim bv-supported") < html.index("bv-claim bv-mended")

    def test_every_mark_has_its_evidence(self) -> None:
        claim = Claim("lipstick", (8, 16), "type", "unseen", Evidence("too dark", region="packaging"))
        html = told(self.report(claim, notes=(Note("brand", "X"),)))
        pointed = re.findall(r'aria-controls="([^"]+)" aria-describedby="([^"]+)"', html)
        assert [one == two and f'id="{one}" hidden' in html for one, two in pointed] == [True]
        assert 'data-region="packaging"' in html and "Too dark." in html

    def test_the_swatches_of_a_colour_are_compared(self) -> None:
        apart = Evidence("red", measured="#b3202f", claimed="#a2728c", delta_e=31.42, region="material")
        html = told(self.report(Claim("<red>", (2, 7), "colour", "supported", apart, said="mauve")))
        for expected in ("background:#b3202f", "background:#a2728c", "ΔE 31.4 apart", "measured on the product"):
            assert expected in html
        assert "nearest “mauve”" in html
        same = Evidence("red", measured="#b3202f", claimed="#b3202f", delta_e=0.0)
        assert "ΔE 0:" in told(self.report(Claim("<red>", (2, 7), "colour", "supported", same)))

    def test_the_legend_names_the_markings_that_are_there(self) -> None:
        claim = Claim("<red>", (2, 7), "colour", "unseen", Evidence("hidden"))
        legend = re.search(r'bv-legend">(.*?)</p>', told(self.report(claim)))
        assert legend and "not sure" in legend[1] and "mended" not in legend[1]
        assert "bv-legend" not in told(self.report())

    def test_notes_are_the_readers_and_their_conflicts_are_told(self) -> None:
        yours = 'By your notes: shade "Nude".'
        note = Note("shade", "Nude", "Your note says nude, the photo shows cherry red.")
        report = Report(file=None, description=f"A lipstick. {yours}", notes=(note,), claims=())
        html = told(report)
        assert said(html) == report.description
        assert "bv-claim bv-given" in html and "Given by you" in html
        assert '<p class="bv-conflict">Your note says nude' in html

    def test_what_no_photo_tells_is_not_called_seen(self) -> None:
        claim = Claim("matte", (21, 26), "brand", "supported", Evidence("given by the user"))
        html = told(self.report(claim))
        assert "bv-claim bv-given" in html and "bv-supported" not in html


def hedged(text: str, kind: str, description: str, probability: float) -> Claim:
    start = description.index(text)
    evidence = Evidence("too little to be sure", probability=probability, region="material")
    found = mentions.hedge(description[:start])
    assert found
    return Claim(text, (start, start + len(text)), kind, "unseen", evidence, hedge=found)


class TestGlance:
    """What stands first says no more than the description."""

    GUESSED = "A lip product. Perhaps a lip gloss. The shade is probably deep red. The finish is perhaps satin."

    def guessed(self) -> Report:
        words = (("lip gloss", "type", 0.4), ("deep red", "colour", 0.86), ("satin", "finish", 0.47))
        return Report(
            file="my photo.png",
            description=self.GUESSED,
            product_type=ProductType("lip gloss", 0.4, True, TOP, Score("lip product", 0.9)),
            shade=Shade(True, replace(RED, uncertainty=4.32), (RED,)),
            finish=Score("satin", 0.61),
            claims=tuple(hedged(text, kind, self.GUESSED, score) for text, kind, score in words),
        )

    def test_guesses_are_called_guesses(self) -> None:
        report = self.guessed()
        text = re.sub(r"<[^>]*>", "", glance(report))
        assert "Lip product, perhaps lip gloss" in text and "probably deep red #b3202f ±4.3 ΔE" in text
        assert "my photo.png" in text and glance(report) in told(report)
        assert called_shade(report) == "probably deep red"
        assert called_finish(report) == Score("probably satin", 0.61)
        assert called_finish(replace(report, finish=Score("satin", 0.3))) == Score("perhaps satin", 0.3)
        assert called_finish(replace(report, finish=Score("satin", 0.9999))) == Score("satin", 0.9999)
        assert "probably deep red" in panels.shade_panel(report.shade, called_shade(report))

    def test_claims_are_named_as_measured(self) -> None:
        red = Claim("cherry red", (2, 12), "colour", "supported", MEASURED)
        description = "A cherry red lipstick. The shade is probably cherry red."
        guess = replace(red, span=(45, 55), hedge="probably")
        report = replace(self.guessed(), description=description, claims=(red, guess))
        assert called_shade(report) == "cherry red" and called_finish(report) == Score("probably satin", 0.61)

    def test_a_shade_has_no_surer_name_than_the_description_gives_it(self) -> None:
        depth = Claim("deep, cool red", (2, 16), "depth", "supported", MEASURED)
        report = replace(self.guessed(), description="The shade is a deep, cool red.", claims=(depth,))
        assert called_shade(report) == "too uncertain to name"
        broader = Claim("red", (2, 5), "colour", "supported", MEASURED)
        assert called_shade(replace(report, claims=(broader,))) == "red"
        guess = replace(broader, text="cherry red", hedge="probably")
        assert called_shade(replace(report, claims=(broader, guess))) == "red, probably cherry red"
        other = replace(MEASURED, measured="#102030")  # another swatch of a palette
        assert called_shade(replace(report, claims=(replace(broader, evidence=other),))) == "too uncertain to name"

    def test_what_is_not_known_is_said_so(self) -> None:
        unsure = replace(self.guessed(), description=f"A lip product. {SHADE_UNSURE}", claims=())
        assert called_shade(unsure) == "too uncertain to name"
        unjudged = glance(Report(file=None, shade=Shade(True, None, (), unjudged="It is tinted.")))
        assert "cannot be judged" in unjudged and "background:" not in unjudged
        assert "No shade can be seen" in glance(Report(file=None, shade=Shade(False, None, ())))
        other = Report(file=None, product_type=ProductType("other", 0.6, False, TOP))
        assert "Perhaps no beauty product" in glance(other) and "lipstick" not in glance(other)
        assert called_shade(other) == "" and called_finish(other) is None
        guess = Claim("lipstick", (60, 68), "type", "unseen", MEASURED, hedge="perhaps")
        assert "Perhaps no beauty product<small>, else perhaps lipstick" in glance(replace(other, claims=(guess,)))


class TestPlaces:
    def test_the_material_is_marked_where_its_shade_was_read(self) -> None:
        image = Image.new("RGB", (200, 100), "#b3202f")
        regions = np.full((100, 200), BACKGROUND, np.uint8)
        regions[10:90, 20:60] = PACKAGING
        regions[20:80, 30:50] = MATERIAL  # behind its package's wall
        regions[20:60, 100:120] = MATERIAL  # an applicator
        free = regions.copy()
        free[:, :90] = BACKGROUND
        address = {place.region: place.address for place in places(image, regions)}
        assert address["material"] == {place.region: place.address for place in places(image, free)}["material"]
        colours = np.array(image)
        colours[20:60, 100:120], colours[20:60, 150:170] = (40, 60, 160), (230, 180, 150)
        regions[20:60, 150:165] = free[20:60, 150:165] = MATERIAL  # a second, smaller one of another shade
        both = {place.region: place.address for place in places(Image.fromarray(colours), regions)}
        free[:, 130:] = BACKGROUND
        only = {p.region: p.address for p in places(Image.fromarray(colours), free)}
        assert both["material"] == only["material"]
        assert "others" in both and "others" not in only and "others" not in address

    def test_each_region_that_is_there_has_a_picture(self) -> None:
        regions = np.full((60, 3 * SIDE), BACKGROUND, np.uint8)
        regions[:, :SIDE] = MATERIAL
        found = places(Image.new("RGB", (3 * SIDE, 60), "#b3202f"), regions)
        assert [place.region for place in found] == [None, "material", "background"]
        pictures = [Image.open(io.BytesIO(base64.b64decode(place.address.partition(",")[2]))) for place in found]
        assert {picture.size for picture in pictures} == {(SIDE, 20)}
        material = pictures[1].convert("RGB")
        left, right = material.getpixel((10, 10)), material.getpixel((SIDE - 10, 10))
        assert left[0] > 160 and right[0] < 130  # type: ignore[index]  # the material as it is, the rest set back

    def test_the_material_shows_first_and_the_photo_where_there_is_nothing_else(self) -> None:
        image = Image.new("RGB", (20, 10))
        for region, first in ((MATERIAL, "material"), (PACKAGING, "packaging"), (BACKGROUND, "background")):
            html = told(Report(file=None), places(image, np.full((10, 20), region, np.uint8)))
            assert f'data-shown="{first}"' in html and html.count("<img") == 2
        assert 'data-shown="photo"' in told(Report(file=None), (Place(None, "data:,"),))
        hidden = Report(file=None, shade=Shade(False, None, ()))
        assert 'data-shown="photo"' in told(hidden, places(image, np.full((10, 20), MATERIAL, np.uint8)))
        stray = np.full((60, 3 * SIDE), PACKAGING, np.uint8)
        stray[5:35, 20:50] = stray[5:35, 100:130] = MATERIAL
        colours = np.zeros((60, 3 * SIDE, 3), np.uint8)
        colours[:, :75], colours[:, 75:] = (200, 20, 20), (20, 20, 200)
        found = places(Image.fromarray(colours), stray)
        assert "others" in [place.region for place in found]
        assert "others" not in re.findall(r'data-(?:shown|region)="(\w+)"', told(hidden, found))
        assert "<figure" not in told(Report(file=None))

    def test_each_place_is_shown_by_the_style(self) -> None:
        style = Path(panels.__file__).with_name("style.css").read_text(encoding="utf-8")
        for name in PLACES:
            key = name or "photo"
            assert f'[data-shown="{key}"] img[data-region="{key}"]' in style

    def test_sizes_must_agree(self) -> None:
        with pytest.raises(ValueError, match="do not fit"):
            places(Image.new("RGB", (20, 10)), np.zeros((20, 10), np.uint8))


class TestWhy:
    def test_it_tells_of_everything_that_is_there(self) -> None:
        named = ProductType("lipstick", 0.4, True, TOP, Score("lip product", 0.8))
        light = Light("#fbeeda", "background", 6.25)
        shade = Shade(True, replace(RED, uncertainty=1.84), (RED,), PALE, light, others=(PALE,))
        text = why_panel(
            Report(
                file=None,
                caption="a mauve mascara",
                product_type=named,
                shade=shade,
                claims=(Claim("two", (0, 3), "count", "unseen", Evidence("nothing counts")),),
                mends=(
                    Mend("mauve", "cherry red", "it measures #b3202f", "colour", "contradicted", Evidence("")),
                    Mend("with SPF", "", "no photo tells"),
                    Mend("", "in red", "it was not said"),
                ),
                notes=(Note("brand", "X"),),
            )
        )
        for expected in (
            "lipstick, 40%", "lip gloss, 9%", "lip product”, 80%", "±1.8 ΔE", "As seen: cherry red",
            "In neutral light: dusty rose", "as the background shows",
            "Beside it: dusty rose", "lie apart", "<s>mauve</s> → <ins>cherry red</ins>",
            "<s>with SPF</s> left out", "<li><ins>in red</ins>", "nothing counts", "The finish.", "brand: “X”",
            "a mauve mascara",
        ):  # fmt: skip
            assert expected in text
        assert NO_MENDS not in text
        assert text.index(DENIED) < text.index("mauve</s>") < text.index(OTHERWISE) < text.index("with SPF")

    def test_a_cast_that_cannot_be_seen_is_neutral(self) -> None:
        assert panels.light_text(Light("#ffffff", "packaging", 0.4)) == "Neutral light, as the packaging shows"

    def test_it_says_what_was_not_found(self) -> None:
        text = why_panel(Report(file=None, shade=Shade(True, None, (), unjudged="It is tinted."), mends=()))
        assert "It is tinted." in text and NO_MENDS in text and "The shade." not in text
        assert "The shade." in why_panel(Report(file=None, shade=Shade(False, None, ())))
        assert "nothing was measured" in why_panel(Report(file=None, shade=Shade(False, None, ())))
        assert "Nothing in the photo tells" in why_panel(Report(file=None, shade=Shade(True, RED, (RED,))))
        second = ProductType("lipstick", 0.6, True, (Score("lipstick", 0.6), Score("other", 0.2)))
        assert "then none of these, 20%" in why_panel(Report(file=None, product_type=second))
        unlike = why_panel(Report(file=None, product_type=ProductType("lipstick", 0.3, False, TOP)))
        assert "too unlike a beauty product" in unlike
        other = why_panel(Report(file=None, product_type=ProductType("other", 0.6, False, TOP)))
        assert "The likeliest is none of these, 60%" in other

    def test_what_is_not_known_has_no_row(self) -> None:
        assert "What was mended" not in why_panel(Report(file=None, caption="a lipstick"))


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
            (5, "Labels are text"),
            ("lipstick\n赤い口紅", "“赤い口紅” has no English letter"),
            ("????\n!!!!", "has no English letter"),
            ("one\nONE", "at least two"),
            ("\n".join(f"label {i}" for i in range(MOST_LABELS + 1)), f"at most {MOST_LABELS}"),
            ("short\n" + "x" * (LONGEST_LABEL + 1), f"“xxx.*{LONGEST_LABEL + 1} characters.*at most {LONGEST_LABEL}"),
        ],
    )
    def test_unusable_labels_get_a_sentence(self, text: str | None, sentence: str) -> None:
        with pytest.raises(LabelError, match=sentence):
            read_labels(text)

    def test_a_list_is_taken_as_lines(self) -> None:
        assert read_labels(["red  lipstick", "nail polish", ""]) == ("red lipstick", "nail polish")

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
        note, results, description, shade, product, finish, packaging, why, record, details = values
        assert note["visible"] is False
        assert results["visible"] is True
        assert said(description).endswith("said at short length.") and 'id="bv-evidence-0"' in description
        assert 'data-region="material" src="data:image/webp;base64,' in description
        assert RED.hex in shade
        assert "lipstick" in product
        assert "satin" in finish
        assert packaging == ""
        assert "&lt;b&gt;standing" in why
        assert "431 ms" in details
        saved = json.loads(Path(record).read_text())
        assert saved["shade"]["main"]["hex"] == RED.hex
        assert saved["claims"][0]["evidence"]["delta_e"] == 31.4 and saved["claims"][0]["said"] == "mauve"
        assert saved["mends"][0]["instead"] == "cherry red"
        assert saved["file"] == "my lipstick.png"
        assert Path(record).name == "my-lipstick-description.json"

    def test_unseen_shade_has_no_place(self, photo: dict[str, Any]) -> None:
        values = describe_tab(shade_visible=False).show(photo, "normal")
        assert panels.NO_SHADE in values[3]
        assert 'data-region="material" src' not in values[2]

    def test_notes_are_said_and_compared(self, photo: dict[str, Any]) -> None:
        values = describe_tab().show(photo, "normal", "X", "Velvet Nude", "", " ")
        assert said(values[2]).endswith('By your notes: brand "X", shade "Velvet Nude".')
        assert "Your note says nude, the photo shows cherry red." in values[2]
        assert json.loads(Path(values[8]).read_text())["notes"][0] == {"kind": "brand", "text": "X", "conflict": None}

    @pytest.mark.parametrize("case", ["nothing", "broken", "unavailable", "note"])
    def test_failure_shows_its_sentence_and_clears_the_rest(
        self, case: str, photo: dict[str, Any], broken: dict[str, Any]
    ) -> None:
        tab = describe_tab(available=case != "unavailable")
        payload = {"nothing": None, "broken": broken}.get(case, photo)
        sentences = {"nothing": "Add a photo first.", "broken": "broken.jpg", "unavailable": UNAVAILABLE}
        brand, sentence = ("x" * 99, "at most 60") if case == "note" else ("", sentences[case])
        note, results, *rest = tab.show(payload, "normal", brand)
        assert len(rest) == len(tab._outputs) - 2
        assert note["visible"] is True
        assert sentence in note["value"]
        assert 'role="alert"' in note["value"]
        assert results["visible"] is False
        assert not any(rest)

    @pytest.mark.parametrize(
        ("photo_name", "expected"),
        [
            ("IMG 0001.JPG", "IMG-0001-description.json"),
            ("../../etc/passwd", "passwd-description.json"),
            ("…", "photo-description.json"),
            (None, "photo-description.json"),
            ("é" * 300 + ".png", "é" * 90 + "-description.json"),
            ("𝐀" * 62 + ".png", "𝐀" * 45 + "-description.json"),
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
    page = build_page(FakeAnalyzer(), FakeLoader())  # type: ignore[arg-type]
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    yield Client(address, verbose=False)
    page.close()


@pytest.mark.parametrize(("available", "expected"), [(True, "int8, as chosen."), (False, "could not be loaded")])
def test_the_precision_is_chosen_on_the_page(available: bool, expected: str) -> None:
    page = build_page(FakeAnalyzer(), FakeLoader(available=available))  # type: ignore[arg-type]
    choose = next(one.fn for one in page.fns.values() if one.name == "choose")
    panel, said, chosen = choose("int8")
    assert expected in said and chosen["value"] == ("int8" if available else "auto")
    assert ("int8" in panel) is available


def test_on_a_space_visitors_do_not_change_the_precision_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "somebody/beauty")
    page = build_page(FakeAnalyzer(), FakeLoader())  # type: ignore[arg-type]
    assert "choose" not in {one.name for one in page.fns.values()}
    radio = next(block for block in page.blocks.values() if getattr(block, "elem_id", None) == "bv-precision")
    assert radio.interactive is False and radio.value == "auto"


class Meeting(FakeAnalyzer):
    """Answers when two are asked at once, each by the other's side."""

    at_once = 2

    def __init__(self) -> None:
        super().__init__()
        self.barrier = threading.Barrier(2)

    def analyze(self, *arguments: Any, **options: Any) -> Any:
        self.barrier.wait(timeout=30)
        return super().analyze(*arguments, **options)


def test_where_photos_share_a_batch_they_are_worked_on_together(photo: dict[str, Any]) -> None:
    loader = FakeLoader()
    loader.at_once = 2
    page = build_page(Meeting(), loader)  # type: ignore[arg-type]
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    client = Client(address, verbose=False)
    jobs = [client.submit(handle_file(photo["path"]), "short", api_name="/describe") for _ in range(2)]
    assert [job.result(timeout=60)["status"] for job in jobs] == ["ok", "ok"]
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

    def test_notes_are_optional_and_compared(self, client: Client, photo: dict[str, Any]) -> None:
        upload = handle_file(photo["path"])
        record = client.predict(upload, shade_name="Velvet Nude", note="{{value}} ${1}", api_name="/describe")
        assert record["description"].endswith('normal length. By your notes: shade "Velvet Nude", "{{value}} ${1}".')
        assert record["notes"][0]["conflict"] == "Your note says nude, the photo shows cherry red."
        assert record["claims"][0]["evidence"]["measured"] == RED.hex
        with pytest.raises(Exception, match="shade name is plain text"):
            client.predict(upload, shade_name="<b>", api_name="/describe")

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
        event = httpx.post(calls, json={"data": [upload, "normal", "", "", "", ""]}).json()["event_id"]
        answer = httpx.get(f"{calls}/{event}").text
        assert "event: error" in answer
        assert "lipstick" not in answer


def test_launch_options_bound_uploads_and_keep_no_history() -> None:
    options = launch_options()
    assert options["max_file_size"] > 0
    assert options["run_history"] is False


def test_a_photo_that_is_deleted_by_now_is_asked_for_again(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"a\.png is no longer kept here: add the photo again\."):
        Upload.of({"path": str(tmp_path / "gone" / "a.png"), "orig_name": "a.png"})


def test_settings_that_there_are_not_end_the_start(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    with pytest.raises(SystemExit):
        read_options(["--quantize", "silly"])
    assert "invalid choice: 'silly'" in capsys.readouterr().err
    monkeypatch.setenv("BEAUTY_VLM_ADAPTER_MODE", "sideways")
    with pytest.raises(SystemExit, match="BEAUTY_VLM_ADAPTER_MODE is 'sideways': choose one of auto, merged, apart"):
        read_settings(read_options([]))


def test_what_fails_in_a_model_is_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    assert plainly(MemoryError()) == "The models failed with MemoryError. Try again, or another photo."
    assert "The models failed." in caplog.text
    assert plainly(IntakeError("empty", "Add a photo first.")) == "Add a photo first."
    with pytest.raises(gr.Error):
        plainly(gr.Error("of gradio"))


@pytest.mark.parametrize("for_visitors", [True, False])
def test_visitors_do_not_change_the_precision(for_visitors: bool) -> None:
    page = build_page(FakeAnalyzer(), FakeLoader(), for_visitors)  # type: ignore[arg-type]
    (precision,) = (one for one in page.blocks.values() if getattr(one, "elem_id", None) == "bv-precision")
    assert precision.interactive is not for_visitors  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "environment", "visitors"),
    [
        ([], {}, False),
        (["--host", "localhost"], {}, False),
        (["--host", "0.0.0.0"], {}, True),
        (["--share"], {}, True),
        ([], {"GRADIO_SERVER_NAME": "0.0.0.0"}, True),
        (["--host", "127.0.0.1"], {"GRADIO_SERVER_NAME": "0.0.0.0"}, False),
        ([], {"GRADIO_SHARE": "True"}, True),
    ],
)
def test_a_page_that_others_reach_is_for_visitors(
    arguments: list[str], environment: dict[str, str], visitors: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GRADIO_SERVER_NAME", "GRADIO_SHARE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert is_for_visitors(read_options(arguments)) is visitors
