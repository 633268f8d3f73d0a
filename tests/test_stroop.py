"""How renders are counted that differ in printed words alone."""

from __future__ import annotations

import math

from PIL import Image

from data.draw import Draw
from data.stroop import WORDS, Said, as_long, changed, moved, to_markdown

RED = Said("lipstick", "red", "matte", (40.0, 60.0, 40.0))
NEAR = Said("lipstick", "scarlet", "matte", (40.5, 60.0, 40.0))
FAR = Said("lip gloss", "red", "satin", (50.0, 60.0, 40.0))
HIDDEN = Said("lipstick", None, None)


def test_a_name_may_change_where_the_colour_hardly_does() -> None:
    assert moved(RED, RED) == 0.0 and 0.0 < moved(RED, NEAR) < 1.0 < moved(RED, FAR)
    assert moved(HIDDEN, HIDDEN) == 0.0 and moved(RED, HIDDEN) == moved(HIDDEN, RED) == math.inf


def test_the_table_tells_what_the_words_change_and_what_any_words_do() -> None:
    table = to_markdown([(RED, RED, RED), (RED, NEAR, RED), (RED, FAR, NEAR), (RED, HIDDEN, RED)])
    rows = {cells[1].strip(): [cells[2].split()[0], cells[3].split()[0]] for line in table.splitlines()[2:]
            if (cells := line.split("|"))}  # fmt: skip
    assert rows["product type"] == ["75.0%", "100.0%"] and rows["shade name"] == ["50.0%", "75.0%"]
    assert rows["type and shade name"] == ["25.0%", "75.0%"] and rows["finish"] == ["50.0%", "100.0%"]
    assert rows["measured shade within 1 CIEDE2000"] == ["50.0%", "100.0%"]
    assert rows["measured shade within 2 CIEDE2000"] == ["50.0%", "100.0%"]


def test_the_control_is_as_long_as_the_word_and_no_word() -> None:
    for number, word in enumerate(WORDS):
        name = as_long(Draw((number,)), word)
        assert [len(part) for part in name.split()] == [len(part) for part in word.split()]
        assert name not in WORDS and name == name.lower()


def test_what_differs_is_counted_in_visible_steps() -> None:
    black, grey = (Image.new("RGB", (10, 10), (level,) * 3) for level in (0, 20))
    half = black.copy()
    half.paste((0, 0, 40), (0, 0, 10, 5))
    assert changed(black, grey) == changed(black, black) == 0.0
    assert changed(black, half) == changed(half, black) == 0.5
