"""What captions claim: those written by hand, those of a generated grammar, and any text at all."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import FORBIDDEN, KINDS
from beauty_vlm.vocabulary import finishes, product_types, shade_terms
from beauty_vlm.vocabulary.speech import read_speech, speech
from beauty_vlm.vocabulary.terms import FOLDER
from data.parse_captions import SAMPLE, claims_of, hand_written, heard, rows, spoken

CAPTIONS = hand_written()
MISREAD = {"a purple mascara tube standing on white sand"}  # sand is a colour's name too


def test_hand_written_captions_are_parsed_into_their_claims() -> None:
    pairs = {text: (claims, claims_of(text)) for text, claims in CAPTIONS}
    hits = sum(claim in parsed for claims, parsed in pairs.values() for claim in claims)
    assert len(CAPTIONS) >= 200
    assert hits / sum(len(parsed) for _, parsed in pairs.values()) >= 0.99
    assert hits / sum(len(claims) for claims, _ in pairs.values()) >= 0.97
    assert {text for text, (claims, parsed) in pairs.items() if claims != parsed} <= MISREAD


def test_captions_of_renders_are_parsed_into_what_they_were_made_of() -> None:
    pairs = [(spoken(row, row[name]), heard(row[name])) for row in rows(SAMPLE) for name in row if "caption" in name]
    hits = sum(len(true & parsed) for true, parsed in pairs)
    assert hits / sum(len(parsed) for _, parsed in pairs) >= 0.99
    assert hits / sum(len(true) for true, _ in pairs) >= 0.97


@pytest.mark.parametrize(
    ("text", "depth", "undertone", "tint", "term"),
    [
        ("a deep, warm brown lipstick", "deep", "warm", None, "brown"),
        ("a very light, cool-toned pink blush", "very light", "cool", None, "pink"),
        ("a brownish red lipstick", None, None, "brown", "red"),
        ("a rose brown lipstick", None, None, None, "rose brown"),  # a term of its own
        ("a dark pinkish nude lip liner", "dark", None, "pink", "nude"),
    ],
)
def test_a_colour_keeps_what_modifies_it(
    text: str, depth: str | None, undertone: str | None, tint: str | None, term: str
) -> None:
    (colour,) = [mention for mention in mentions.find(text) if mention.kind == "colour"]
    assert (colour.term, colour.depth, colour.undertone, colour.tint) == (term, depth, undertone, tint)


@pytest.mark.parametrize(
    "text",
    [
        "a glass of water on a glass table",  # no package is made of it
        "a plate of olives in olive oil and almond milk",  # no colours
        "a cream blush",  # a texture
        "a powder foundation in a wooden frame on the wall",
        "the number 12 bus",
        "open to the public",
    ],
)
def test_what_only_looks_like_a_claim_is_none(text: str) -> None:
    kinds = {mention.kind for mention in mentions.find(text)}
    assert not kinds & {"colour", "packaging", "count", "state"}


def test_every_kind_is_found_and_named() -> None:
    found = {claim[0] for _, claims in CAPTIONS for claim in claims}
    assert found <= set(KINDS) and set(KINDS) - found == {"background", "others"}  # of which a colour is said
    assert set(FORBIDDEN) < set(KINDS)


ANYTHING = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from([word for text, _ in CAPTIONS for word in text.split()] + list("\"'-–,.$ \n") + ["İ", "ß", "́"]),
        max_size=30,
    ).map(" ".join),
)


@given(ANYTHING)
def test_spans_index_any_text_and_never_overlap(text: str) -> None:
    found = mentions.find(text)
    for mention in found:
        assert mention.kind in KINDS and mention.term
        assert text[slice(*mention.span)] == mention.text != ""
    assert all(one.span[1] <= other.span[0] for one, other in pairwise(found))


@given(
    st.sampled_from(CAPTIONS),
    st.lists(st.sampled_from([" ", "  ", "\n", "\t "]), min_size=1),
    st.lists(st.booleans(), min_size=1),
)
def test_case_and_spaces_change_nothing(caption: tuple[str, object], gaps: list[str], raised: list[bool]) -> None:
    text = caption[0]
    spread = "".join(gaps[number % len(gaps)] if char == " " else char for number, char in enumerate(text))
    mixed = "".join(
        char.upper() if raised[number % len(raised)] else char.lower() for number, char in enumerate(spread)
    )

    def said(one: str) -> list[tuple[object, ...]]:
        return [
            (m.kind, m.term, m.scope, m.negated, m.tint, " ".join(m.text.lower().split())) for m in mentions.find(one)
        ]

    assert said(mixed) == said(text)


TYPES = st.sampled_from([term.label for term in product_types() if term.label != "other"])
# "Stone" and "cream" are surfaces and textures as well.
COLOURS = st.sampled_from([term.name for term in shade_terms() if term.name not in ("stone", "cream")])
FINISHES = st.sampled_from([term.label for term in finishes()])
PACKAGES = st.sampled_from(["tube", "bottle", "case", "compact", "jar"])
MATERIALS = st.sampled_from(["plastic", "glass", "metal", "lacquer", "soft-touch", "wood"])
ENDINGS = st.sampled_from(
    [
        (", closed", ("state", "closed", "material", False)),
        (", cap off", ("state", "open", "material", False)),
        (", shown as a swatch", ("state", "swatch", "material", False)),
        (", without shimmer", ("finish", "shimmer", "material", True)),
        (" with a warm undertone", ("undertone", "warm", "material", False)),
        (", deep in depth", ("depth", "deep", "material", False)),
        (" with SPF 30", ("spf", "spf 30", "material", False)),
        (", by itself", ("count", "1", "material", False)),
        ("", None),
    ]
)


@given(TYPES, COLOURS, FINISHES, COLOURS, MATERIALS, PACKAGES, COLOURS, ENDINGS)
def test_a_generated_caption_parses_into_exactly_its_parts(
    kind: str, colour: str, finish: str, package_colour: str, material: str, package: str, background: str, ending
) -> None:
    words, last = ending
    text = (
        f"a {finish} {kind} in {colour}, in a {package_colour} {material} {package}{words}. "
        f"the background is {background}"
    )
    parts = [
        ("finish", finish, "material", False),
        ("type", kind, "material", False),
        ("colour", colour, "material", False),
        ("colour", package_colour, "packaging", False),
        ("packaging", material, "packaging", False),
        *([last] if last else []),
        ("colour", background, "background", False),
    ]
    assert [(m.kind, m.term, m.scope, m.negated) for m in mentions.find(text)] == parts


@pytest.mark.parametrize("words", ["red, ", "a red ", "red and ", "deep warm ", "lid lying ", "1 ", '" ', "cap "])
def test_endless_lists_take_as_long_as_they_are(words: str) -> None:
    def seconds(count: int) -> float:
        """The least of three readings, each of another text: what was read is remembered."""
        took = []
        for end in ("", " a", " the"):
            begin = time.process_time()
            mentions.find(words * count + end)
            took.append(time.process_time() - begin)
        return min(took)

    # Twice as long a list takes twice the time, not four times; a small one is lost in the clock.
    assert seconds(3000) < 3.2 * seconds(1500) + 0.05


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("  satin: [", "  silky: [", "silky"),
        ("labels: [metal]", "labels: [tin]", "tin"),
        ("  navy: [navy blue", "  navy: [gray, navy blue", "gray"),
        ("brands: [", "brands: ", "brands"),
    ],
)
def test_a_broken_list_is_named(tmp_path, old: str, new: str, names: str) -> None:
    written = (FOLDER / "speech.yaml").read_text(encoding="utf-8")
    assert old in written
    broken = tmp_path / "speech.yaml"
    broken.write_text(written.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=names):
        read_speech(broken)
    assert speech().types["moisturizer"] == "skincare cream"


@pytest.mark.parametrize(
    ("text", "hedged"),
    [
        ("Probably a lip gloss.", [True]),
        ("A lip product, perhaps a lip gloss in rose.", [False, True, False]),
        ("This is maybe the mascara.", [True]),
        ("A lip gloss that is likely new.", [False]),
    ],
)
def test_guesses_are_told_from_claims(text: str, hedged: list[bool]) -> None:
    assert [mention.hedged for mention in mentions.find(text) if mention.kind in ("type", "colour")] == hedged
