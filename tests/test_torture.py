"""Captions as an untrained or a published captioner writes them, or worse: what comes out is true, and English."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_description import BLACK, BRICK, GOLD, PLUM, TAN, assert_true, describe, measured, shade

from beauty_vlm.report import Length
from beauty_vlm.writing.description import NOTHING_KNOWN, SHADE_UNSEEN
from beauty_vlm.writing.judging import Measured

MONOCHROME = "The shade cannot be judged from this photo: the photo is monochrome."
TRUTHS = {
    "lipstick": measured("lipstick", BRICK, packaging=BLACK),
    "mascara": measured("mascara"),
    "palette": measured("eyeshadow palette", PLUM, GOLD),
    "highlighter": measured("bronzer or highlighter", TAN, finish="shimmer"),
    "polish": replace(
        measured("nail polish"), shade=replace(shade(PLUM), main=None, unjudged="The photo is monochrome.")
    ),
    "nothing": measured("other", accepted=False),
}
BOTH = "An eyeshadow palette in plum and light gold with a satin finish."
PLAIN = "A lipstick in brick red with a satin finish."
# What each is to become of a brick red lipstick with a satin finish in a black package.
LIPSTICK = {
    # as published captioners write
    "a close up of a lipstick on a white background": "A lipstick in brick red.",
    "a red lipstick sitting on top of a table": "A red lipstick.",
    "there is a pink lipstick on a wooden table next to a cat": "A brick red lipstick.",
    "a woman holding a lipstick in her hand": "A lipstick in brick red.",
    "arafed lipstick with a gold lid and a black cap": "A lipstick in brick red.",
    "a photo of a lipstick taken with a canon camera": "A lipstick in brick red.",
    "several different colors of lipstick are lined up in a row": "A lipstick in brick red.",
    "the best lipstick for dry lips": "A lipstick in brick red.",
    # brands, promises, prices
    "chanel rouge allure lipstick in shade 99 pirate": "A lipstick in brick red.",
    "maybelline superstay matte ink liquid lipstick, long lasting, 16h wear": "A satin liquid lipstick in brick red.",
    "a lipstick with spf 15 and vitamin e": "A lipstick in brick red.",
    "a hydrating, moisturizing red lipstick": "A red lipstick.",
    "a lipstick $24.99 free shipping": "A lipstick in brick red.",
    "buy one get one free lipstick 50% off": "A lipstick in brick red.",
    "hello world. a red lipstick. it makes your lips look fuller and younger": "A red lipstick.",
    "a cruelty free, vegan, organic lip balm": PLAIN,
    # wrong colours, types and finishes
    "A blue, green and yellow lipstick": "A brick red lipstick.",
    "a lipstick that is blue": "A lipstick that is brick red.",
    "a blue lipstick is in a blue tube on a blue background": "A brick red lipstick is in a tube.",
    "a matte, glossy, shimmery lipstick with glitter": "A satin lipstick in brick red.",
    "a black mascara tube with gold writing that says volume": "A brick red lipstick.",
    "a bottle of nail polish with the word rose on it": "A lipstick in brick red.",
    "a palette of eyeshadows in blue, green, red, yellow, purple, pink and orange": "A lipstick in red.",
    "an eyeshadow palette with 12 shades": "A lipstick in brick red.",
    "not a lipstick but a mascara": "A lipstick in brick red.",
    "lipstick in the shade of a rose": "A lipstick in brick red.",
    "no beauty product on a white background": PLAIN,
    # several products
    "two lipsticks and a mascara on a marble counter": "Lipsticks in brick red.",
    "a highlighter and a bronzer in a compact": "A lipstick in brick red.",
    "a red lipstick, a red lipstick, a red lipstick": "A red lipstick.",
    # other languages, gibberish, markup
    "un rouge à lèvres rouge sur fond blanc": "A lipstick in brick red.",
    "ein roter lippenstift auf einem tisch": PLAIN,
    "口红 红色": PLAIN,
    "помада красного цвета": PLAIN,
    "##ing of the [UNK] ##s lip": PLAIN,
    "lip lip lip lip lip lip": PLAIN,
    "the the the a a a of of": PLAIN,
    "zx qv blorp lipstick fnord": "A lipstick in brick red.",
    "LIPSTICK!!!": PLAIN,
    "RED SATIN LIPSTICK": "A red satin lipstick.",
    "a lipstick in a a tube with with a cap": "A brick red lipstick in a tube.",
    "a in with of lipstick": "A lipstick in brick red.",
    "a very very red lipstick": "A red lipstick.",
    "a red lipstick 😍💄 so pretty": "A red lipstick.",
    "": PLAIN,
}
OTHERS = (
    "dior addict lip glow in 001 pink",
    "a green nail polish bottle with a silver cap",
    "a tube of mascara",
    "lipstick",
    "a bunch of makeup products that are on a table",
    "a set of makeup brushes in a black case",
    "a dog in sunglasses",
    "an image of a nail polish in a bottle, stock photo",
    "a plate of food on a table",
    "the naked palette by urban decay",
    "a red lipstick with a red cap and a red tube and a red box",
    "a lipstick without shimmer",
    "it is a lipstick. it is red. it is the best. buy it now!",
    "a bronzer with a warm glow",
    '<b>red</b> lipstick & "gloss" #beauty @brand',
    "a lipstick, in a black tube, closed, with its cap on, in a row, with a box, on marble, in a hand",
    " ".join(["a red lipstick on a table with a gold tube"] * 60),
    " ".join(f"word{number}" for number in range(500)),
    "a lipstick " * 250,
    "。、！？",
    "\n\t lipstick \x00 in \u200b red",
)


@pytest.mark.parametrize(("caption", "expected"), LIPSTICK.items())
def test_what_a_captioner_may_say_of_a_lipstick(caption: str, expected: str) -> None:
    assert describe(caption, TRUTHS["lipstick"]).text == expected


@pytest.mark.parametrize(
    ("caption", "truth", "expected"),
    [
        ("a green nail polish bottle with a silver cap", "polish", f"A nail polish. {MONOCHROME}"),
        ("a green nail polish bottle with a silver cap", "mascara", f"A mascara. {SHADE_UNSEEN}"),
        ("a bronzer with a warm glow", "highlighter", "A highlighter in camel."),
        ("a bronzer and a highlighter", "highlighter", "A highlighter in camel."),
        ("the naked palette by urban decay", "palette", BOTH),
        ("an eyeshadow palette in blue, pink and plum", "palette", "An eyeshadow palette in light gold and plum."),
        ("A blue, green and yellow lipstick", "palette", "A plum and light gold eyeshadow palette."),
        ("a dog in sunglasses", "nothing", NOTHING_KNOWN),
        ("lipstick", "mascara", f"A mascara. {SHADE_UNSEEN}"),
        ("RED MATTE LIPSTICK", "polish", f"A nail polish. {MONOCHROME}"),
        ("", "palette", BOTH),
        ("a bunch of makeup products that are on a table", "mascara", f"Makeup products. {SHADE_UNSEEN}"),
    ],
)  # fmt: skip
def test_what_it_may_say_of_others(caption: str, truth: str, expected: str) -> None:
    assert describe(caption, TRUTHS[truth]).text == expected


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS)
def test_nothing_false_comes_out(truth: Measured) -> None:
    captions = (*LIPSTICK, *OTHERS)
    assert len(captions) >= 60
    lengths: tuple[Length, ...] = ("short", "normal", "detailed")
    for number, caption in enumerate(captions):
        length = lengths[number % len(lengths)]
        assert_true(describe(caption, truth, length), truth, length)
