"""Hard views of renders: other pictures of the same truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data import hardened
from data.described import Place, chosen, pictures
from data.hardened import LIGHT, ranges, views
from finetune.augmentation import Augmentation
from finetune.dataset import SIDE

SAMPLE = Path(__file__).parent.parent / "data" / "sample"


@pytest.fixture(scope="module")
def places() -> list[Place]:
    return list(chosen([SAMPLE], count=12).values())


def test_light_and_colour_stay_and_all_else_is_strong() -> None:
    strong, staging = ranges()
    assert all(getattr(strong, name) == getattr(Augmentation(), name) for name in LIGHT)
    assert strong.zoom[0] < Augmentation().zoom[0] and strong.jpeg > Augmentation().jpeg
    assert staging.tinted + staging.replaced > 0


def test_a_view_is_another_picture_of_the_same_truth_and_the_same_again(places: list[Place]) -> None:
    renders = {truth.file: (truth, np.asarray(image.resize((SIDE, SIDE)))) for truth, image in pictures(places)}
    found, again, other = (list(views(places, seed)) for seed in (3, 3, 4))
    assert 0 < len(found) <= len(places)
    for truth, view in found:
        same, render = renders[truth.file]
        assert truth == same and view.size == (SIDE, SIDE) and view.mode == "RGB"
        assert np.abs(np.asarray(view, float) - render).mean() > 1
    assert [view.tobytes() for _, view in found] == [view.tobytes() for _, view in again]
    assert [view.tobytes() for _, view in found] != [view.tobytes() for _, view in other]


def test_a_view_without_the_material_of_its_render_is_left_out(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {truth.file for truth, _ in pictures(places) if truth.shade_visible}
    strong, staging = ranges()
    away = Augmentation(zoom=(9.0, 9.1), shift=0.0, degrees=0.0)  # into the middle
    monkeypatch.setattr(hardened, "ranges", lambda: (away, staging))
    kept = {truth.file for truth, _ in views(places, 0)}
    hidden = {truth.file for truth, _ in pictures(places)} - shown
    assert hidden <= kept and len(kept) < len(places)
    assert strong != away


def test_no_places_have_no_views() -> None:
    assert list(views([], 0)) == []
