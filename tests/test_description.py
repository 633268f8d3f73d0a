"""Captions written by hand, right and wrong, held against measurements."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beauty_vlm import mentions
from beauty_vlm.colour import hex_to_lab
from beauty_vlm.description import NOTHING_KNOWN, SHADE_UNSEEN, Description, describe
from beauty_vlm.judging import Measured
from beauty_vlm.report import Length, ProductType, Score, Shade, Swatch
from beauty_vlm.vocabulary import name_colour

BRICK, PLUM, GOLD, TAUPE, BLACK = "#8a3324", "#6b2b57", "#d4af37", "#8b7d6b", "#111111"


def shade(*colours: str) -> Shade:
    swatches = []
    for colour in colours:
        lightness, a, b = (float(value) for value in hex_to_lab(colour))
        name = name_colour((lightness, a, b))
        share = 1 / len(colours)
        swatches.append(Swatch(name.phrase, colour, (lightness, a, b), share, name.undertone, name.depth))
    return Shade(bool(swatches), swatches[0] if swatches else None, tuple(swatches))


def measured(
    label: str = "lipstick",
    *colours: str,
    finish: str | None = "satin",
    packaging: str | None = None,
    background: str | None = None,
    accepted: bool = True,
) -> Measured:
    surroundings: dict = {}
    if packaging:
        surroundings["packaging"] = shade(packaging)
    if background:
        surroundings["background"] = shade(background)
    product_type = ProductType(label, 0.9, accepted, (Score(label, 0.9),))
    return Measured(product_type, shade(*colours), Score(finish, 0.8) if finish and colours else None, surroundings)


def hedged(word: str, label: str = "lipstick", *colours: str) -> Measured:
    """The tagger is not sure enough of `label` to say more than `word`."""
    product_type = ProductType(label, 0.4, True, (Score(label, 0.4),), Score(word, 0.8))
    return Measured(product_type, shade(*colours), None)


@pytest.mark.parametrize(
    ("caption", "word", "text"),
    [
        ("A brick red lipstick, twisted up.", "lip product", "A brick red lip product, twisted up."),
        ("A brick red mascara.", "lip product", "A brick red lip product."),
        ("A brick red lip product.", "lip product", "A brick red lip product."),
        ("A brick red makeup product.", "lip product", "A brick red makeup product."),  # broader is true as well
        ("An eye product in brick red.", "lip product", "A lip product in brick red."),
        ("", "beauty product", "A beauty product in brick red."),
    ],
)
def test_an_uncertain_type_is_called_by_a_broader_word(caption: str, word: str, text: str) -> None:
    description = describe(caption, hedged(word, "lipstick", BRICK))
    assert description.text == text
    claim = next(claim for claim in description.claims if claim.kind == "type")
    assert claim.verdict == "supported" and "nearest type: lipstick, 40%" in claim.evidence


def claims_of(description: Description) -> dict[str, str]:
    return {claim.text: claim.verdict for claim in description.claims}


def test_a_true_caption_is_left_alone() -> None:
    caption = "A deep brick red lipstick with a satin finish, in a gold tube."
    description = describe(caption, measured("lipstick", BRICK, packaging=GOLD))
    assert description.text == caption
    assert [(claim.text, claim.kind, claim.verdict) for claim in description.claims] == [
        ("deep brick red", "colour", "supported"),
        ("lipstick", "type", "supported"),
        ("satin", "finish", "supported"),
        ("gold", "packaging", "supported"),
    ]


@pytest.mark.parametrize(
    ("caption", "truth", "expected"),
    [
        # one wrong word each: the colour, the finish, the type, and the article before them
        ("a baby blue lipstick", measured("lipstick", BRICK), "A brick red lipstick."),
        ("an orange lipstick", measured("lipstick", "#6b2b57"), "A plum lipstick."),
        ("a matte red lipstick", measured("lipstick", BRICK, finish="glossy"), "A glossy red lipstick."),
        ("a black mascara on a table", measured("eyeliner", BLACK), "A black eyeliner on a table."),
        ("a black eyeliner. the eyeliner is open", measured("mascara", BLACK), "A black mascara."),
        # a colour word of everyday speech stands for its family
        ("a red lipstick", measured("lipstick", BRICK), "A red lipstick."),
        ("a green lipstick", measured("lipstick", BRICK), "A brick red lipstick."),
        # modifiers count too
        ("a very light, cool brick red lipstick", measured("lipstick", BRICK), "A brick red lipstick."),
        # what is said of the package is not said of the shade
        (
            "a red lipstick in a black tube",
            measured("lipstick", BRICK, packaging=BLACK),
            "A red lipstick in a black tube.",
        ),
        ("a red lipstick in a black tube", measured("lipstick", BRICK, packaging=GOLD), "A red lipstick in a tube."),
        ("a red lipstick in a black tube", measured("lipstick", BRICK), "A red lipstick in a tube."),
        ("a red lipstick with its cap off", measured("lipstick", PLUM), "A plum lipstick with its cap off."),
        ("a plum lipstick with a black and gold case", measured("lipstick", PLUM), "A plum lipstick with a case."),
        # nor what is said of the background
        (
            "a plum lipstick. the background is white",
            measured("lipstick", PLUM, background="#ffffff"),
            "A plum lipstick. The background is white.",
        ),
        ("a plum lipstick. the background is white", measured("lipstick", PLUM, background=BLACK), "A plum lipstick."),
        # lists
        (
            "an eyeshadow palette with green, blue and orange",
            measured("eyeshadow palette", PLUM, GOLD, TAUPE),
            "An eyeshadow palette with plum, light gold and taupe.",
        ),
        (
            "an eyeshadow palette with green, blue and turquoise",
            measured("eyeshadow palette", PLUM),
            "An eyeshadow palette with plum.",
        ),
        ("a red and black lipstick", measured("lipstick", BRICK), "A red lipstick."),
        # no material in sight
        ("a plum lipstick, closed", measured("lipstick"), f"A lipstick, closed. {SHADE_UNSEEN}"),
        ("a lipstick in deep plum, closed", measured("lipstick"), f"A lipstick, closed. {SHADE_UNSEEN}"),
        ("a red and black lipstick", measured("lipstick"), f"A lipstick. {SHADE_UNSEEN}"),
        ("a lipstick in a plum shade", measured("lipstick"), f"A lipstick. {SHADE_UNSEEN}"),
        ("a lipstick with a matte finish", measured("lipstick"), "A lipstick."),
        ("a closed lipstick", measured("lipstick"), "A closed lipstick."),
        # a caption that knows, and one that is wrong about it
        ("a lipstick. the shade cannot be seen", measured("lipstick"), "A lipstick. The shade cannot be seen."),
        ("a plum lipstick. the shade cannot be seen", measured("lipstick", PLUM), "A plum lipstick."),
        # a later sentence is left out rather than repaired
        ("a plum lipstick. its colour is a cool green", measured("lipstick", PLUM), "A plum lipstick."),
        ("a plum lipstick. a texture without shine", measured("lipstick", PLUM, finish="glossy"), "A plum lipstick."),
        ("a plum lipstick. it has a warm undertone", measured("lipstick", PLUM), "A plum lipstick."),
        # textures are not types, nor colours
        ("a pink powder blush", measured("blush", "#f4c2c2"), "A pink powder blush."),
        ("a pink cream blush", measured("blush", "#f4c2c2"), "A pink cream blush."),
        (
            "an eyeshadow palette with plum, gold and green, open flat",
            measured("eyeshadow palette", PLUM, GOLD),
            "An eyeshadow palette with plum and gold, open flat.",
        ),
        # closed or open is what the photo shows of the product
        ("a red lipstick, closed", measured("lipstick", BRICK), "A red lipstick."),
        ("a closed red lipstick", measured("lipstick", BRICK), "A red lipstick."),
        ("a lipstick, twisted up, cap off", measured("lipstick"), "A lipstick."),
        ("a lipstick, closed", measured("lipstick"), "A lipstick, closed."),
        ("a red lipstick, cap off", measured("lipstick", BRICK), "A red lipstick, cap off."),
        ("an eyeshadow palette in brick red, open, lid up", measured("lipstick", BRICK), "A lipstick in brick red."),
        # a caption that names no product that is known
        ("a brush set in wood", measured("lipstick", BRICK), "A lipstick in brick red with a satin finish."),
        # a package's colour is not the product's, with or without a noun for the package
        (
            "a brick red lipstick in a black plastic crayon",
            measured("lipstick", BRICK, packaging="#101010"),
            "A brick red lipstick in a black plastic crayon.",
        ),
        (
            "a brick red lipstick. it comes in white lacquer",
            measured("lipstick", BRICK, packaging="#f8f8f8"),
            "A brick red lipstick. It comes in white lacquer.",
        ),
        (
            "a brick red lipstick. it comes in white lacquer",
            measured("lipstick", BRICK, packaging="#101010"),
            "A brick red lipstick.",
        ),
        (
            "a perfume in brick red, in a silver metal flacon, closed",
            measured("lipstick", BRICK),
            "A lipstick in brick red.",
        ),
        # what is said to stand beside the product was not checked, and goes where it can be spared
        ("a red lipstick and a mascara", measured("lipstick", BRICK), "A red lipstick."),
        ("a red lipstick next to a mascara, cap off", measured("lipstick", BRICK), "A red lipstick, cap off."),
        ("a red lipstick with a mascara in a row", measured("lipstick", BRICK), "A red lipstick in a row."),
        ("a pink blush with crushed powder", measured("blush", "#f4c2c2"), "A pink blush with crushed powder."),
        ("a brush or tool and a red lipstick", measured("lipstick", BRICK), "A brush or tool and a red lipstick."),
        # a shade that was measured is always said
        ("a lipstick in a tube", measured("lipstick", BRICK), "A lipstick in brick red with a satin finish."),
    ],
)
def test_captions_are_repaired(caption: str, truth: Measured, expected: str) -> None:
    assert describe(caption, truth).text == expected


def test_evidence_says_what_was_replaced() -> None:
    claims = describe("a matte green lipstick", measured("lipstick", BRICK, finish="glossy")).claims
    finish, colour = claims[0], claims[1]
    assert (finish.text, finish.evidence) == ("glossy", "glossy, 80%; the caption said matte")
    assert (colour.text, colour.evidence) == ("brick red", f"measured brick red, {BRICK}; the caption said green")


def test_an_uncertain_type_is_neither_vouched_for_nor_replaced() -> None:
    description = describe("a mascara", measured("lipstick", BRICK, accepted=False))
    assert description.text == "A mascara."
    assert claims_of(description) == {"mascara": "unseen"}


@pytest.mark.parametrize(
    "caption", ["", "  ", "of", "red red red red", "a tube a tube a tube a tube a tube", "[UNK] a b"]
)
@pytest.mark.parametrize(
    ("length", "expected"),
    [
        ("short", "A lipstick in brick red."),
        ("normal", "A lipstick in brick red with a satin finish."),
        (
            "detailed",
            "A lipstick in brick red with a satin finish. "
            f"The measured shade is brick red ({BRICK}), deep in depth with a warm undertone.",
        ),
    ],
)
def test_without_a_caption_the_measurements_speak(caption: str, length: Length, expected: str) -> None:
    description = describe(caption, measured("lipstick", BRICK), length)
    assert description.text == expected
    assert set(claims_of(description).values()) == {"supported"}


def test_without_a_caption_and_without_a_shade() -> None:
    assert describe("", measured("eyeshadow"), "detailed").text == f"An eyeshadow. {SHADE_UNSEEN}"
    nothing = describe("", measured("other", accepted=False), "detailed").text
    assert nothing == "No beauty product can be made out in this photo."


def test_the_package_of_a_mistaken_product_is_not_said() -> None:
    caption = "A lipstick in brick red with a satin finish, in a shade-coloured lacquer bullet case."
    assert describe(caption, measured("lip gloss", BRICK)).text == "A lip gloss in brick red with a satin finish."
    assert describe(caption, measured("lipstick", BRICK)).text == caption


def test_a_caption_that_sees_no_product_gives_way_to_the_tagger() -> None:
    caption = "An object that is not a beauty product on a white background."
    assert describe(caption, measured("eyeshadow palette")).text == "An eyeshadow palette."


@pytest.mark.parametrize("length", ["short", "normal", "detailed"])
def test_a_caption_of_a_product_is_not_believed_where_the_tagger_sees_none(length: Length) -> None:
    truth = measured("other", BRICK, accepted=False)
    assert describe("A brick red lipstick, twisted up.", truth, length).text == NOTHING_KNOWN


def test_a_detailed_description_ends_with_the_measurement() -> None:
    single = describe("a plum lipstick", measured("lipstick", PLUM), "detailed").text
    assert single == f"A plum lipstick. The measured shade is plum ({PLUM}), deep in depth with a cool undertone."
    several = describe("an eyeshadow palette", measured("eyeshadow palette", PLUM, GOLD), "detailed").text
    assert several.endswith(f"The measured shades are plum ({PLUM}) and light gold ({GOLD}).")


def test_mentions_take_the_longest_reading() -> None:
    found = mentions.find("a dusty rose eyeshadow palette in powder pink, Make-up brush")
    assert [(mention.kind, mention.term) for mention in found] == [
        ("colour", "dusty rose"),
        ("type", "eyeshadow palette"),
        ("colour", "powder pink"),
        ("type", "brush or tool"),
    ]


SPEECH = (
    "a an the in with and , . of red deep plum gold matte glossy satin finish lipstick mascara palette tube black cap "
    "background white shade cannot be seen is warm undertone cream powder very light eyeshadow"
)
WORDS = st.sampled_from(SPEECH.split(" "))
TRUTHS = st.sampled_from(
    [
        measured("lipstick", BRICK, packaging=BLACK),
        measured("mascara"),
        measured("eyeshadow palette", PLUM, GOLD),
        measured("other", accepted=False),
    ]
)


@example(["red", ",", "plum", "a"], measured("lipstick", BRICK), "short")
@example([",", "black", "a"], measured("mascara"), "short")
@given(st.lists(WORDS, max_size=30), TRUTHS, st.sampled_from(["short", "normal", "detailed"]))
def test_whatever_is_said_comes_out_clean(words: list[str], truth: Measured, length: Length) -> None:
    description = describe(" ".join(words), truth, length)
    assert description.text
    assert description.text == description.text.strip()
    assert "  " not in description.text
    spans = [claim.span for claim in description.claims]
    assert spans == sorted(spans)
    for claim in description.claims:
        assert description.text[slice(*claim.span)] == claim.text
        assert claim.verdict in ("supported", "unseen")
    if not truth.shade.visible:
        assert not any(claim.kind == "colour" for claim in description.claims)
        assert not re.search(r"\bplum\b", description.text)
