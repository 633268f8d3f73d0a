"""Captions written by hand, right and wrong, held against measurements."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from beauty_vlm.colour import hex_to_lab
from beauty_vlm.language import mentions
from beauty_vlm.report import Length, Packaging, ProductType, Score, Shade, Swatch
from beauty_vlm.vocabulary import TOOL, families, finishes, name_colour, product_types, shade_terms
from beauty_vlm.writing import description as writing
from beauty_vlm.writing.closing import package_sentence
from beauty_vlm.writing.description import NOTHING_KNOWN, SHADE_PERHAPS_UNSEEN, SHADE_UNSEEN, Description
from beauty_vlm.writing.judging import Measured, judge
from beauty_vlm.writing.reliability import Trust

BRICK, PLUM, GOLD, TAUPE, BLACK = "#8a3324", "#6b2b57", "#d4af37", "#8b7d6b", "#111111"
ROSE, TAN = "#d0636c", "#b58e5e"
FINISH_SAID = re.compile(r" The finish is \w+\.")


def describe(caption: str, truth: Measured, length: Length = "normal") -> Description:
    """The description without the sentence of a sure finish, which has tests of its own."""
    made = writing.describe(caption, truth, length)
    match = FINISH_SAID.search(made.text)
    if match is None:
        return made
    first, end = match.span()
    claims = tuple(
        one if one.span[1] <= first else replace(one, span=(one.span[0] - end + first, one.span[1] - end + first))
        for one in made.claims
        if one.span[1] <= first or one.span[0] >= end
    )
    return replace(made, text=made.text[:first] + made.text[end:], claims=claims)


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
    material: str | None = None,
    state: str | None = None,
) -> Measured:
    surroundings: dict = {}
    if packaging:
        surroundings["packaging"] = shade(packaging)
    if background:
        surroundings["background"] = shade(background)
    product_type = ProductType(label, 0.9, accepted, (Score(label, 0.9),))
    seen_material, seen_state = (Score(one, 0.9) if one else None for one in (material, state))
    package = Packaging(None, seen_material, seen_state) if material or state else None
    seen = Score(finish, 0.8) if finish and colours else None
    return Measured(product_type, shade(*colours), seen, surroundings, package, visible=float(bool(colours)))


def hedged(word: str, label: str = "lipstick", *colours: str) -> Measured:
    """The tagger is not sure enough of `label` to say more than `word`."""
    product_type = ProductType(label, 0.4, True, (Score(label, 0.4),), Score(word, 0.8))
    package = Packaging(None, None, Score("open", 0.9))
    return Measured(product_type, shade(*colours), None, packaging=package)


@pytest.mark.parametrize(
    ("score", "guess"), [(0.82, " Probably a lipstick."), (0.31, " Perhaps a lipstick."), (0.29, "")]
)
def test_a_type_that_is_not_sure_is_guessed_and_called_a_guess(score: float, guess: str) -> None:
    unsure = hedged("lip product", "lipstick", BRICK)
    unsure = replace(unsure, product_type=replace(unsure.product_type, score=score))
    description = describe("A lipstick in brick red.", unsure)
    assert description.text == f"A lip product in brick red.{guess}"
    assert describe(description.text, unsure).text == description.text
    assert [claim.verdict for claim in description.claims if claim.text == "lipstick"] == ["unseen"] * bool(guess)


@pytest.mark.parametrize(
    ("caption", "word", "text"),
    [
        ("A brick red lipstick, twisted up.", "lip product", "A brick red lip product, open."),
        ("A brick red mascara.", "lip product", "A brick red lip product."),
        ("A brick red lip product.", "lip product", "A brick red lip product."),
        ("A brick red makeup product.", "lip product", "A brick red makeup product."),  # broader is true as well
        ("An eye product in brick red.", "lip product", "A lip product in brick red."),
        ("A brick red lipstick in a pencil, cap off.", "lip product", "A brick red lip product, cap off."),
        ("", "beauty product", "A beauty product in brick red."),
    ],
)
def test_an_uncertain_type_is_called_by_a_broader_word(caption: str, word: str, text: str) -> None:
    description = describe(caption, hedged(word, "lipstick", BRICK))
    assert description.text == f"{text} Perhaps a lipstick."
    claim = next(claim for claim in description.claims if claim.kind == "type")
    assert claim.verdict == "supported" and "nearest type: lipstick, 40%" in claim.evidence.text


def claims_of(description: Description) -> dict[str, str]:
    return {claim.text: claim.verdict for claim in description.claims}


@pytest.mark.parametrize(
    ("caption", "text"),
    [
        ("a woman holding a red lipstick on a table with flowers", "A red lipstick."),
        ("a woman with red lipstick and red nails", "A red lipstick."),
        ("a red lipstick. there is hair on the floor.", "A red lipstick."),
        ("a lipstick in a pump bottle", "A lipstick in true red."),
        ("a red lipstick in a silver metal bullet case", "A red lipstick in a plastic bullet case."),
        ("a lipstick next to a bottle of nail polish", "A lipstick in true red."),
        ("a red lipstick in a white cup", "A red lipstick."),
        ("a red lipstick next to a blue one", "A red lipstick."),
        ("a red lipstick with a blue and white pattern on it", "A red lipstick."),
        ("a red lipstick with a pink light", "A red lipstick."),
        ("a red lipstick in a glass of water", "A red lipstick."),
        ("a red lipstick, different ones, in a flat lay", "A red lipstick."),
        ("a red lipstick with no cap", "A red lipstick."),
        ("a red lipstick with the bullet out", "A red lipstick."),
        ("a waterproof lipstick", "A lipstick in true red."),
    ],
)
def test_of_other_things_nothing_is_said(caption: str, text: str) -> None:
    truth = measured("lipstick", "#b8161f", material="glossy plastic", state="closed")
    assert describe(caption, truth).text == text


def test_what_a_clear_package_is_of_is_no_mend() -> None:
    made = describe("A lipstick.", measured("lipstick", BRICK, material="clear glass or plastic"), "detailed")
    assert "The package is clear glass or plastic." in made.text
    of_package = [claim for claim in made.claims if claim.kind == "packaging"]
    assert of_package and all((claim.verdict, claim.said) == ("supported", None) for claim in of_package)


def test_a_word_that_says_more_than_the_type_gives_way() -> None:
    made = describe("a night cream in a jar", measured("skincare cream"))
    assert made.text.startswith("A skincare cream in a jar.")
    (mend,) = (one for one in made.mends if one.said == "night cream")
    assert mend.instead == "skincare cream" and mend.verdict == "unseen"  # nothing contradicts it


def test_a_broader_word_contradicts_nothing() -> None:
    made = describe("a lipstick in brick red", hedged("lip product", "lipstick", BRICK))
    (mend,) = (one for one in made.mends if one.said == "lipstick")
    assert mend.instead == "lip product" and mend.verdict == "unseen"


def test_a_sure_finish_is_said_once() -> None:
    truth = measured("lipstick", BRICK, finish="satin")
    made = writing.describe("A brick red lipstick.", truth)
    assert made.text == "A brick red lipstick. The finish is satin."
    assert claims_of(made)["satin"] == "supported"
    assert writing.describe(made.text, truth).text == made.text
    assert writing.describe("A satin lipstick in brick red.", truth).text == "A satin lipstick in brick red."
    assert writing.describe("A brick red lipstick.", truth, "short").text == "A brick red lipstick."


@pytest.mark.parametrize(("visible", "sentence"), [(0.01, SHADE_UNSEEN), (0.3, SHADE_PERHAPS_UNSEEN)])
def test_a_hidden_shade_is_told_as_surely_as_it_is_known(visible: float, sentence: str) -> None:
    truth = replace(measured("lipstick"), visible=visible)
    assert describe("A plum lipstick.", truth).text == f"A lipstick. {sentence}"
    assert describe(f"A lipstick. {sentence}", truth).text == f"A lipstick. {sentence}"
    assert describe("A brush. The shade cannot be seen.", replace(measured(TOOL), visible=visible)).text == "A brush."


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
        ("a black mascara on a table", measured("eyeliner", BLACK), "A black eyeliner."),
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
        ("a red lip liner in a black plastic pencil", measured("lip liner", BRICK), "A red lip liner in pencil form."),
        (
            "a red lipstick with its cap off",
            measured("lipstick", PLUM, state="open"),
            "A plum lipstick with its cap off.",
        ),
        ("a plum lipstick with a black and gold case", measured("lipstick", PLUM), "A plum lipstick."),
        # nor what is said of the background
        (
            "a plum lipstick. the background is white",
            measured("lipstick", PLUM, background="#ffffff"),
            "A plum lipstick. The background is white.",
        ),
        ("a plum lipstick. the background is white", measured("lipstick", PLUM, background=BLACK), "A plum lipstick."),
        # a light grey sweep lies near white, and is none
        (
            "a plum lipstick. the background is white",
            measured("lipstick", PLUM, background="#d0ced6"),
            "A plum lipstick.",
        ),
        # nor a package where none is visible, and parts that not every such product has
        ("a plum lip liner in pencil form", measured("lip liner", PLUM, state="swatch"), "A plum lip liner."),
        (
            "a plum lip liner in pencil form",
            measured("lip liner", PLUM, state="open"),
            "A plum lip liner in pencil form.",
        ),
        ("a plum lipstick with its dropper out", measured("lipstick", PLUM, state="open"), "A plum lipstick, open."),
        ("a plum lipstick, lid up, cap off", measured("lipstick", PLUM, state="open"), "A plum lipstick, cap off."),
        # how it stands does not hang on what it is
        (
            "a plum mascara, shown as a swatch",
            measured("lipstick", PLUM, state="swatch"),
            "A plum lipstick, shown as a swatch.",
        ),
        ("a plum mascara, wand out", measured("lipstick", PLUM, state="open"), "A plum lipstick, wand out."),
        ("a plum bronzer, worn on cheeks", measured("lipstick", PLUM, state="worn"), "A plum lipstick."),
        (
            "a plum lip gloss, worn on lips",
            measured("lip gloss", PLUM, state="worn"),
            "A plum lip gloss, worn on lips.",
        ),
        ("a plum mascara, lid up", measured("lipstick", PLUM, state="open"), "A plum lipstick, open."),
        # lists
        (
            "an eyeshadow palette with green, blue and orange",
            measured("eyeshadow palette", PLUM, GOLD, TAUPE),
            "An eyeshadow palette with plum, light gold and taupe.",
        ),
        (
            "an eyeshadow palette with green, blue and turquoise",
            measured("eyeshadow palette", PLUM),
            "An eyeshadow palette in plum.",
        ),
        ("a red and black lipstick", measured("lipstick", BRICK), "A red lipstick."),
        # no material in sight
        ("a plum lipstick, closed", measured("lipstick", state="closed"), f"A lipstick, closed. {SHADE_UNSEEN}"),
        (
            "a lipstick in deep plum, closed",
            measured("lipstick", state="closed"),
            f"A lipstick, closed. {SHADE_UNSEEN}",
        ),
        ("a red and black lipstick", measured("lipstick"), f"A lipstick. {SHADE_UNSEEN}"),
        ("a lipstick in a plum shade", measured("lipstick"), f"A lipstick. {SHADE_UNSEEN}"),
        ("a lipstick with a matte finish", measured("lipstick"), f"A lipstick. {SHADE_UNSEEN}"),
        ("a closed lipstick", measured("lipstick", state="closed"), f"A closed lipstick. {SHADE_UNSEEN}"),
        # a caption that knows, and one that is wrong about it
        ("a lipstick. the shade cannot be seen", measured("lipstick"), f"A lipstick. {SHADE_UNSEEN}"),
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
            measured("eyeshadow palette", PLUM, GOLD, state="open"),
            "An eyeshadow palette with plum and gold, open flat.",
        ),
        # closed or open is what is measured of the package, and of which parts such a product has
        ("a red lipstick, closed", measured("lipstick", BRICK), "A red lipstick."),
        ("a closed red lipstick", measured("lipstick", BRICK), "A red lipstick."),
        ("a lipstick, twisted up, cap off", measured("lipstick"), f"A lipstick. {SHADE_UNSEEN}"),
        ("a lipstick, closed", measured("lipstick", state="closed"), f"A lipstick, closed. {SHADE_UNSEEN}"),
        ("a lipstick, closed", measured("lipstick"), f"A lipstick. {SHADE_UNSEEN}"),
        ("a red lipstick, cap off", measured("lipstick", BRICK, state="open"), "A red lipstick, cap off."),
        ("a red lipstick, lid up", measured("lipstick", BRICK, state="open"), "A red lipstick, open."),
        ("a red lipstick, no cap", measured("lipstick", BRICK, state="closed"), "A red lipstick."),
        ("an eyeshadow palette in brick red, open, lid up", measured("lipstick", BRICK), "A lipstick in brick red."),
        # a caption that names no product that is known
        ("a garden shed in wood", measured("lipstick", BRICK), "A lipstick in brick red with a satin finish."),
        # a package's colour is not the product's, with or without a noun for the package
        (
            "a brick red lipstick in a black plastic crayon",
            measured("lipstick", BRICK, packaging="#101010"),
            "A brick red lipstick in a black crayon.",
        ),
        (
            "a brick red lipstick. it comes in white lacquer",
            measured("lipstick", BRICK, packaging="#f8f8f8", material="glossy plastic"),
            "A brick red lipstick.",  # of glossy plastic it may be as well
        ),
        (
            "a brick red lipstick. it comes in white plastic",
            measured("lipstick", BRICK, packaging="#f8f8f8", material="glossy plastic"),
            "A brick red lipstick. It comes in white plastic.",
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
        ("a red lipstick next to a mascara, cap off", measured("lipstick", BRICK), "A red lipstick."),
        ("a red lipstick with a mascara on a table", measured("lipstick", BRICK), "A red lipstick."),
        ("a pink blush with crushed powder", measured("blush", "#f4c2c2"), "A pink blush."),
        ("a brush or tool and a red lipstick", measured("lipstick", BRICK), "A red lipstick."),
        # a shade that was measured is always said
        ("a lipstick in a tube", measured("lipstick", BRICK), "A brick red lipstick in a tube."),
    ],
)
def test_captions_are_repaired(caption: str, truth: Measured, expected: str) -> None:
    assert describe(caption, truth).text == expected


def test_evidence_says_what_was_replaced() -> None:
    claims = describe("a matte green lipstick", measured("lipstick", BRICK, finish="glossy")).claims
    finish, colour = claims[0], claims[1]
    assert (finish.text, finish.evidence.text, finish.said) == ("glossy", "glossy, 80%", "matte")
    assert finish.evidence.probability == 0.8
    assert (colour.text, colour.evidence.text, colour.said) == ("brick red", f"measured brick red, {BRICK}", "green")
    assert colour.evidence.measured == BRICK and colour.evidence.region == "material"
    assert colour.evidence.delta_e is not None and colour.evidence.delta_e > 10


def test_where_no_type_is_likely_none_is_said() -> None:
    unsure = ProductType("lipstick", 0.2, False, (Score("lipstick", 0.2),), Score("beauty product", 0.5))
    assert describe("a mascara", replace(measured("lipstick", BRICK), product_type=unsure)).text == NOTHING_KNOWN
    likely = replace(unsure, named=Score("makeup product", 0.9))  # the page calls it no product, so the text does
    made = describe("a mascara in brick red", replace(measured("lipstick", BRICK), product_type=likely))
    assert made.text == NOTHING_KNOWN and made.claims == ()


def test_what_is_perhaps_no_product_is_told_as_what_it_would_be() -> None:
    unsure = ProductType("lipstick", 0.4, False, (Score("lipstick", 0.4),), Score("lip product", 0.5))
    made = describe("a mascara", replace(measured("lipstick", BRICK), product_type=unsure))
    assert made.text == f"{NOTHING_KNOWN} If it is one, perhaps a lipstick. The shade is probably brick red."
    assert [(claim.text, claim.hedge) for claim in made.claims] == [("lipstick", "perhaps"), ("brick red", "probably")]
    unseen = describe("a mascara", replace(measured("lipstick"), product_type=unsure))
    assert unseen.text == f"{NOTHING_KNOWN} If it is one, perhaps a lipstick."


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
            f"A lipstick in brick red with a satin finish. The shade is a deep, warm brick red ({BRICK}).",
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
    assert nothing == "This is perhaps no beauty product at all."


@pytest.mark.parametrize("said", ["The shade is visible.", "The shades are visible.", "Its colour can be seen."])
def test_that_a_shade_is_visible_is_not_said_beside_that_it_is_not(said: str) -> None:
    made = describe(f"An eyeshadow palette, closed. {said}", measured("eyeshadow palette", state="closed"), "detailed")
    assert made.text == f"An eyeshadow palette, closed. {SHADE_UNSEEN}"
    assert any(mend.said == said for mend in made.mends)
    seen = describe(f"A brick red lipstick. {said}", measured("lipstick", BRICK), "detailed")
    assert "visible" not in seen.text and "seen" not in seen.text


def test_the_package_of_a_mistaken_product_is_not_said() -> None:
    caption = "A lipstick in brick red with a satin finish, in a plastic bullet case."
    assert describe(caption, measured("lip gloss", BRICK)).text == "A lip gloss in brick red with a satin finish."
    assert describe(caption, measured("lipstick", BRICK, material="glossy plastic")).text == caption


def test_a_caption_that_sees_no_product_gives_way_to_the_tagger() -> None:
    caption = "An object that is not a beauty product on a white background."
    assert describe(caption, measured("eyeshadow palette")).text == f"An eyeshadow palette. {SHADE_UNSEEN}"


@pytest.mark.parametrize("length", ["short", "normal", "detailed"])
def test_a_caption_of_a_product_is_not_believed_where_the_tagger_sees_none(length: Length) -> None:
    truth = measured("other", BRICK, accepted=False)
    assert describe("A brick red lipstick, twisted up.", truth, length).text == NOTHING_KNOWN


def test_a_detailed_description_ends_with_the_measurement() -> None:
    single = describe("a plum lipstick", measured("lipstick", PLUM), "detailed").text
    assert single == f"A plum lipstick. The shade is a deep, cool plum ({PLUM})."
    several = describe("an eyeshadow palette", measured("eyeshadow palette", PLUM, GOLD), "detailed").text
    assert several.endswith(f"The shades are plum ({PLUM}) and light gold ({GOLD}).")


def test_mentions_take_the_longest_reading() -> None:
    found = mentions.find("a dusty rose eyeshadow palette in powder pink, Make-up brush")
    assert [(mention.kind, mention.term) for mention in found] == [
        ("colour", "dusty rose"),
        ("type", "eyeshadow palette"),
        ("colour", "powder pink"),
        ("type", "brush or tool"),
    ]


@pytest.mark.parametrize(
    ("caption", "truth", "expected"),
    [
        # one product has one shade, a palette has several
        (
            "A nail polish with pale grey, grey and light grey.",
            measured("nail polish", "#dcdcdd", "#bdbdbf"),
            "A nail polish in pale grey.",
        ),
        (
            "An eyeshadow palette with pale grey, grey and light grey, open flat.",
            measured("nail polish", "#dcdcdd"),
            "A nail polish in pale grey.",
        ),
        (
            "An eyeshadow palette.",
            measured("eyeshadow palette", PLUM, GOLD),
            "An eyeshadow palette with plum and light gold.",
        ),
        # the shade is put into the text
        (
            "A glossy lip gloss, wand beside.",
            measured("lip gloss", ROSE, finish="glossy", state="open"),
            "A glossy lip gloss in rose, wand beside.",
        ),
        ("A lipstick is on a table.", measured("lipstick", BRICK), "A lipstick in brick red."),
        ("A powder blush in a tube", measured("blush", ROSE), "A rose powder blush in a tube."),
        # a word is said once
        ("A peach peach blush in peach", measured("blush", "#f3b7a0"), "A peach blush."),
        (
            "A matte lipstick in red with a matte finish.",
            measured("lipstick", BRICK, finish="matte"),
            "A matte lipstick in red.",
        ),
        ("A red lipstick in a and", measured("lipstick", BRICK), "A red lipstick."),
        # a bronzer, or a highlighter
        ("A lip gloss.", measured("bronzer or highlighter", TAN, finish="shimmer"), "A highlighter in camel."),
        ("A lip gloss.", measured("bronzer or highlighter", TAN, finish="matte"), "A bronzer in camel."),
        ("A highlighter.", measured("bronzer or highlighter", TAN, finish="matte"), "A bronzer in camel."),
        ("A highlighter.", measured("bronzer or highlighter", TAN, finish=None), "A bronzer or highlighter in camel."),
        ("Two bronzers.", measured("bronzer or highlighter", TAN, finish=None), "Bronzers and highlighters in camel."),
        (
            "A bronzer or highlighter.",
            measured("bronzer or highlighter", TAN, finish="glitter"),
            "A highlighter in camel.",
        ),
        (
            "",
            measured("bronzer or highlighter", TAN, finish="glitter"),
            "A highlighter in camel with a glitter finish.",
        ),
        # plural and articles
        ("Two mascaras in black", measured("lipstick", BLACK), "A lipstick in black."),
        ("Two lipsticks in black", measured("lipstick", BLACK), "Lipsticks in black."),
        ("Three lipsticks.", hedged("lip product", "lipstick", BLACK), "Lip products in black. Perhaps lipsticks."),
        ("red lipstick", measured("lipstick", BRICK), "A red lipstick."),
        ("a eyeliner in a orange", measured("eyeliner", "#ef7f1f"), "An eyeliner in orange."),
        ("a plum lipstick", measured("lipstick", "#ef7f1f"), "An orange lipstick."),
    ],
)
def test_grammar_stays_right(caption: str, truth: Measured, expected: str) -> None:
    assert describe(caption, truth).text == expected


@pytest.mark.parametrize(
    ("sentence", "finish", "stays"),
    [
        ("The surface is flat and shine.", "satin", False),
        ("The surface is flat and even.", "satin", False),
        ("A smooth texture with a gentle shine.", "satin", False),
        ("The surface has a soft, even sheen.", "satin", True),  # an even sheen is satin
        ("The surface has a soft, even sheen.", "matte", False),
        ("The surface has a soft, even sheen.", None, False),
    ],
)
def test_how_a_surface_looks_is_said_beside_its_finish_alone(sentence: str, finish: str | None, stays: bool) -> None:
    truth = measured("lipstick", BRICK, finish=finish, background="#ffffff")
    text = describe(f"A brick red lipstick. {sentence}", truth, "detailed").text
    assert (sentence in text) == stays
    first = describe("A brick red lipstick with a gentle shine and a smooth texture, on a white surface.", truth).text
    assert "shine" not in first and "texture" not in first and first.endswith("on a white surface.")


def test_no_other_undertone_or_depth_stands_beside_the_measured_one() -> None:
    truth = measured("lipstick", "#d26a5a")
    main = truth.shade.main
    assert main is not None and (main.undertone, main.depth) == ("warm", "medium")
    text = describe("A lipstick. It is light in depth with a neutral undertone.", truth, "detailed").text
    assert "neutral" not in text and "light" not in text and "warm" in text
    assert "neutral" not in describe("A neutral salmon lipstick.", truth, "detailed").text


def test_sentences_that_read_like_ours_are_mends_where_they_are_the_captioners() -> None:
    lost = [one.said for one in describe("A lipstick. The package is red. Probably a mascara.", measured()).mends]
    assert lost[:2] == ["The package is red.", "Probably a mascara."]


@pytest.mark.parametrize(
    ("colour", "expected"), [("#c9c2b8", "The package is stone in colour."), ("#111111", "The package is black.")]
)
def test_a_package_of_a_colour_that_is_a_material_too_is_said_to_have_it(colour: str, expected: str) -> None:
    truth = measured("lipstick", BRICK, packaging=colour)
    package = Packaging(truth.surroundings["packaging"].main, Score("glossy plastic", 0.1), None)
    assert package_sentence(replace(truth, packaging=package)) == expected
    assert expected in describe(f"A lipstick. {expected}", replace(truth, packaging=package), "detailed").text


@pytest.mark.parametrize(("colour", "said"), [("#c6c6c6", "light grey"), ("#5e5e5e", "dark grey")])
def test_a_shade_whose_name_tells_its_depth_has_no_other(colour: str, said: str) -> None:
    assert f"The shade is {said} (" in describe("", measured("eyeshadow", colour), "detailed").text


def test_a_colour_that_is_denied_is_not_taken_for_the_shade() -> None:
    truth = measured("lipstick", "#bb3f44")
    for caption in ("A lipstick not red but pink.", "A non-red lipstick."):
        text = describe(caption, truth).text.lower()
        assert "red" in text and "not" not in text and "non" not in text


@pytest.mark.parametrize(
    ("material", "caption", "expected"),
    [
        ("clear glass or plastic", "A lip gloss in a clear glass tube.", "in a clear tube."),
        ("clear glass or plastic", "A lip gloss in a frosted plastic tube.", "in a tube."),
        ("glossy plastic", "A lip gloss in a plastic tube.", "in a plastic tube."),
        ("metal", "A lip gloss in a glass tube.", "in a metal tube."),
    ],
)
def test_a_material_is_told_no_more_narrowly_than_it_is_known(material: str, caption: str, expected: str) -> None:
    assert describe(caption, measured("lip gloss", BRICK, material=material)).text.endswith(expected)


def test_the_main_shade_is_the_first_also_where_a_name_comes_twice() -> None:
    truth = measured("lip gloss", "#f3664e", "#f2683c", "#ee7260")
    assert [swatch.name for swatch in truth.shade.palette] == ["coral", "tangerine", "coral"]
    assert describe("A lip gloss in blue.", truth).text == "A lip gloss in coral."


def test_a_neighbours_name_gives_way_where_the_measured_one_is_read_beside_it() -> None:
    truth = measured("lipstick", "#d36462")
    assert describe("A lipstick in coral.", truth).text == "A lipstick in coral."
    description = describe("A lipstick in coral.", truth, "detailed")
    assert description.text.startswith("A lipstick in dusty coral. The shade is a medium, neutral dusty coral")
    mended = next(claim for claim in description.claims if claim.said == "coral")
    assert mended.evidence.text == "measured dusty coral, #d36462; coral lies beside it"
    assert mended.evidence.claimed is None and mended.evidence.delta_e is None
    wrong = describe("A lipstick in plum.", truth, "detailed").claims[1].evidence
    assert wrong.claimed is not None and wrong.delta_e is not None and wrong.delta_e > 5


def with_others(*colours: str, trust: Trust | None = None) -> Measured:
    """A brick red lipstick, beside which lie pieces of other colours."""
    one, others = measured("lipstick", BRICK), shade(*colours).palette
    around = {"others": Shade(True, others[0], others)}
    return replace(one, shade=replace(one.shade, others=others), surroundings=around, trust=trust or Trust())


def test_shades_of_other_pieces_are_told_in_detail() -> None:
    truth = with_others(ROSE, PLUM, BRICK)
    description = describe("A lipstick in brick red.", truth, "detailed")
    rose, plum = (one.name for one in truth.shade.others[:2])
    assert f"The shade is brick red ({BRICK}). Others are {rose} ({ROSE}) and {plum} ({PLUM})." in (
        description.text.replace("a medium, warm ", "").replace("a deep, warm ", "")
    )
    told = [claim for claim in description.claims if claim.kind == "others"]
    assert [claim.evidence.measured for claim in told] == [ROSE, PLUM]
    assert {claim.evidence.region for claim in told} == {"others"}
    assert_true(description, truth, "detailed")
    assert "Others" not in describe("A lipstick in brick red.", truth).text


def test_shades_of_other_pieces_are_told_where_they_are_sure() -> None:
    for others, count in (((0.99, 0.4), 1), ((0.4, 0.4), 0), ((), 2)):
        truth = with_others(ROSE, PLUM, trust=Trust(shade_bar=0.9, others=others))
        description = describe("A lipstick in brick red.", truth, "detailed")
        assert sum(claim.kind == "others" for claim in description.claims) == count
    unsure = with_others(ROSE, trust=Trust(shade=0.4, shade_bar=0.9, others=(0.99,)))
    assert "Others" not in describe("A lipstick in brick red.", unsure, "detailed").text


def test_every_mend_is_listed() -> None:
    made = describe("A matte green lipstick from acme, with a cat.", measured("lipstick", BRICK, finish="glossy"))
    assert made.text == "A glossy brick red lipstick."
    assert [(mend.said, mend.instead) for mend in made.mends] == [
        ("from acme", ""),
        ("with a cat", ""),
        ("matte", "glossy"),
        ("green", "brick red"),
    ]
    assert made.mends[0].reason == "nothing here can check 'acme'"
    assert made.mends[3].reason == f"measured brick red, {BRICK}"
    assert [mend.verdict for mend in made.mends] == [None, None, "contradicted", "contradicted"]
    assert [mend.kind for mend in made.mends[2:]] == ["finish", "colour"]
    evidence = made.mends[3].evidence
    assert evidence is not None and evidence.measured == BRICK and evidence.delta_e
    unsure = Trust(finish_bar=0.9)
    made = describe("A matte lipstick in brick red.", replace(measured("lipstick", BRICK), trust=unsure))
    assert [(mend.said, mend.verdict, mend.kind) for mend in made.mends] == [("matte", "unseen", "finish")]
    assert describe("A red lipstick.", measured("lipstick", BRICK)).mends == ()


def test_the_whole_caption_is_a_mend_where_none_of_it_is_believed() -> None:
    made = describe("lorem ipsum", measured("lipstick", BRICK))
    assert [(mend.said, mend.instead) for mend in made.mends] == [("lorem ipsum", made.text)]


@pytest.mark.parametrize("length", ["short", "normal", "detailed"])
@pytest.mark.parametrize(
    "caption",
    ["A red lipstick in a black tube. The shade is a deep, warm plum. The background is white.", "", "gibberish"],
)
def test_a_shade_that_cannot_be_judged_is_not_said(caption: str, length: Length) -> None:
    grey = replace(shade("#808080"), main=None, unjudged="The photo is monochrome.")
    truth = replace(measured("lipstick", packaging=BLACK, background="#ffffff"), shade=grey)
    text = describe(caption, truth, length).text
    assert text.startswith("A lipstick")
    assert text.endswith("The shade cannot be judged from this photo: the photo is monochrome.")
    assert text.count("judged") == 1
    assert not any(mention.kind == "colour" for mention in mentions.find(text))


def test_the_reason_may_say_that_the_shade_cannot_be_judged() -> None:
    why = "The photo is black and white, so the shade cannot be judged."
    truth = replace(measured("lipstick"), shade=replace(shade("#808080"), main=None, unjudged=why))
    text = describe("A red lipstick.", truth).text
    assert text == f"A lipstick. {why}"
    assert describe(text, truth).text == text


def test_a_certain_package_is_said_in_detail() -> None:
    packaging = Packaging(shade(BLACK).main, Score("matte plastic", 0.9), Score("closed", 0.8))
    unsure = Packaging(None, Score("metal", 0.4), Score("open", 0.5))
    truth = measured("lipstick", packaging=BLACK)
    assert package_sentence(replace(truth, packaging=packaging)) == "The package is black plastic and closed."
    assert package_sentence(replace(truth, packaging=unsure)) is None
    assert package_sentence(truth) is None
    text = describe("A lipstick.", replace(truth, packaging=packaging), "detailed").text
    assert "The package is black plastic and closed." in text
    assert "package" not in describe("A lipstick.", replace(truth, packaging=unsure), "detailed").text


def assert_true(description: Description, truth: Measured, length: Length) -> None:
    """Nothing contradicted or unseen is left, each claim's span reads as its text, and the English is whole."""
    text = description.text
    assert text and text == " ".join(text.split())
    spans = [claim.span for claim in description.claims]
    assert spans == sorted(spans)
    for claim in description.claims:
        assert text[slice(*claim.span)] == claim.text
        assert claim.verdict in ("supported", "unseen")
        assert claim.hedge == mentions.hedge(text[: claim.span[0]])
    judged = [(mention, judge(mention, truth, None)) for mention in mentions.find(text)]
    untrue = [mention for mention, verdict in judged if verdict.instead is not None and not mention.hedged]
    assert not untrue  # a guess at a colour or finish is none of the claims
    if truth.shade.main is None:
        assert not any(mention.kind in ("colour", "finish") and mention.scope == "material" for mention, _ in judged)
    if text != NOTHING_KNOWN:
        types = [(mention, verdict) for mention, verdict in judged if mention.kind == "type"]
        assert all(verdict.verdict == "supported" for mention, verdict in types if not mention.hedged)
        guesses = [mention.term for mention, _ in types if mention.hedged]
        assert guesses in ([], [truth.product_type.label])
    for bad in DANGLING:
        assert not re.search(bad, text, re.IGNORECASE), (bad, text)
    assert text[0].isupper() and text[-1] == "."
    assert describe(text, truth, length).text == text


