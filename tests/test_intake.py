"""Intake: every kind of file becomes the right pixels or one IntakeError, and nothing else ever comes out."""

from __future__ import annotations

import io
import os
import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile

from beauty_vlm import formats
from beauty_vlm.intake import IntakeError, Limits, load_image

RED = (200, 30, 40)
LOSSY = 12  # how far a flat patch's colour may move through a lossy codec


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def halves(size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Red on the left, black on the right: shows any turn of the picture."""
    image = Image.new("RGB", size, "black")
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    return image


def noise(side: int = 96) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 255, (side, side, 3), dtype=np.uint8))


def refusal(source: Any, **options: Any) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        load_image(source, **options)
    return caught.value


def close(pixel: Any, colour: tuple[int, int, int], within: int = 1) -> bool:
    return all(abs(a - b) <= within for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "BMP", "TIFF", "GIF", "MPO"])
def test_every_allowed_format(kind: str) -> None:
    if kind == "HEIF":
        pytest.importorskip("pillow_heif")
        formats.readable()  # registers the plugin, here for writing
    image = load_image(encode(halves(), kind))
    assert image.mode == "RGB" and image.size == (64, 32)
    assert close(image.getpixel((10, 16)), RED, LOSSY)
    assert close(image.getpixel((54, 16)), (0, 0, 0), LOSSY)


def test_every_kind_of_source(tmp_path: Path) -> None:
    data = encode(halves(), "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    images = [load_image(source) for source in (path, str(path), data, io.BytesIO(data), halves())]
    assert all(image.tobytes() == halves().tobytes() for image in images)


def test_pil_image_is_left_unchanged() -> None:
    image = Image.new("RGBA", (20, 20), (*RED, 0))
    image.info["comment"] = "keep"
    assert load_image(image).getpixel((5, 5)) == (255, 255, 255)
    assert image.mode == "RGBA" and image.info == {"comment": "keep"} and image.getpixel((5, 5)) == (*RED, 0)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (64, 32), (5, 5)),
        (2, (64, 32), (60, 5)),
        (3, (64, 32), (60, 5)),
        (6, (32, 64), (5, 5)),
        (8, (32, 64), (5, 60)),
    ],
)
def test_exif_orientation(orientation: int, size: tuple[int, int], red_at: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = load_image(encode(halves(), "PNG", exif=exif))
    assert image.size == size
    assert image.getpixel(red_at) == RED


def test_damaged_exif_does_not_lose_the_photo() -> None:
    data = encode(halves(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + b"\x99" * 40)
    assert close(load_image(data).getpixel((5, 5)), RED, LOSSY)


def test_no_metadata_survives() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encode(
        halves(), "JPEG", exif=exif, comment=b"secret", xmp=b"<x:xmpmeta/>", icc_profile=profile, dpi=(72, 72)
    )
    image = load_image(data)
    assert image.info == {} and not image.getexif()
    again = encode(image, "PNG")
    assert b"where I live" not in again and b"secret" not in again


def swapped_profile() -> bytes:
    """An RGB profile whose red and green primaries are exchanged: sRGB with the tags' names swapped."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize(("mode", "alpha"), [("RGB", ()), ("RGBA", (255,))])
def test_embedded_profile_is_applied(mode: str, alpha: tuple[int, ...]) -> None:
    image = Image.new(mode, (20, 20), (200, 40, 40, *alpha))
    pixel = load_image(encode(image, "PNG", icc_profile=swapped_profile())).getpixel((5, 5))
    assert close(pixel, (40, 200, 40), 3)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("profile", [b"not a profile", swapped_profile()[:200], swapped_profile()])
def test_broken_or_mismatched_profile_means_srgb(mode: str, profile: bytes) -> None:
    if mode == "RGB" and profile == swapped_profile():
        pytest.skip("this one matches")
    plain = Image.new("RGB", (20, 20), (90, 90, 90)).convert(mode)
    expected = load_image(encode(plain, "TIFF"))
    assert load_image(encode(plain, "TIFF", icc_profile=profile)).tobytes() == expected.tobytes()


def test_alpha_is_put_on_white() -> None:
    half = load_image(encode(Image.new("RGBA", (20, 20), (200, 0, 0, 128)), "PNG"))
    assert close(half.getpixel((5, 5)), (227, 127, 127))
    grey = load_image(encode(Image.new("LA", (20, 20), (100, 0)), "PNG"))
    assert grey.getpixel((5, 5)) == (255, 255, 255)
    for mode, value in (("PA", (100, 0)), ("La", (0, 0)), ("RGBa", (0, 0, 0, 0))):
        assert load_image(Image.new(mode, (20, 20), value)).getpixel((5, 5)) == (255, 255, 255), mode


def test_palette_and_key_transparency() -> None:
    palette = Image.new("P", (20, 20), 0)
    palette.putpalette([*RED, 0, 0, 255])
    palette.paste(1, (10, 0, 20, 20))
    for kind in ("PNG", "GIF"):
        image = load_image(encode(palette, kind, transparency=1))
        assert image.getpixel((2, 2)) == RED and image.getpixel((15, 2)) == (255, 255, 255), kind
    keyed = load_image(encode(halves(), "PNG", transparency=RED))
    assert keyed.getpixel((5, 5)) == (255, 255, 255) and keyed.getpixel((60, 5)) == (0, 0, 0)


def test_cmyk() -> None:
    # Pillow writes the Adobe marker and inverted inks; a reader that misses it would turn the red patch cyan.
    data = encode(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG", quality=95)
    assert b"Adobe" in data
    assert close(load_image(data).getpixel((9, 9)), (255, 0, 0), LOSSY)
    assert load_image(encode(Image.new("CMYK", (32, 32), (0, 0, 0, 255)), "TIFF")).getpixel((9, 9)) == (
        0,
        0,
        0,
    )


def test_sixteen_bit_is_scaled_and_not_clipped() -> None:
    values = np.full((20, 20), 0x8080, dtype=np.uint16)
    for kind in ("PNG", "TIFF"):
        assert load_image(encode(Image.fromarray(values), kind)).getpixel((5, 5)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.full((20, 20), 0.5, np.float32), 128),
        (np.full((20, 20), 51.0, np.float32), 51),
        (np.full((20, 20), 51, np.int32), 51),
        (np.full((20, 20), 0x3333, np.int32), 51),
        (np.full((20, 20), 2**30, np.int32), 255),
        (np.full((20, 20), -5, np.int32), 0),
        (np.full((20, 20), np.nan, np.float32), 0),
    ],
)
def test_wide_grey(values: np.ndarray, expected: int) -> None:
    pixel = load_image(encode(Image.fromarray(values), "TIFF")).getpixel((5, 5))
    assert pixel == (expected,) * 3


