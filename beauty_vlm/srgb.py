"""A picture in any of Pillow's modes as clean 8-bit sRGB: upright, on white, without metadata."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms, ImageOps


def clean(image: Image.Image) -> Image.Image:
    """Decode, turn upright, convert to sRGB on white. Raises what Pillow raises on damaged data."""
    image.load()
    profile = image.info.get("icc_profile")
    try:
        image = ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF under sound pixels: the photo is still good, only its orientation is unknown
        image = image.copy()
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _eight_bit(image)
    if image.mode == "La":
        image = image.convert("LA")
    alpha = None
    if image.has_transparency_data:
        grey = image.mode in ("1", "L", "LA")
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        image = rgba.convert("L" if grey else "RGB")
    elif image.mode not in ("L", "RGB", "CMYK", "LAB"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    colour = _to_srgb(image, profile)
    result = Image.new("RGB", colour.size, "white")  # new, so that no metadata can ride along
    result.paste(colour, mask=alpha)
    return result


def _eight_bit(image: Image.Image) -> Image.Image:
    """Modes I;16, I and F as 8-bit grey.

    I;16 has a known range. I and F do not: theirs is the smallest usual one (1 for floats, 255, 65535) that
    holds the brightest pixel, or else that pixel itself.
    """
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    peak = float(values.max())
    usual = {"I": (255.0, 65535.0), "F": (1.0, 255.0, 65535.0)}.get(image.mode, (65535.0,))
    white = next((top for top in usual if peak <= top), peak)
    return Image.fromarray(np.rint(np.clip(values / white, 0, 1) * 255).astype(np.uint8))


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB in sRGB, from mode L, RGB, CMYK or LAB. A missing, broken or mismatched profile means sRGB."""
    if image.mode == "LAB":
        return _converted(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    if profile:
        try:
            embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}[image.mode]
            if embedded.profile.xcolor_space.strip() == space:
                return _converted(image, embedded)
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError, AttributeError):
            pass
    return image.convert("RGB")


def _converted(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    """Through relative colorimetry with black point compensation, as browsers and photo editors do."""
    converted = ImageCms.profileToProfile(
        image,
        profile,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert converted is not None  # only None with inPlace
    return converted