DANGLING = (
    r"\b(in|with|on|of|and|a|an|the|is|its|to|by|for|from)[.,]", r"\b(a|an|the) (a|an|the|in|with|on|of|and|is)\b",
    r"\b(in|with|of|and) (in|with|of|and|on)\b", r"\ba [aeio]", r"\ban [^aeiou]", r"[,.]{2}", r" [,.]", r"\b(\w+) \1\b",
)  # fmt: skip

SPEECH = (
    "a an the in with and , . of red deep plum gold matte glossy satin finish lipstick mascara palette tube black cap "
    "background white shade cannot be seen is warm undertone cream powder very light eyeshadow its or bronzer rose "
    "grey closed open chanel best two colour beside it comes plastic no"
)
WORDS = st.sampled_from(SPEECH.split(" "))
LENGTHS: st.SearchStrategy[Length] = st.sampled_from(["short", "normal", "detailed"])
TRUTHS = st.sampled_from(
    [
        measured("lipstick", BRICK, packaging=BLACK),
        measured("mascara"),
        measured("eyeshadow palette", PLUM, GOLD),
        measured("bronzer or highlighter", TAN, finish="shimmer", background="#ffffff"),
        measured("other", accepted=False),
        hedged("lip product", "lip gloss", ROSE, "#f4c2c2"),
        with_others(ROSE, PLUM),
        replace(measured("nail polish"), shade=replace(shade(PLUM), main=None, unjudged="The photo is monochrome.")),
    ]
)


