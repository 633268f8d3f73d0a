"""Shops' compacts, boxes of palettes, forms of foundation, open bullets: sound parts whose truth agrees with them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from beauty_vlm.measurement.regions import MATERIAL
from data.draw import Draw
from data.product import Product
from data.products import foundation_bases, foundation_forms, lip_bullets, palette_boxes, shop_compacts

CORAL = np.array([0.85, 0.5, 0.42])
COMPACTS = (shop_compacts.dished, shop_compacts.windowed, shop_compacts.flip_case)
SEEDS = 8


def _compact(form: Callable[..., Product]) -> Callable[[Draw], Product]:
    return lambda draw: form(draw, "blush", CORAL, "matte")


MAKERS: dict[str, Callable[[Draw], Product]] = {
    **{form.__name__: _compact(form) for form in (*COMPACTS, shop_compacts.closed_disc, shop_compacts.two_streaks)},
    "palette box": palette_boxes.palette_box,
    "soft tube": foundation_forms.soft_tube,
    "skin tint": foundation_forms.skin_tint,
    "capped bottle": foundation_forms.capped_bottle,
    "thick bottle": foundation_bases.thick_bottle,
    "faceted bottle": foundation_bases.faceted_bottle,
    "wide stick": foundation_bases.wide_stick,
    "close cushion": foundation_bases.close_cushion,
    "open bullet": lip_bullets.open_bullet,
}


@pytest.fixture(scope="module", params=list(MAKERS))
def made(request: pytest.FixtureRequest) -> list[Product]:
    return [MAKERS[request.param](Draw(seed)) for seed in range(SEEDS)]


def test_meshes_are_sound_and_stand_on_the_table(made: list[Product]) -> None:
    for product in made:
        assert min(p.mesh.low[1] for p in product.parts) == pytest.approx(0, abs=1e-6)
        for part in product.parts:
            mesh = part.mesh
            assert len(mesh.faces) and mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices)
            assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all()


def test_shades_are_given_exactly_where_material_is_seen(made: list[Product]) -> None:
    for product in made:
        shown = any(p.material.region == MATERIAL for p in product.parts)
        assert shown == bool(product.shades) == (product.finish is not None), product.layout


def test_same_seed_same_product(made: list[Product], request: pytest.FixtureRequest) -> None:
    maker = MAKERS[request.node.callspec.params["made"]]
    again = maker(Draw(0))
    for a, b in zip(again.parts, made[0].parts, strict=True):
        assert np.array_equal(a.mesh.vertices, b.mesh.vertices)
        assert np.array_equal(a.material.texture, b.material.texture)


@pytest.mark.parametrize("form", COMPACTS)
def test_material_lies_within_the_case(form: Callable[..., Product]) -> None:
    for seed in range(SEEDS):
        product = form(Draw(seed), "blush", CORAL, "matte")
        low = np.min([p.mesh.low for p in product.parts], 0)
        high = np.max([p.mesh.high for p in product.parts], 0)
        for part in product.parts:
            if part.material.region == MATERIAL:
                assert (part.mesh.low >= low - 1e-9).all() and (part.mesh.high <= high + 1e-9).all()
                assert np.abs(part.material.colour - CORAL).max() < 0.2 or len(product.shades) > 1


def test_open_bullets_and_sticks_show_the_shade_that_they_name() -> None:
    for maker, label in ((lip_bullets.open_bullet, "lipstick"), (foundation_bases.wide_stick, "foundation")):
        for seed in range(SEEDS):
            product = maker(Draw(seed))
            assert product.product_type == label and product.shades
            shown = [p.material.colour for p in product.parts if p.material.region == MATERIAL]
            assert min(float(np.abs(colour - product.shades[0]).max()) for colour in shown) < 0.2, seed


def test_closed_discs_are_flat() -> None:
    for seed in range(SEEDS):
        product = shop_compacts.closed_disc(Draw(seed), "powder", CORAL, "matte")
        case = max(product.parts, key=lambda p: float(np.ptp(p.mesh.vertices[:, 0])))
        high = max(p.mesh.high[1] for p in product.parts if abs(p.mesh.low[0] + p.mesh.high[0]) < 0.3)
        assert 2.8 < np.ptp(case.mesh.vertices[:, 0]) / min(high, 0.62) < 6.5 and product.layout == "closed"


def test_soft_tubes_come_alone_and_several() -> None:
    counts = [foundation_forms.soft_tube(Draw(seed)).count for seed in range(20)]
    assert min(counts) == 1 and 2 <= max(counts) <= 9
