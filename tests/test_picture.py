"""What models look at shows the whole photo in its place, and is scaled down once."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from beauty_vlm.models.picture import SPARE, Picture, square


def gradient(width: int, height: int) -> Image.Image:
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(np.stack([across, down, 255 - across], axis=-1).astype(np.uint8))


@pytest.mark.parametrize("sides", [(64, 64), (200, 150), (513, 257), (1023, 767), (1024, 3), (999, 1), (30, 7)])
@pytest.mark.parametrize("size", [64, 48])
def test_a_square_is_the_photo_resampled_at_once_to_a_shade(sides: tuple[int, int], size: int) -> None:
    image = gradient(*sides)
    canvas, (left, top, right, bottom) = square(image, size)
    assert canvas.size == (size, size)
    expected = image.resize((right - left, bottom - top), Image.Resampling.BICUBIC)
    error = np.asarray(canvas.crop((left, top, right, bottom)), float) - np.asarray(expected, float)
    assert np.abs(error).max() <= 3  # of 255; half a pixel's shift of a square of 48 would be 2.7 everywhere
    assert np.abs(error.mean(axis=(0, 1))).max() <= 0.6  # each step rounds


def test_a_photo_is_scaled_once_for_models_of_one_size(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("resize", "reduce"):
        plain = getattr(Image.Image, name)

        def counted(self: Image.Image, *given: object, _plain=plain, _name=name, **named: object) -> Image.Image:
            done.append(_name)
            return _plain(self, *given, **named)

        monkeypatch.setattr(Image.Image, name, counted)
    picture = Picture(gradient(1024, 768))
    first = square(picture, 224)
    assert square(picture, 224) is first and picture.square(168)[0].size == (168, 168)
    assert [name for name in done if name == "reduce"] == ["reduce"]
    assert len(square(picture, 64)) == 2
    assert done.count("reduce") == 2  # far smaller ones start from a smaller picture


def test_enough_is_left_to_resample() -> None:
    for side in (100, 447, 448, 449, 900, 5000):
        picture = Picture(gradient(side, 20))
        picture.square(112)
        assert min(max(image.size) for image in picture._reduced.values()) >= min(side, SPARE * 112)