@example(["red", ",", "plum", "a"], measured("lipstick", BRICK), "short")
@example([",", "black", "a"], measured("mascara"), "short")
@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=30), TRUTHS, LENGTHS)
def test_whatever_is_said_comes_out_true(words: list[str], truth: Measured, length: Length) -> None:
    assert_true(describe(" ".join(words), truth, length), truth, length)


COLOURS = st.sampled_from([term.name for term in shade_terms()] + sorted(families()))
TYPES = st.sampled_from([term.label for term in product_types() if term.label != "other"])
FINISHES = st.sampled_from([term.label for term in finishes()])
TAILS = st.sampled_from(
    ["in a black plastic tube", "closed", "open, lid up", "with a swatch", "cap off", "wand beside", "twisted up",
     "shown as a swatch", "worn on lips", "in a gold metal case, with its box", "lying, with drawn lines", "by itself"]
)  # fmt: skip
AFTERWARDS = st.sampled_from(
    ["", "The shade is a deep, warm {colour}.", "Its colour is {colour}, light in depth with a cool undertone.",
     "A soft matte texture that reflects no light.", "It comes in clear plastic.", "The background is {colour}.",
     "The shade cannot be seen.", "Three shades or pieces are shown."]
)  # fmt: skip


@st.composite
def grammar_captions(draw: st.DrawFn) -> str:
    """As the renders' captions are made, whatever the photo shows."""
    kind, finish, tail = draw(TYPES), draw(FINISHES), draw(TAILS)
    colours = draw(st.lists(COLOURS, min_size=1, max_size=3))
    listing = ", ".join(colours[:-1]) + " and " + colours[-1] if colours[1:] else colours[0]
    first = draw(
        st.sampled_from(
            [f"A {finish} {kind} in {listing}, {tail}.", f"A {colours[0]} {kind} with a {finish} finish, {tail}.",
             f"A {kind} with {listing}, {tail}.", f"A {kind}, {tail}.", f"A {kind} {tail}."]
        )
    )  # fmt: skip
    later = [sentence.format(colour=draw(COLOURS)) for sentence in draw(st.lists(AFTERWARDS, max_size=3))]
    return " ".join([first, *later])


