"""Whether a photo shows the colour of a product at all: a closed opaque package does not, and a tool has none."""

from __future__ import annotations

from beauty_vlm.report import ProductType, Score, Shade

TOOL = "brush or tool"  # its bristles and handle are material to look at, but no shade that one wears
CLOSED = "closed"
# A package that is closed with SURE shows no more of its product than a window or a clear tube does; less than FEW of
# the photo is then as likely the package's own paint. Chosen on the held-out renders of seed 11 (F1 of the photos that
# show no shade .65 without the rules, .72 with them), confirmed on those of seed 12 (.66, .79).
SURE = 0.9
FEW = 0.03
HIDDEN = Shade(visible=False, main=None, palette=())


def shows_shade(product_type: ProductType, state: Score | None, material: float) -> bool:
    """Whether what was segmented as material can be believed. `state` is the package's, `material` the part of the
    photo (0..1) that the material covers.
    """
    if product_type.word.label == TOOL:
        return False
    return not (state is not None and state.label == CLOSED and state.score >= SURE and material < FEW)
