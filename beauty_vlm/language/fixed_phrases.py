"""Fixed phrases of captions, as patterns of whole tokens: how things stand, how many, and what no photo tells."""

from __future__ import annotations

import re

from beauty_vlm.language.reading import phrase

PART = r"(?:cap|lid|top|stopper|wand|dropper|tip|brush|applicator|pump|bullet)s?"
AWAY = (
    "off|out|up|open|opened|removed|missing|pulled out|showing|leaning(?: behind)?|lying in front|close up"
    r"|(?:standing |lying )?beside(?! (?:a|an|the|its)\b)(?: it)?"
)
POWDER = "(?: of (?:crushed|broken) powder)?"
GATHERED = (
    "in (?:a row|rows|a line|a group|a pile|an arc)|side by side|fanned out|grouped|lined up"
    "|(?:several )?together|stacked"
)
CURRENCY = "dollars?|euros?|pounds?|usd|eur|gbp|[$£€¥]"

# Kind, term (none: the words themselves) and pattern; of those that begin at a token the longest match counts.
PHRASES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (kind, term, phrase(pattern))
    for kind, term, pattern in (
        ("brand", "", r'" [^"]{1,60} "'),  # printed words: nothing here reads them
        ("ingredient", "", r"[a-z]{3,} (?:seed |leaf |root |fruit )?(?:extracts?|acid|peptides)"),
        ("spf", "", r"spf ?\d+(?: \+)?|spf|sun protection factor(?: \d+)?"),
        ("price", "", rf"[$£€¥] ?\d[\d.,]*|\d[\d.,]* ?(?:{CURRENCY})|half price|on sale"),
        (
            "wear",
            "",
            r"(?:(?:that )?(?:lasts?|stays on|wears?) )?(?:for )?(?:up to )?\d+ ?(?:h|hr|hrs|hours?|days?)"
            r"(?: of)?(?: long)?(?: wear| hold| stay)?"
            r"|(?:lasts?|stays on) all (?:day|night)|all day(?: wear| long)?|long (?:lasting|wearing|wear)|longwear",
        ),
        ("state", "swatch", rf"(?:shown )?as (?:a|an|two) (?:poured )?(?:row of )?swatch(?:es)?{POWDER}"),
        (
            "state",
            "swatch",
            r"swatch(?:ed|es)? on (?:(?:an?|the|her) )?(?:arms?|hands?|wrist|skin)(?: of different skin tones)?",
        ),
        (
            "state",
            "swatch",
            rf"(?:row of )?swatch(?:es|ed)?{POWDER}|smears?(?: beside it)?|smudges?|(?:crushed|broken) powder"
            r"|drawn (?:lines?|strokes?)|drawing a line|poured disc",
        ),
        ("state", "worn", r"(?:worn|applied) (?:on|to) (?:(?:an?|the|her) )?\w+"),
        ("state", "held", r"held in (?:(?:a|the|her) )?hands?|in (?:a|the|her) hand"),
        ("state", "bare", r"(?:as a pan )?without (?:an? |its |the )?(?:package|packaging|case|compact)|bare"),
        (
            "state",
            "boxed",
            r"(?:with|beside|before|in|next to) (?:an? |its |the )(?:gift )?(?:box|carton|tray|cup|roll|bag)"
            r"|(?:box|carton) beside(?: it)?",
        ),
        (
            "state",
            "closed",
            rf"(?:with )?(?:(?:its|the|a) )?{PART} (?:(?:is|are) )?(?:on(?! (?:a|an|the|top)\b)|closed|shut)"
            r"|(?:fully |still |tightly )?closed|unopened|never opened|shut|sealed",
        ),
        (
            "state",
            "open",
            rf"(?:with )?(?:(?:its|the|a|one) )?{PART} (?:(?:is|are) )?(?:half )?(?:{AWAY})"
            rf"|(?:without|missing) (?:its |the |an? )?{PART}|(?:with )?no {PART}|uncapped"
            r"|(?:half |wide )?open(?:ed)?(?: flat| wide)?(?! to\b)"
            r"|twisted up|wound up|showing (?:its|the|a) bullet",
        ),
        ("count", "1", r"by itself|on its own|alone"),
        ("count", "2", r"a (?:pair|couple|duo) of"),
        ("count", "3", r"a trio of"),
        (
            "count",
            "several",
            r"(?:an? )?(?:rows?|fan|wheel|groups?|variety|collections?|assortment|range|lot|few|number|bunch) of|a few",
        ),
        ("count", "several", rf"(?:all )?(?:{GATHERED})"),
    )
)