def test_grey_one_bit_and_lab() -> None:
    assert load_image(encode(Image.new("L", (20, 20), 77), "PNG")).getpixel((5, 5)) == (77, 77, 77)
    assert load_image(encode(Image.new("1", (20, 20), 1), "PNG")).getpixel((5, 5)) == (255, 255, 255)
    lab = load_image(Image.new("LAB", (20, 20), (255, 128, 128)))
    assert close(lab.getpixel((5, 5)), (255, 255, 255), 2)
    assert load_image(Image.new("HSV", (20, 20), (0, 255, 255))).getpixel((5, 5)) == (255, 0, 0)


def test_first_frame_and_frame_limit() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "lime", "blue", "black")]
    for kind in ("GIF", "PNG", "WEBP", "TIFF"):
        data = encode(
            frames[0],
            kind,
            save_all=True,
            append_images=frames[1:],
            **({"lossless": True} if kind == "WEBP" else {}),
        )
        assert load_image(data, limits=Limits(max_frames=4)).getpixel((5, 5)) == (255, 0, 0), kind
        assert refusal(data, limits=Limits(max_frames=3)).status == "too_many_frames", kind


def test_size_limits() -> None:
    data = encode(noise(), "PNG")
    for source in (data, io.BytesIO(data)):
        assert refusal(source, limits=Limits(max_bytes=len(data) - 1)).status == "too_large"
    assert load_image(data, limits=Limits(max_bytes=len(data), max_pixels=96 * 96))
    assert refusal(data, limits=Limits(max_pixels=96 * 96 - 1)).status == "too_many_pixels"
    assert refusal(noise(), limits=Limits(max_pixels=100)).status == "too_many_pixels"
    assert refusal(encode(Image.new("L", (15, 400)), "PNG")).status == "too_small"
    assert refusal(Image.new("RGB", (0, 0))).status == "too_small"


def test_what_is_no_source_is_named() -> None:
    assert str(refusal(np.zeros((4, 4, 3)))) == (
        "The photo is of the type ndarray: give a path, bytes, a binary file or a PIL image."
    )
    assert str(refusal(io.StringIO("text"))) == "The photo was opened as text: open it in binary mode."  # type: ignore[arg-type]


def test_a_link_to_nothing_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "link.jpg").symlink_to(tmp_path / "gone.jpg")
    assert str(refusal(tmp_path / "link.jpg")) == "link.jpg is a link to nothing."
    assert str(refusal(tmp_path / "gone.jpg")) == "gone.jpg does not exist."


def test_an_endless_upload_is_not_read_whole() -> None:
    asked: list[int] = []

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            asked.append(size)
            return b"x" * size

    assert refusal(Endless(), limits=Limits(max_bytes=1000)).status == "too_large"
    assert asked == [1001]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("side", [9_000, 10_000, 30_000])