@st.composite
def truths(draw: st.DrawFn) -> Measured:
    channel = st.integers(0, 255)
    colours = draw(
        st.lists(st.tuples(channel, channel, channel).map(lambda c: "#{:02x}{:02x}{:02x}".format(*c)), max_size=3)
    )
    packaging = draw(st.sampled_from([None, BLACK, GOLD]))
    seen = measured(draw(TYPES), *colours, finish=draw(FINISHES), packaging=packaging)
    if not colours or draw(st.booleans()):
        return seen
    return without_shimmer(seen, draw(st.floats(0, 1)), draw(st.sampled_from([0.5, 0.9])))


@settings(max_examples=60, deadline=None)
@given(grammar_captions(), truths(), LENGTHS)
def test_captions_of_the_grammar_come_out_true(caption: str, truth: Measured, length: Length) -> None:
    assert_true(describe(caption, truth, length), truth, length)


def test_a_shade_and_a_finish_that_are_not_sure_are_guessed() -> None:
    unsure = measured("lipstick", BRICK, finish="satin")
    unsure = replace(unsure, trust=Trust(shade=0.7, shade_bar=0.95, finish_bar=0.95))
    assert unsure.finish is not None
    description = describe("A matte lipstick.", unsure, "detailed")
    assert f"The shade is probably brick red ({BRICK}), the finish probably satin." in description.text
    assert "matte" not in description.text
    assert describe(description.text, unsure, "detailed").text == description.text
    guesses = {claim.text: claim.verdict for claim in description.claims if claim.kind in ("colour", "finish")}
    assert guesses == {"brick red": "unseen", "satin": "unseen"}
    unlikely = replace(unsure, trust=replace(unsure.trust, shade=0.2), finish=Score("satin", 0.2))
    assert describe("A matte lipstick.", unlikely, "detailed").text.endswith("The shade is too uncertain to name.")


