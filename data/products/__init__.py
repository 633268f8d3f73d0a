"""Parametric products, one module a family; each maker draws one product with its truth."""

from __future__ import annotations

from functools import lru_cache

from data.product import Maker


@lru_cache(maxsize=1)
def catalogue() -> dict[str, tuple[float, tuple[Maker, ...]]]:
    """Product type -> (how often it is drawn, its makers). Types with many forms are drawn more often."""
    from data.products import compacts, complexion, eyes, lips, nails, others, perfume, sets, skincare, tools

    return {
        "lipstick": (1.6, (lips.lipstick,)),
        "lip gloss": (1.4, (lips.lip_gloss,)),
        "lip liner": (1.0, (lips.lip_liner,)),
        "foundation": (1.4, (complexion.foundation,)),
        "concealer": (1.2, (complexion.concealer,)),
        "powder": (1.0, (compacts.powder,)),
        "blush": (1.3, (compacts.blush,)),
        "bronzer or highlighter": (1.3, (compacts.bronzer,)),
        "eyeshadow": (1.1, (compacts.eyeshadow,)),
        "eyeshadow palette": (1.2, (compacts.palette,)),
        "mascara": (1.2, (eyes.mascara,)),
        "eyeliner": (1.2, (eyes.eyeliner,)),
        "brow product": (1.0, (eyes.brow,)),
        "nail polish": (1.2, (nails.nail_polish,)),
        "perfume": (1.0, (perfume.perfume,)),
        "skincare cream": (1.2, (skincare.cream,)),
        "serum": (1.0, (skincare.serum,)),
        "cleanser": (0.9, (skincare.cleanser,)),
        "sunscreen": (0.9, (skincare.sunscreen,)),
        "brush or tool": (1.1, (tools.brush_or_tool,)),
        "makeup set": (1.0, (sets.makeup_set,)),
        "other": (1.8, (others.other,)),
    }
