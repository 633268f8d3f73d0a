"""Candidates written by hand, held against measurements."""

from __future__ import annotations

import math

import pytest
from conftest import Candidate
from hypothesis import given, settings
from hypothesis import strategies as st
from test_description import BLACK, BRICK, measured

from beauty_vlm.writing.ranking import best, fluency, score, support

TRUTH = measured("lipstick", BRICK, finish="satin", packaging=BLACK)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("A brick red lipstick.", "A green lipstick."),
        ("A lipstick with a satin finish.", "A lipstick with a matte finish."),
        ("A lipstick in a black tube.", "A lipstick in a gold tube."),
        ("A satin brick red lipstick.", "A satin brick red lipstick with spf 30."),
        ("A brick red lipstick.", "A brick red lipstick from acme."),
        ("A red lipstick. The shade is a deep, warm brick red.", "A red lipstick. The shade is a light, cool pink."),
        # a false word weighs more than one that nobody can check, and a promise more than both
        ("A brick red lipstick from acme.", "A brick red lipstick with a matte finish."),
        ("A brick red lipstick with a matte finish.", "A brick red lipstick that lasts 24 hours."),
        ("A lipstick.", ""),
        ("A brick red mascara.", "A table."),
    ],
)
def test_what_the_photo_bears_out_ranks_first(better: str, worse: str) -> None:
    assert support(better, TRUTH) > support(worse, TRUTH)
    assert best([Candidate(worse, -0.5), Candidate(better, -0.5)], TRUTH) == better


def test_support_is_a_share() -> None:
    assert support("A satin brick red lipstick.", TRUTH) == 1.0
    assert support("A satin green lipstick.", TRUTH) == pytest.approx(2 / 4)  # one contradiction counts twice
    assert support("", TRUTH) == 0.0


def test_among_equals_the_likelier_wins_and_then_the_first() -> None:
    likely, unlikely = Candidate("A brick red lipstick.", -0.1), Candidate("A lipstick in brick red.", -2.0)
    assert best([unlikely, likely], TRUTH) == likely.text
    assert best([likely, Candidate(unlikely.text, -0.1)], TRUTH) == likely.text
    # nonsense that is true does not win over a sentence that is nearly so
    stutter = Candidate("lipstick lipstick lipstick", -5.0)
    assert best([stutter, Candidate("A satin lipstick in cherry red in a gold tube.", -0.3)], TRUTH) != stutter.text


def test_without_candidates_there_is_nothing_to_choose() -> None:
    with pytest.raises(ValueError, match="no candidate"):
        best([], TRUTH)
    assert best([Candidate("", -1.0)], TRUTH) == ""


SPEECH = "a red green satin matte lipstick mascara in with acme spf 30 black tube"
WORDS = st.lists(st.sampled_from(SPEECH.split(" ")), max_size=12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(WORDS, st.floats(-20, 0, allow_subnormal=False)), min_size=1, max_size=4))
def test_scores_are_shares_and_the_choice_is_the_same_in_any_order(said: list[tuple[list[str], float]]) -> None:
    candidates = [Candidate(" ".join(words), probability) for words, probability in said]
    scores = [score(candidate, TRUTH) for candidate in candidates]
    assert all(0 <= one <= 1 for one in scores)
    chosen = best(candidates, TRUTH)
    assert max(scores) == max(
        one for one, candidate in zip(scores, candidates, strict=True) if candidate.text == chosen
    )
    again = best(candidates[::-1], TRUTH)
    assert max(scores) == max(one for one, candidate in zip(scores, candidates, strict=True) if candidate.text == again)


def test_fluency_is_a_probability() -> None:
    assert fluency(0.0) == fluency(1.0) == 1.0
    assert fluency(-1.0) == pytest.approx(math.exp(-1))
