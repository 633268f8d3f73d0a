"""Cushion compacts: a sponge soaked with foundation under a mirror lid, with a puff."""

from __future__ import annotations

import numpy as np

from data.draw import Draw
from data.material import cosmetic, metal, package, plastic
from data.mesh import lathe
from data.product import Part, Product, View, moved, placed, turned
from data.products.cases import Case, puff, with_lid
from data.products.embossing import SIDE, pressed
from data.products.vessels import carton
from data.products.wands import beside


def mesh_pattern(draw: Draw) -> np.ndarray:
    """The net or sponge over the fluid: honeycomb dots, a woven net or fine pores, (SIDE, SIDE) in [0, 1]."""
    y, x = 2 * np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1) - 1
    kind = draw.weighted({"dots": 2.5, "net": 1.5, "pores": 2})
    if kind == "pores":
        return 1 - 0.8 * (draw.rng.random((SIDE, SIDE)) < draw.uniform(0.04, 0.14))
    k = draw.uniform(20, 38)
    if kind == "net":
        return np.maximum(np.abs(np.sin(k * x)), np.abs(np.sin(k * y))) ** 2
    lattice = np.cos(k * x) + np.cos(k * (0.5 * x + 0.866 * y)) + np.cos(k * (0.5 * x - 0.866 * y))
    return np.asarray(1 - 0.9 * (lattice > draw.uniform(0.6, 1.6)))


def cushion(draw: Draw, colour: np.ndarray, finish: str) -> Product:
    """A round cushion compact, open with its mirror and puff, or closed."""
    body = draw.weighted({"white": 3, "black": 2, "any": 3})
    tones = {"white": np.full(3, draw.uniform(0.92, 0.97)), "black": np.full(3, draw.uniform(0.02, 0.06))}
    outside = plastic(draw, tones[body], body) if body in tones else package(draw)
    inner = plastic(draw, np.full(3, draw.uniform(0.9, 0.97)), "white") if draw.chance(0.7) else outside
    high, pan = draw.uniform(0.3, 0.46), draw.uniform(0.62, 0.76)
    shell = Case("round", 1.0, 1.0, high, pan, outside, "round", 1.0, "solid", inner)
    layout = draw.weighted({"open, lid up": 4.5, "open flat": 1.5, "closed": 2, "half open": 0.7})
    view: View = draw.choice("flat", "flat", "overhead")
    if layout == "closed":
        parts = with_lid(draw, shell, [], layout)
        if draw.chance(0.3):  # standing on its edge, its face to the camera
            upright = placed(turned(parts, "x", draw.uniform(78, 90)))
            return Product(
                "foundation", upright, form="cushion compact", package=outside, layout=layout, tiltable=False
            )
        return Product("foundation", placed(parts), (), None, "cushion compact", outside, layout, view, tiltable=False)
    shine = "satin" if finish == "matte" else finish
    net = mesh_pattern(draw)
    soaked = cosmetic(draw, colour, shine, 0.9 * (1 - net))
    sponge = pressed(pan * 0.97, pan * 0.97, "round", high - 0.03, net, strength=0.012, dome=draw.uniform(0.01, 0.06))
    ring = [(pan + 0.13, high), (pan + 0.12, high + 0.04), (pan + 0.02, high + 0.04), (pan, high)]
    parts = [
        *shell.tray(),
        Part(lathe(ring), metal(draw) if draw.chance(0.25) else inner),
        Part(sponge, soaked),
    ]
    parts = with_lid(draw, shell, parts, layout)
    company = draw.weighted({"puff": 4, "puff on the edge": 1.5, "none": 2, "box": 1.6})
    pad = puff(draw, draw.uniform(0.55, 0.68))
    if company == "puff on the edge":
        parts += moved(pad, draw.uniform(-0.4, 0.4), high + 0.04, draw.uniform(0.55, 0.8))
    elif company == "puff":
        parts += beside(draw, parts, pad)
    elif company == "box":
        side = draw.uniform(2.0, 2.3)
        parts += beside(draw, parts, [carton(draw, outside, side, side, draw.uniform(0.7, 1.1))])
    words = {"none": layout, "box": "with its box"}.get(company, "open with a puff")
    return Product(
        "foundation", placed(parts), (colour,), shine, "cushion compact", outside, words, view, tiltable=False
    )