def without_shimmer(seen: Measured, probability: float, finish_bar: float = 0.9) -> Measured:
    """The finish (.8) is sure from `finish_bar` on, that it does not shimmer from .97 on."""
    trust = replace(seen.trust, finish_bar=finish_bar, shimmer_free_bar=0.97)
    return replace(seen, shimmer_free=Score("shimmer-free", probability), trust=trust)


@pytest.mark.parametrize(
    ("caption", "probability", "text"),
    [
        (
            "A lipstick in brick red.",
            0.98,
            "A lipstick in brick red. The finish is probably satin. No shimmer is visible.",
        ),
        ("A lipstick in brick red.", 0.96, "A lipstick in brick red. The finish is probably satin."),
        # What the caption says of it is true or false as well, and not said twice.
        ("A lipstick in brick red without shimmer.", 0.98, "A lipstick in brick red without shimmer."),
        (
            "A lipstick in brick red without shimmer.",
            0.96,
            "A lipstick in brick red. The finish is probably satin.",
        ),
        (
            "A glitter lipstick in brick red.",
            0.98,
            "A lipstick in brick red. The finish is probably satin. No shimmer is visible.",
        ),
    ],
)
def test_that_nothing_shimmers_is_said_where_it_is_sure(caption: str, probability: float, text: str) -> None:
    truth = without_shimmer(measured("lipstick", BRICK, finish="satin"), probability)
    description = describe(caption, truth)
    assert description.text == text
    assert_true(description, truth, "normal")
    told = [claim for claim in description.claims if "shimmer" in claim.text]
    assert all((one.verdict, one.evidence.probability) == ("supported", probability) for one in told)
    assert "shimmer" not in describe("A lipstick in brick red.", truth, "short").text


