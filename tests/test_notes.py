"""What the user knows: how it is read, said as given, and held against the photo."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner, Result

from beauty_vlm import cli
from beauty_vlm.analysis import Analyzer
from beauty_vlm.report import Note, ProductType, Score, Shade, Swatch
from beauty_vlm.writing import notes
from beauty_vlm.writing.judging import Measured
from beauty_vlm.writing.notes import LONGEST, OPENING, NoteError, added, compared, read, sentence, told_apart
from beauty_vlm.writing.reliability import Trust

PLUM = Swatch("deep plum", "#4b2140", (20.0, 24.0, -12.0), 0.8, "cool", "deep")
CORAL = Swatch("coral", "#f5564a", (60.0, 60.0, 38.0), 0.2, "warm", "medium")
LIPSTICK = ProductType("lipstick", 0.9, True, (Score("lipstick", 0.9),))
LIP_PRODUCT = ProductType("lipstick", 0.5, True, (Score("lipstick", 0.5),), named=Score("lip product", 0.9))
SHOWN = Measured(LIPSTICK, Shade(True, PLUM, (PLUM, CORAL)), Score("glossy", 0.8))
HIDDEN = Measured(LIPSTICK, Shade(False, None, ()), None)

# Any text that a person may type; what is too long or holds markup is an error, tested on its own.
TYPED = st.text(st.characters(exclude_characters="<>"), max_size=60)
NOTES = st.dictionaries(st.sampled_from(sorted(LONGEST)), TYPED)


def conflict(kind: str, text: str, measured: Measured = SHOWN) -> str | None:
    return compared((Note(kind, text),), measured)[0].conflict


class TestRead:
    def test_they_may_be_called_as_in_the_shell(self) -> None:
        assert read({"shade_name": "Rose", "note": "price < 20 & good"}) == (
            Note("shade", "Rose"),
            Note("other", "price < 20 & good"),
        )

    def test_each_is_one_tidy_line_in_the_order_of_the_kinds(self) -> None:
        given = {"other": " long\n lasting ", "brand": "Maison\u200b “X”", "shade": " \t", "ingredients": None}
        assert read(given) == (Note("brand", "Maison 'X'"), Note("other", "long lasting"))
        assert read(None) == read({}) == ()

    @given(NOTES)
    def test_what_is_read_is_plain_and_stays_as_it_is(self, typed: dict[str, str]) -> None:
        known = read(typed)
        for note in known:
            assert note.text == " ".join(note.text.split()) and '"' not in note.text
            assert not {unicodedata.category(one) for one in note.text} & {"Cc", "Cf", "Cs"}
        assert read({note.kind: note.text for note in known}) == known

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ("red", "Notes are a text for each kind"),
            ({"price": "9.99"}, "no notes of kind 'price': the kinds are brand, shade, ingredients, other"),
            ({"brand": "x" * (LONGEST["brand"] + 1)}, "brand may have at most 60 characters; this has 61"),
            ({"shade": "<b>Nude</b>"}, "shade name is plain text"),
            ({"other": 3}, "note is no text"),
        ],
    )
    def test_what_cannot_be_used_is_a_sentence(self, wrong: dict[str, str], why: str) -> None:
        with pytest.raises(NoteError, match=why):
            read(wrong)

    def test_the_longest_pass(self) -> None:
        assert [len(note.text) for note in read({kind: "x" * most for kind, most in LONGEST.items()})] == [
            *LONGEST.values()
        ]


class TestSaid:
    def test_the_sentence_says_whose_words_they_are(self) -> None:
        known = read({"brand": "X", "shade": "Velvet Nude", "ingredients": "aqua", "other": "a gift"})
        assert sentence(known) == 'By your notes: brand "X", shade "Velvet Nude", ingredients "aqua", "a gift".'
        assert sentence(known, "short") == 'By your notes: brand "X", shade "Velvet Nude".'
        assert sentence(read({"other": "a gift"}), "short") == sentence(()) == ""
        assert sentence(read({"other": "It is a gift."})) == 'By your notes: "It is a gift".'
        assert sentence(read({"other": "A gift..."})) == 'By your notes: "A gift...".'

    @given(NOTES, st.sampled_from(["short", "normal", "detailed"]))
    def test_ours_and_yours_can_be_told_apart(self, typed: dict[str, str], length: notes.Length) -> None:
        ours, known = "A lipstick in deep plum.", read(typed)
        text = added(ours, known, length)
        mine, yours = told_apart(text, known)
        assert mine + yours == text and mine.rstrip() == ours
        assert yours == sentence(known, length)

    def test_without_notes_nothing_is_the_users(self) -> None:
        assert told_apart(f"{OPENING}said by nobody", ()) == (f"{OPENING}said by nobody", "")


class TestCompared:
    @pytest.mark.parametrize(
        ("kind", "text", "expected"),
        [
            ("shade", "Velvet Nude", "Your note says nude, the photo shows deep plum."),
            ("shade", "Nude, Beige", "Your note says nude and beige, the photo shows deep plum."),
            ("shade", "Matte Plum", "Your note says matte, the photo shows a glossy finish."),
            ("other", "It is not a lipstick.", "Your note says not a lipstick, the photo shows a lipstick."),
            ("other", "A MASCARA", "Your note says mascara, the photo shows a lipstick."),
            (
                "other",
                "a matte nail polish",
                "Your note says nail polish, the photo shows a lipstick. "
                "Your note says matte, the photo shows a glossy finish.",
            ),
        ],
    )
    def test_what_the_photo_contradicts_is_pointed_out(self, kind: str, text: str, expected: str) -> None:
        assert conflict(kind, text) == expected

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("shade", "Plum Noir"),
            ("shade", "Purple Rain"),
            ("shade", "Coral Kiss"),  # a fifth of the product is
            ("shade", "No. 502"),
            ("shade", "Lip Gloss Nights in Plum"),
            ("brand", "Nude by Matte Mascara"),
            ("ingredients", "honey, rose oil"),
            ("other", "smells of peach"),
            ("other", "a lip product"),
            ("other", "glossy"),
            ("other", "not matte"),
            ("other", "not a mascara"),
            ("other", "perfect with our lip liner"),
            ("other", "ideal under any mascara; matches the blush"),
        ],
    )
    def test_what_it_does_not_contradict_is_not(self, kind: str, text: str) -> None:
        assert conflict(kind, text) is None

    def test_a_shade_that_may_not_be_claimed_contradicts_with_a_hedge(self) -> None:
        likely = replace(SHOWN, trust=Trust(shade=0.7, shade_bar=0.9))
        assert conflict("shade", "Velvet Nude", likely) == "Your note says nude, the photo probably shows deep plum."
        assert conflict("shade", "Plum Noir", likely) is None

    def test_a_finish_that_is_but_guessed_contradicts_with_a_hedge(self) -> None:
        likely = replace(SHOWN, finish=Score("glossy", 0.51), trust=Trust(finish_bar=0.9))
        assert conflict("other", "matte", likely) == "Your note says matte, the photo probably shows a glossy finish."

    def test_what_cannot_be_seen_contradicts_nothing(self) -> None:
        assert conflict("shade", "Velvet Nude", HIDDEN) is None
        assert conflict("other", "matte", HIDDEN) is None

    def test_a_type_or_finish_that_is_not_sure_contradicts_nothing(self) -> None:
        unsure = Measured(LIP_PRODUCT, SHOWN.shade, Score("glossy", 0.5))
        assert conflict("other", "a matte lip gloss", unsure) is None
        assert conflict("other", "a blush", unsure) == "Your note says blush, the photo shows a lip product."
        doubtful = replace(SHOWN, trust=Trust(shade=0.5, shade_bar=0.9))
        assert conflict("shade", "Velvet Nude", doubtful) is None
        stranger = Measured(ProductType("lipstick", 0.9, False, ()), SHOWN.shade, None)
        assert conflict("other", "a mascara", stranger) is None


class TestThroughout:
    """From the analysis, and from the shell, on stand-ins for the models."""

    @pytest.fixture
    def invoke(self, fake_loader: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
        monkeypatch.setattr(cli, "build_analyzer", lambda **chosen: Analyzer(fake_loader))
        return lambda *arguments: CliRunner().invoke(cli.app, [str(argument) for argument in arguments])

    @pytest.fixture
    def red(self, tmp_path: Path) -> Path:
        """The stand-ins find a red lipstick here, on white."""
        image = Image.new("RGB", (64, 48), "white")
        image.paste("red", (16, 12, 48, 36))
        image.save(tmp_path / "red.png")
        return tmp_path / "red.png"

    def test_they_change_nothing_that_is_measured(self, fake_loader: Any, red: Path) -> None:
        analyzer = Analyzer(fake_loader)
        plain, noted = analyzer.describe(red), analyzer.describe(red, notes={"shade": "Emerald", "other": "mascara"})
        yours = 'By your notes: shade "Emerald", "mascara".'
        assert noted.description == f"{plain.description} {yours}"
        assert noted.notes and all(note.conflict for note in noted.notes)
        assert plain.notes is None
        kept = ("caption", "product_type", "shade", "finish", "packaging", "claims", "mends")
        assert [getattr(noted, name) for name in kept] == [getattr(plain, name) for name in kept]

    def test_a_bad_note_is_raised_before_the_photo_is_read(self, fake_loader: Any) -> None:
        with pytest.raises(NoteError, match="plain text"):
            Analyzer(fake_loader).describe("none.jpg", notes={"brand": "<X>"})

    def test_the_shell_takes_them(self, invoke: Callable[..., Result], red: Path) -> None:
        result = invoke("describe", red, "--brand", "X", "--shade-name", "Emerald", "--note", "a gift")
        assert result.exit_code == 0
        assert 'By your notes: brand "X", shade "Emerald", "a gift".' in " ".join(result.stdout.split())
        assert "±" in result.stdout
        assert "note    Your note says emerald, the photo shows" in result.stdout
        record = json.loads(invoke("describe", red, "--ingredients", "aqua", "--json").stdout)
        assert record["notes"] == [{"kind": "ingredients", "text": "aqua", "conflict": None}]

    def test_a_catalog_takes_them(self, invoke: Callable[..., Result], red: Path, tmp_path: Path) -> None:
        assert invoke("catalog", red.parent, "--out", tmp_path / "out.jsonl", "--brand", "X").exit_code == 0
        record = json.loads((tmp_path / "out.jsonl").read_text())
        assert record["notes"][0]["text"] == "X" and record["description"].endswith('By your notes: brand "X".')

    def test_a_bad_note_ends_the_run(self, invoke: Callable[..., Result], red: Path) -> None:
        result = invoke("describe", red, "--brand", "x" * 61)
        assert result.exit_code == 2
        assert result.stderr == "The brand may have at most 60 characters; this has 61.\n"