def test_pixels_are_counted_before_decoding(side: int) -> None:
    """A header that promises 81 to 900 million pixels, around Pillow's own warning and error, over none."""
    data = bytearray(encode(Image.new("L", (20, 20)), "BMP"))
    data[18:26] = struct.pack("<ii", side, side)
    assert refusal(bytes(data)).status == "too_many_pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "BMP", "TIFF", "GIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_cut_short_is_never_half_a_photo(kind: str, share: float) -> None:
    if kind == "HEIF":
        pytest.importorskip("pillow_heif")
        formats.readable()
    data = encode(noise(), kind)
    error = refusal(data[: max(12, int(len(data) * share))], name="mine.jpg")
    assert error.status == "unreadable" and "mine.jpg" in str(error)
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("side", [96, 97])
def test_cut_short_with_an_end_marker(mode: str, side: int) -> None:
    """libjpeg paints the missing part grey and Pillow reports nothing."""
    data = encode(noise(side).convert(mode), "JPEG")
    for share in (0.3, 0.6, 0.9):
        assert refusal(data[: int(len(data) * share)] + b"\xff\xd9").status == "unreadable"


@pytest.mark.parametrize("kind", ["JPEG", "MPO"])
def test_a_photo_that_ends_in_grey_is_whole(kind: str) -> None:
    image = noise()
    image.paste((128, 128, 128), (0, 48, 96, 96))
    for options in ({}, {"progressive": True}, {"subsampling": 0}):
        assert load_image(encode(image, kind, **options)).size == (96, 96)
    assert load_image(encode(image, kind) + b"trailing bytes").getpixel((95, 95)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"<?xml version='1.0'?><!-- by me --><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"8BPS\x00\x01" + b"\0" * 40, "Photoshop"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "EPS"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"PK\x03\x04" + b"\0" * 40, "ZIP"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
        (
            b"P6 20 20 255\n" + b"\0" * 1200,
            "not a kind of photo",
        ),  # Pillow has a plugin for it; it must not run
        (b"hello, I am a text", "not a kind of photo"),
    ],
)
def test_other_kinds_are_refused_by_name(head: bytes, kind: str) -> None:
    error = refusal(head, name="upload.jpg")
    assert error.status == "unsupported_format"
    assert kind in str(error) and "upload.jpg" in str(error)


def test_heic_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "readable", lambda: ("JPEG", "PNG"))
    error = refusal(b"\0\0\0\x18ftypheic" + b"\0" * 50)
    assert error.status == "unsupported_format" and "pillow-heif" in str(error)


def test_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    expected = {
        "empty.jpg": "empty",
        "folder.jpg": "not_a_file",
        "pipe.jpg": "not_a_file",
        "missing.jpg": "not_found",
        "empty.jpg/inside.jpg": "not_found",
        "nul\0.jpg": "not_found",
        "loop.jpg": "unreadable",
        "long" * 100 + ".jpg": "unreadable",
    }
    assert {name: refusal(str(tmp_path / name)).status for name in expected} == expected
    assert "missing.jpg" in str(refusal(tmp_path / "missing.jpg"))
    assert refusal(b"").status == "empty" and refusal(io.BytesIO()).status == "empty"
    closed = io.BytesIO(b"x")
    closed.close()
    assert refusal(closed).status == "unreadable"

    def forbidden(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)  # chmod does not stop root, who may run the tests
    assert refusal(tmp_path / "empty.jpg").status == "not_permitted"


def test_sentences_stay_on_one_line() -> None:
    sentence = str(refusal(b"", name="a\nb\x1b[31m\udcff" + "x" * 500 + ".jpg"))
    assert sentence.isprintable() and len(sentence) < 300 and sentence.endswith(".")
    sentence.encode()


SAMPLES = {kind: encode(halves((48, 48)), kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF", "BMP", "TIFF", "GIF")} | {
    "progressive": encode(halves((48, 48)), "JPEG", progressive=True)
}
SMALL = Limits(max_bytes=1_000_000, max_pixels=1_000_000, max_frames=10)


def image_or_intake_error(data: bytes) -> None:
    try:
        image = load_image(data, limits=SMALL)
    except IntakeError as error:
        assert error.status and str(error).endswith(".")
    else:
        assert image.mode == "RGB" and image.width * image.height <= SMALL.max_pixels


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"", *(data[:12] for data in SAMPLES.values())]), st.binary(max_size=400))
def test_random_bytes(head: bytes, rest: bytes) -> None:
    image_or_intake_error(head + rest)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 2**32), st.integers(1, 12))
def test_random_damage(kind: str, seed: int, hits: int) -> None:
    dice = random.Random(seed)
    data = bytearray(SAMPLES[kind])
    for _ in range(hits):
        data[dice.randrange(len(data)) if dice.random() < 0.5 else dice.randrange(min(80, len(data)))] = dice.randrange(
            256
        )
    image_or_intake_error(bytes(data))
