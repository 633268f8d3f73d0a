"""How a product is staged: what a hand, a group or a smear beside it change in the truth. Nothing is rendered here."""

from __future__ import annotations

import numpy as np
import pytest

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL
from beauty_vlm.vocabulary import product_types
from data import scene
from data.arrangement import can_group, group
from data.draw import Draw
from data.holding import holdable
from data.product import Product
from data.products import catalogue, worn_makers
from data.products.assortment import assortment
from data.products.setmembers import kindred
from data.products.swatches import beside
from data.scene import Scene, compose
from finetune.packaging import packaging_truth

SEEDS = range(60)


def made(label: str, wanted: object = None) -> list[tuple[int, Product]]:
    """Products of one type by seed; `wanted` is a test that they pass."""
    makers = catalogue()[label][1]
    drawn = [(seed, Draw(seed)) for seed in SEEDS]
    found = [(seed, draw.weighted(makers)(draw)) for seed, draw in drawn]
    return [(seed, product) for seed, product in found if wanted is None or (callable(wanted) and wanted(product))]


def only(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """One way of showing a product, always."""
    for way in ("GROUPED", "HELD", "SMEARED"):
        monkeypatch.setattr(scene, way, 1.0 if way == name else 0.0)


def test_a_hand_adds_nothing_but_background(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "HELD")
    products = made("serum", holdable)[:5]
    assert products
    for seed, product in products:
        held: Scene = compose(Draw(seed), product)
        assert held.product.layout.endswith("held in a hand") and held.ground is None
        names = {part.material.name for part in held.parts}
        assert "skin" in names
        assert all(p.material.region == BACKGROUND for p in held.product.parts[len(product.parts) :])
        assert held.product.shades == product.shades


def test_a_group_counts_its_members_and_keeps_the_main_shade() -> None:
    products = made("lip gloss", can_group)[:5]
    assert products
    for seed, product in products:
        several = group(Draw(seed), product)
        assert 2 <= several.count <= 9 and several.product_type == product.product_type
        assert len(several.shades) <= several.count
        if product.shades:
            assert np.array_equal(several.shades[0], product.shades[0])
        low = min(part.mesh.low[1] for part in several.parts)
        assert low == pytest.approx(0, abs=1e-6)


def has_scenery(product: Product) -> bool:
    """Whether it stands in a hand, on cords or the like, where there is no room for a smear."""
    return any(part.material.region == BACKGROUND for part in product.parts)


def test_a_smear_shows_the_shade_of_a_closed_product() -> None:
    closed = made("lipstick", lambda p: p.layout == "closed" and not p.shades and not has_scenery(p))[:3]
    assert closed
    for seed, product in closed:
        shown = beside(Draw(seed), product)
        assert any(part.material.region == MATERIAL for part in shown.parts)
        assert len(shown.shades) == 1 and shown.finish and "swatch" in shown.layout
        texture = next(p.material for p in shown.parts if p.material.region == MATERIAL)
        assert np.abs(texture.colour - shown.shades[0]).max() < 0.25


def test_tools_and_sets_get_no_smear() -> None:
    for label in ("brush or tool", "makeup set", "other"):
        for seed, product in made(label)[:6]:
            assert beside(Draw(seed), product) is product


def test_worn_makeup_is_of_a_type_of_the_vocabulary() -> None:
    labels = {term.label for term in product_types()}
    for maker in worn_makers():
        for seed in range(6):
            product = maker(Draw(seed))
            assert product.product_type in labels
            assert any(p.material.region == MATERIAL for p in product.parts), (maker, seed)
            assert any(p.material.name == "skin" for p in product.parts)


def test_sets_name_what_they_hold() -> None:
    labels = {term.label for term in product_types()} - {"makeup set", "other"}
    for _, product in made("makeup set")[:10]:
        assert set(product.contains) <= labels and len(set(product.contains)) == len(product.contains) > 1


def test_different_ones_are_of_one_type_and_no_set() -> None:
    labels = {term.label for term in product_types()} - {"makeup set", "other"}
    made_ = [assortment(Draw(seed)) for seed in range(25)]
    assert len({product.product_type for product in made_}) > 5
    for product in made_:
        assert product.product_type in labels and not product.contains and product.count > 1
        truth = packaging_truth(product.product_type, "plastic", "black", product.layout, bool(product.shades))
        assert truth.state == ""  # some are open, some closed


def test_different_ones_are_drawn_one_by_one() -> None:
    members = kindred(Draw(3), "lipstick", 4, standing=True, alike=True)
    assert len(members) > 1 and len({m.form for m in members}) == 1
    assert len({sum(len(p.mesh.faces) for p in m.parts) for m in members}) > 1


def test_other_things_hold_no_material() -> None:
    for seed, product in made("other"):
        assert not product.shades and product.finish is None, seed
        assert all(part.material.region == BACKGROUND for part in product.parts), (seed, product.form)


@pytest.mark.parametrize("label", [term.label for term in product_types()])
def test_cameras_see_the_product(label: str) -> None:
    for seed, product in made(label)[:6]:
        staged = compose(Draw(seed), product)
        camera = staged.camera
        assert np.isfinite(camera.origin).all() and 5 < camera.fov < 70
        assert staged.exposure > 0 and np.isfinite(staged.exposure)
        points = np.concatenate([p.mesh.vertices for p in staged.parts])
        assert np.linalg.norm(camera.origin - camera.target) < 200 and np.isfinite(points).all()
