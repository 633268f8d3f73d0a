"""The overlay leaves the material as it is, outlines it, and sets the rest back."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from beauty_vlm.measurement.regions import MATERIAL, PACKAGING
from beauty_vlm.overlay import DARK_LINE, LIGHT_LINE, draw


@pytest.mark.parametrize("ground", [(255, 255, 255), (0, 0, 0), (200, 30, 60)])
def test_the_material_is_kept_and_outlined_in_light_and_dark(ground: tuple[int, int, int]) -> None:
    pixels = np.full((120, 160, 3), ground, dtype=np.uint8)
    regions = np.full((120, 160), PACKAGING, dtype=np.uint8)
    regions[40:80, 50:100] = MATERIAL
    drawn = np.asarray(draw(Image.fromarray(pixels), regions))
    assert drawn.shape == pixels.shape
    assert (drawn[40:80, 50:100] == ground).all()
    assert (drawn[39, 60] == LIGHT_LINE).all() and (drawn[38, 60] == DARK_LINE).all()
    assert np.ptp(drawn[0, 0]) <= np.ptp(ground) * 0.5, "greyer"
    assert drawn[0, 0].max() <= max(ground) * 0.6, "darker"


def test_without_material_the_photo_stays() -> None:
    image = Image.new("RGB", (8, 6), (10, 200, 30))
    drawn = draw(image, np.zeros((6, 8), dtype=np.uint8))
    assert drawn is not image and drawn.tobytes() == image.tobytes()


def test_material_up_to_the_edges() -> None:
    image = Image.new("RGB", (8, 6), (10, 200, 30))
    assert draw(image, np.full((6, 8), MATERIAL, dtype=np.uint8)).tobytes() == image.tobytes()


def test_other_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit an image of 6 x 8"):
        draw(Image.new("RGB", (8, 6)), np.zeros((8, 6), dtype=np.uint8))
