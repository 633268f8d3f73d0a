"""How pairs of renders are counted that differ in printed words alone."""

from __future__ import annotations

import math

from data.stroop import Said, moved, to_markdown

RED = Said("lipstick", "red", "matte", (40.0, 60.0, 40.0))
NEAR = Said("lipstick", "scarlet", "matte", (40.5, 60.0, 40.0))
FAR = Said("lip gloss", "red", "satin", (50.0, 60.0, 40.0))
HIDDEN = Said("lipstick", None, None)


def test_a_name_may_change_where_the_colour_hardly_does() -> None:
    assert moved(RED, RED) == 0.0 and 0.0 < moved(RED, NEAR) < 1.0 < moved(RED, FAR)
    assert moved(HIDDEN, HIDDEN) == 0.0 and moved(RED, HIDDEN) == moved(HIDDEN, RED) == math.inf


def test_the_table_tells_both() -> None:
    table = to_markdown([(RED, RED), (RED, NEAR), (RED, FAR), (RED, HIDDEN)])
    assert "| product type | 4 | 75.0%" in table and "| shade name | 4 | 50.0%" in table
    assert "| type and shade name | 4 | 25.0%" in table and "| finish | 4 | 50.0%" in table
    assert "| measured shade within 1 CIEDE2000 | 4 | 50.0%" in table
    assert "| measured shade within 2 CIEDE2000 | 4 | 50.0%" in table