def test_a_finish_that_is_sure_says_more_than_that_nothing_shimmers() -> None:
    truth = without_shimmer(measured("lipstick", BRICK, finish="satin"), 0.98, finish_bar=0.5)
    assert describe("A satin lipstick in brick red.", truth).text == "A satin lipstick in brick red."
    shining = replace(truth, finish=Score("glitter", 0.8))  # the finish by its own name is believed first
    assert describe("A glitter lipstick in brick red.", shining).text == "A glitter lipstick in brick red."


def test_what_is_sure_of_a_shade_is_said_beside_the_guess_at_its_name() -> None:
    seen = measured("lipstick", PLUM, finish=None)
    assert seen.shade.main is not None
    main = replace(seen.shade.main, uncertainty=8.0)
    unsure = replace(seen, shade=Shade(True, main, (main,)), trust=Trust(shade=0.97, shade_bar=0.9))
    description = describe("A lipstick.", unsure, "detailed")
    assert description.text == f"A lipstick. The shade is deep in depth with a cool undertone, probably plum ({PLUM})."
    assert describe(description.text, unsure, "detailed").text == description.text
    verdicts = {claim.text: (claim.kind, claim.verdict) for claim in description.claims}
    assert verdicts["deep in depth"] == ("depth", "supported")
    assert verdicts["cool undertone"] == ("undertone", "supported")


def test_the_guess_at_a_type_is_the_likeliest_by_both_witnesses() -> None:
    unsure = replace(hedged("lip product", "lipstick", BRICK), trust=Trust(type=Score("lip gloss", 0.61)))
    description = describe("A lip product in brick red.", unsure)
    assert description.text == "A lip product in brick red. Probably a lip gloss."
    claims = {claim.text: claim for claim in description.claims}
    assert (claims["lip gloss"].evidence.probability, claims["lip gloss"].hedge) == (0.61, "probably")
    assert claims["lip product"].hedge is None
    assert describe(description.text, unsure).text == description.text
