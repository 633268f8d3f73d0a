"""How renders are counted that differ in printed words alone."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image

from beauty_vlm.analysis import Analyzer
from beauty_vlm.models.loader import Loader, Settings
from data.draw import Draw
from data.stroop import SIZE, WORDS, Said, as_long, changed, claimed, contradicts, moved, said, to_markdown

# By `python -m data.stroop --count 8 --out FOLDER`: with invented names, with the word of the file's name, and with
# another invented name, side by side.
TRIOS = sorted((Path(__file__).parent / "stroop").glob("*.webp"))

TIED = 0.1  # types whose probabilities are nearer may change places with any few pixels

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


def test_a_guess_claims_nothing_and_a_broader_word_contradicts_nothing() -> None:
    def says(description: str) -> Said:
        return Said("lipstick", None, None, None, *claimed(description))

    guess = says("A lip product. Probably a lipstick. The shade is perhaps coral. No shimmer is visible.")
    assert guess.type_claims == {"lipstick", "lip gloss", "lip liner"} and guess.claims[1:] == (set(), set())
    sure, other = says("A coral lipstick with a satin finish."), says("A lip gloss in coral.")
    assert sure.claims == ({"lipstick"}, {"coral"}, {"satin"})
    assert contradicts(sure, other) and contradicts(other, sure) and not contradicts(guess, other)
    assert contradicts(sure, says("A lipstick in peach.")) and not contradicts(sure, says("A beauty product."))
    assert contradicts(sure, says("A matte lipstick.")) and not contradicts(sure, says(""))
    table = to_markdown([(sure, other, guess), (sure, sure, sure)])
    assert "| claims in the description, the same | 50.0%" in table
    assert "| claims in the description, none contradicting | 50.0%" in table


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


def test_the_app_does_not_fall_for_what_is_printed() -> None:
    analyzer = Analyzer(Loader(Settings(device="cpu")))
    clear = steady = 0
    for file in TRIOS:
        strip = Image.open(file).convert("RGB")
        plain, misled, _ = (strip.crop((at, 0, at + SIZE, SIZE)) for at in range(0, strip.width, SIZE))
        steady += moved(said(analyzer, plain), said(analyzer, misled)) < 2.0
        types, others = analyzer.describe(plain).product_type, analyzer.describe(misled).product_type
        assert types is not None and others is not None
        best, second = types.top[:2]
        if best.score - second.score >= TIED:
            clear += 1
            assert others.label == best.label, file.name
    assert len(TRIOS) == 8 and clear >= 5
    assert steady >= len(TRIOS) - 2  # masks may be near a tie too
