"""Small pieces of HTML that the panels are built of. Pure functions: data in, markup out; texts are escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from beauty_vlm.report import Score, percent


def message(sentence: str) -> str:
    """One plain sentence for the reader, announced by screen readers."""
    return f'<div class="bv-message" role="alert">{escape(sentence)}</div>'


def of_photo(name: str, address_end: str) -> str:
    """That what follows is of the photo `name`: shown while another is chosen, see `photo.point_out_earlier`."""
    sentence = f"This is of {name}, not of the photo that is chosen now."
    return f'<p class="bv-earlier" data-photo="{escape(address_end)}">{escape(sentence)}</p>'


def card(title: str, body: str) -> str:
    """A titled box around `body`, which is markup already."""
    return f'<section class="bv-card"><h3>{escape(title)}</h3>{body}</section>'


def answer(text: str, score: float | None = None) -> str:
    """The one word that a panel is about, with its probability."""
    share = "" if score is None else f" <small>{escape(percent(score))}</small>"
    return f'<p class="bv-answer">{escape(text)}{share}</p>'


def note(sentence: str) -> str:
    """One sentence in the place of an answer."""
    return f'<p class="bv-note">{escape(sentence)}</p>'


def bar(score: float) -> str:
    """A probability as a bar."""
    return f'<span class="bv-bar"><span style="width:{100 * min(max(score, 0.0), 1.0):.1f}%"></span></span>'


def bars(scores: Iterable[Score]) -> str:
    """A labelled bar for each score."""
    rows = "".join(
        f'<li><span class="bv-bar-label">{escape(score.label)}</span>'
        f'<span class="bv-bar-score">{escape(percent(score.score))}</span>{bar(score.score)}</li>'
        for score in scores
    )
    return f'<ul class="bv-bars">{rows}</ul>'


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Two columns of text."""
    cells = "".join(f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in rows)
    return f'<table class="bv-table">{cells}</table>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values, a line each."""
    rows = "".join(f"<div><dt>{escape(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in pairs)
    return f'<dl class="bv-facts">{rows}</dl>'


def chip(colour: str) -> str:
    """A small round swatch of a hex colour."""
    return f'<span class="bv-chip" style="background:{css_colour(colour)}"></span>'


def copied(text: str) -> str:
    """A text that a click copies, by page.js."""
    safe = escape(text)
    return f'<button type="button" class="bv-copy" data-copy="{safe}" title="Copy">{safe}</button>'


def swatch(colour: str) -> str:
    """A large swatch of a hex colour."""
    return f'<div class="bv-colour" style="background:{css_colour(colour)}"></div>'


def pair(swatches: Iterable[tuple[str, str]]) -> str:
    """Swatches that touch each other, so that the eye compares them: (what it is, hex colour) each."""
    halves = "".join(
        f'<div class="bv-half">{swatch(one)}<p class="bv-quiet">{escape(name)}</p></div>' for name, one in swatches
    )
    return f'<div class="bv-pair">{halves}</div>'


def css_colour(value: str) -> str:
    """`value` when it is a plain hex colour, else transparent: nothing else may enter a style attribute."""
    return value if re.fullmatch(r"#[0-9a-fA-F]{6}", value) else "transparent"
