"""Parametric products, one module a family; each maker draws one product with its truth."""

from __future__ import annotations

from functools import lru_cache

from data.product import Maker


@lru_cache(maxsize=1)
def catalogue() -> dict[str, tuple[float, dict[Maker, float]]]:
    """Product type -> (how often it is drawn, its makers by weight). Types with many forms are drawn more often, and
    those that photos show the tagger to miss.
    """
    from data.products import compacts, complexion, eyes, lips, nails, others, perfume, sets, skincare, tools, worn

    return {
        "lipstick": (2.6, {lips.lipstick: 1}),
        "lip gloss": (1.8, {lips.lip_gloss: 1}),
        "lip liner": (1.0, {lips.lip_liner: 1}),
        "foundation": (1.7, {complexion.foundation: 1}),
        "concealer": (1.2, {complexion.concealer: 1}),
        "powder": (1.0, {compacts.powder: 1}),
        "blush": (2.2, {compacts.blush: 1}),
        "bronzer or highlighter": (1.5, {compacts.bronzer: 1}),
        "eyeshadow": (1.1, {compacts.eyeshadow: 1}),
        "eyeshadow palette": (1.2, {compacts.palette: 1}),
        "mascara": (1.6, {eyes.mascara: 1}),
        "eyeliner": (1.4, {eyes.eyeliner: 1}),
        "brow product": (1.0, {eyes.brow: 1}),
        "nail polish": (1.6, {nails.nail_polish: 1, worn.painted_nails: 0.6}),
        "perfume": (0.8, {perfume.perfume: 1}),
        "skincare cream": (1.6, {skincare.cream: 1}),
        "serum": (1.1, {skincare.serum: 1}),
        "cleanser": (1.0, {skincare.cleanser: 1}),
        "sunscreen": (0.9, {skincare.sunscreen: 1}),
        "brush or tool": (0.9, {tools.brush_or_tool: 1}),
        "makeup set": (0.9, {sets.makeup_set: 1}),
        "other": (2.6, {others.other: 1}),
    }


@lru_cache(maxsize=1)
def worn_makers() -> dict[Maker, float]:
    """Make-up on people, how often each is drawn beside the weights of `catalogue`; these choose their type."""
    from data.products import worn

    return {worn.lips_worn: 0.35, worn.eye_worn: 0.45, worn.arm_swatches: 0.5, worn.face_worn: 0.45}


@lru_cache(maxsize=1)
def free_makers() -> dict[Maker, float]:
    """All makers that choose their type: those of `worn_makers`, and of different products of one type, which are some
    five of a hundred renders (15 in seed 15, to teach them at all).
    """
    from data.products import assortment

    return {**worn_makers(), assortment.assortment: 2.0}
