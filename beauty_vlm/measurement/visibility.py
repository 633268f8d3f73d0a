"""Whether a photo shows the colour of a product at all: a closed opaque package does not, a tool has none, and neither
has what is no beauty product.
"""

from __future__ import annotations

from beauty_vlm.report import ProductType, Score, Shade
from beauty_vlm.vocabulary import OTHER

TOOL = "brush or tool"  # its bristles and handle are material to look at, but no shade that one wears
LIKELIER = 0.5  # that it is no beauty product than that it is one
CLOSED = "closed"
# A package that is closed with SURE shows no more of its product than a window or a clear tube does; less than FEW of
# the photo is then as likely the package's own paint. Chosen on the held-out renders of seed 11, where the F1 of "no
# shade to be seen" among beauty products rose from .69 to .73, and confirmed on those of seed 12 (.57, .74).
SURE = 0.9
FEW = 0.03
HIDDEN = Shade(visible=False, main=None, palette=())


def shows_shade(product_type: ProductType, state: Score | None, material: float) -> bool:
    """Whether what was segmented as material can be believed. `state` is the package's, `material` the part of the
    photo (0..1) that the material covers.
    """
    if product_type.word.label == TOOL or (product_type.label == OTHER and product_type.score >= LIKELIER):
        return False
    return not (state is not None and state.label == CLOSED and state.score >= SURE and material < FEW)
