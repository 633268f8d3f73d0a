"""Sentences in phrases, and how they are written out again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beauty_vlm.language import mentions
from beauty_vlm.report import Evidence
from beauty_vlm.writing.judging import Verdict
from beauty_vlm.writing.lexicon import article, clean, known, split
from beauty_vlm.writing.page import Page
from beauty_vlm.writing.phrases import parse, strange, unclaimed, well_formed

CUT = Verdict("unseen", Evidence("test"), "")
KEPT = Verdict("supported", Evidence("test"))


def written(sentence: str, **instead: str) -> Page:
    """The sentence parsed and written again, claims of a term replaced by what `instead` says."""
    judged = [
        (m, Verdict("supported", Evidence("test"), instead[m.term], m.text) if m.term in instead else KEPT)
        for m in mentions.find(sentence)
    ]
    page = Page()
    page.phrases(parse(sentence, judged))
    return page


@pytest.mark.parametrize(
    "sentence",
    [
        "A glossy lipstick in rose, wand beside.",
        "An eyeshadow palette with plum, gold and taupe, open, lid up.",
        "A lip gloss in cool rose with a glossy finish, in a clear plastic tube.",
        "A lipstick, lying, with drawn lines.",
        "A mascara with its cap off, cap standing beside.",
        "A lip liner with its tip showing.",
        "The lipstick is red.",
    ],
)
def test_what_is_parsed_is_written_as_it_was(sentence: str) -> None:
    page = written(sentence)
    assert page.text == sentence
    assert [claim.text for claim in page.claims] == [mention.text for mention in mentions.find(sentence)]


@pytest.mark.parametrize(
    ("sentence", "instead", "expected"),
    [
        ("A plum lipstick.", {"plum": "orange"}, "An orange lipstick."),
        ("An orange lipstick.", {"orange": "plum"}, "A plum lipstick."),
        ("A palette with plum, gold and taupe.", {"taupe": ""}, "A palette with plum and gold."),
        ("A palette with plum, gold and taupe.", {"plum": ""}, "A palette with gold and taupe."),
        ("A palette with plum, gold and taupe.", {"gold": "", "taupe": ""}, "A palette with plum."),
    ],
)
def test_articles_and_lists_are_written_anew(sentence: str, instead: dict[str, str], expected: str) -> None:
    page = written(sentence, **instead)
    assert page.text == expected
    for claim in page.claims:
        assert page.text[slice(*claim.span)] == claim.text


def test_phrases_begin_where_something_leads_to_them() -> None:
    phrases = parse("A lipstick in a tube, cap beside, next to a box and a mirror", [])
    assert [(phrase.comma, phrase.joint, phrase.text) for phrase in phrases] == [
        (False, (), "a lipstick"),
        (False, ("in",), "in a tube"),
        (True, (), "cap beside"),
        (True, ("next to",), "next to a box"),
        (False, ("and",), "and a mirror"),
    ]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a  red\n lipstick", "a red lipstick"),
        ("a peach peach blush", "a peach blush"),
        ("dusty rose dusty rose gloss", "dusty rose gloss"),
        ("a eyeliner and an mascara", "an eyeliner and a mascara"),
        ("A open jar , closed .", "An open jar, closed."),
        ("a 😍 red #lipstick", "a red lipstick"),
    ],
)
def test_a_caption_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_sentences_are_split() -> None:
    assert split("A red lipstick. It is red! ") == ["A red lipstick.", "It is red!"]
    assert split("RED LIPSTICK. NEW.") == ["red lipstick.", "new."]
    assert split(" \n") == []


def test_what_is_neither_claim_nor_known_is_strange() -> None:
    tube, brand = parse("in a tube from acme", [])
    assert (strange(tube), strange(brand)) == (None, "acme")
    assert not known("acme")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in a tube", None),  # of a form the type tells
        ("in a bullet case", None),
        ("in a white tube", None),
        ("in glass", None),
        ("in a glass", "in a glass"),
        ("in a red cup", "cup"),
        ("with a glossy finish", None),
        ("on a white background", None),
        ("on a table", "on a table"),
        ("in a flat lay", "in a flat lay"),
        ("in the shade", "in the shade"),
        ("with a pink light", "light"),
    ],
)
def test_what_no_claim_bears_out_is_found(text: str, said: str | None) -> None:
    (phrase,) = parse(text, [(mention, KEPT) for mention in mentions.find(text)])
    assert unclaimed(phrase) == said


@pytest.mark.parametrize(
    "bad", ["A lipstick in a.", "A lipstick with.", "A lipstick in a and.", "A a lipstick.", "In, a."]
)
def test_loose_ends_are_seen(bad: str) -> None:
    assert not well_formed(bad)


@pytest.mark.parametrize(
    "good", ["A lipstick, cap on.", "The package is closed.", "Wand out, cap beside.", "It is on a box."]
)
def test_whole_sentences_pass(good: str) -> None:
    assert well_formed(good)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "  " not in cleaned


@given(st.sampled_from(["eyeliner", "orange", "ivory", "mauve", "one", "uniform"]))
def test_articles(word: str) -> None:
    assert article(word) == ("an" if word in ("eyeliner", "orange", "ivory") else "a")
