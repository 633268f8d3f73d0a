"""How an upload is made safe: untrusted bytes in, a clean 8-bit sRGB image out, or one plain sentence.

Only an allowlist of Pillow's plugins ever sees the bytes. Size, frames and pixels are checked from the header
before anything is decoded. What comes out carries no metadata: orientation and colour profile are applied,
then dropped.
"""

from __future__ import annotations

import io
import stat
import threading
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

Source = str | Path | bytes | BinaryIO | Image.Image

# What the formats below are called on disk; a catalog run reads exactly these files.
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".avif", ".heic", ".heif", ".hif", ".gif"}
    | {".bmp", ".tif", ".tiff"}
)
FORMATS_FOR_PEOPLE = "JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP or GIF"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused unread. The defaults admit any phone's photo and keep one decode under about 1 GB.

    `max_bytes`: above the 25 MB of a 50 megapixel JPEG. `max_pixels`: above the 50 million of today's phones,
    and below Pillow's own alarm (89 million). `max_frames`: only the first frame is used; a file with more is
    a film, not a photo. `min_side`: in pixels, one patch of the vision models; below it there is no product
    to judge.
    """

    max_bytes: int = 40_000_000
    max_pixels: int = 64_000_000
    max_frames: int = 500
    min_side: int = 16


DEFAULT_LIMITS = Limits()


class IntakeError(Exception):
    """A photo that cannot be used: a short `status` code and a plain sentence that names the file.

    Codes: not_found, not_a_file, not_permitted, empty, too_large, unsupported_format, unreadable,
    too_many_frames, too_many_pixels, too_small.
    """

    def __init__(self, status: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def load_image(source: Source, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Image.Image:
    """The photo as a new RGB image in sRGB, upright, on white where it was transparent, without metadata.

    `source` is a path, the file's bytes, a binary file object, or a PIL image (left unchanged; its current
    frame is taken). `name` is what error sentences call the photo; a path is called by its file name. Raises
    IntakeError and, for a bad photo, nothing else.
    """
    called = _printable(name or (Path(source).name if isinstance(source, str | Path) else "") or "The photo")
    data = b""
    if isinstance(source, Image.Image):
        image = source
        _check_dimensions(image, called, limits)
    else:
        data = _read(source, called, limits)
        image = _open(data, called, limits)
        _check_dimensions(image, called, limits)
        _check_frames(data, called, limits)
    try:
        clean = _clean(image)
        cut_short = image is not source and _ends_early(image, data)
    except Exception as error:  # decoders raise whatever they like on damaged data, down to struct.error
        raise _unreadable(called) from error
    if cut_short:
        raise _unreadable(called)
    return clean


def _printable(name: str) -> str:
    """A name fit for a one-line sentence: no control characters, no lone surrogates, at most 200 letters."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return shown if len(shown) <= 200 else shown[:100] + "…" + shown[-99:]


def _unreadable(called: str) -> IntakeError:
    return IntakeError("unreadable", f"{called} cannot be read: the file is damaged or cut short.")


def _read(source: str | Path | bytes | BinaryIO, called: str, limits: Limits) -> bytes:
    """The file's bytes, never more than one above `limits.max_bytes` of them."""
    if isinstance(source, str | Path):
        data = _read_path(Path(source), called, limits)
    elif isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
    else:
        try:
            data = source.read(limits.max_bytes + 1)
        except (OSError, ValueError) as error:  # ValueError: the file object is closed
            raise IntakeError("unreadable", f"{called} cannot be read: {error}.") from error
    if not data:
        raise IntakeError("empty", f"{called} is an empty file.")
    if len(data) > limits.max_bytes:
        most = f"{limits.max_bytes / 1e6:g} MB"
        raise IntakeError("too_large", f"{called} is larger than {most}, the most that is read.")
    return data


def _read_path(path: Path, called: str, limits: Limits) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise IntakeError("not_a_file", f"{called} is a folder, not a photo.")
        if not stat.S_ISREG(mode):  # a pipe or a device could block or never end
            raise IntakeError("not_a_file", f"{called} is not an ordinary file.")
        with path.open("rb") as file:
            return file.read(limits.max_bytes + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IntakeError("not_found", f"{called} does not exist.") from error
    except PermissionError as error:
        raise IntakeError("not_permitted", f"{called} may not be opened: permission denied.") from error
    except OSError as error:
        raise IntakeError("unreadable", f"{called} cannot be opened: {error.strerror or error}.") from error
    except ValueError as error:  # a NUL in the path
        raise IntakeError("not_found", f"{called} does not exist.") from error


_warnings_lock = threading.Lock()  # warnings.catch_warnings changes the whole process


@cache
def _formats() -> tuple[str, ...]:
    """Pillow's plugins that may see the bytes; HEIC only where the package pillow-heif is installed."""
    formats = ("JPEG", "PNG", "WEBP", "AVIF", "BMP", "TIFF", "GIF")
    try:
        import pillow_heif
    except ImportError:
        return formats
    pillow_heif.register_heif_opener()
    return (*formats, "HEIF")


def _open(data: bytes, called: str, limits: Limits) -> Image.Image:
    """The image with its header read and its pixels not yet decoded."""
    formats = _formats()
    try:
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's size alarm among them: `limits` decides instead
            return Image.open(io.BytesIO(data), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise IntakeError("too_many_pixels", _too_many_pixels(called, limits)) from error
    except UnidentifiedImageError as error:
        raise _refusal(data, called) from error
    except Exception as error:  # as in load_image
        raise _unreadable(called) from error


def _too_many_pixels(called: str, limits: Limits) -> str:
    return f"{called} has too many pixels: at most {limits.max_pixels / 1e6:g} million are read."


def _check_dimensions(image: Image.Image, called: str, limits: Limits) -> None:
    width, height = image.size
    if width * height > limits.max_pixels:
        raise IntakeError("too_many_pixels", _too_many_pixels(called, limits))
    if min(width, height) < limits.min_side:
        least = f"at least {limits.min_side} a side are needed"
        raise IntakeError("too_small", f"{called} is only {width} × {height} pixels; {least}.")


def _check_frames(data: bytes, called: str, limits: Limits) -> None:
    """Counted on a second opening: counting moves some plugins off the first, or HEIC's primary, frame."""
    image = _open(data, called, limits)
    try:
        if image.format == "TIFF":  # its n_frames takes quadratic time; seeking parses only as far as needed
            image.seek(limits.max_frames)
            many = True
        else:
            many = getattr(image, "n_frames", 1) > limits.max_frames
    except EOFError:
        many = False
    except Exception as error:  # as in load_image
        raise _unreadable(called) from error
    if many:
        sentence = f"{called} has more than {limits.max_frames} frames: it is a film, not a photo."
        raise IntakeError("too_many_frames", sentence)


# First bytes of files that people do send, so that the refusal can name them.
_REFUSED = {
    b"8BPS": "a Photoshop document",
    b"%!PS": "an EPS or PostScript drawing",
    b"\xc5\xd0\xd3\xc6": "an EPS drawing",
    b"%PDF": "a PDF document",
    b"gimp xcf": "a GIMP document",
    b"\x00\x00\x01\x00": "an icon",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000 image",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL image",
    b"\xff\x0a": "a JPEG XL image",
    b"\x76\x2f\x31\x01": "an OpenEXR image",
    b"\x1a\x45\xdf\xa3": "a video",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x1f\x8b": "a compressed file",
}
_ALLOWED_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"GIF8", b"II*\x00", b"MM\x00*")
_MARKUP_BYTES = 4096  # how far into a text the <svg> or <html> tag is looked for, after a licence comment


def _refusal(data: bytes, called: str) -> IntakeError:
    """Why no allowed plugin knows these bytes: damaged, recognisably something else, or unknown."""
    head = data[:_MARKUP_BYTES]
    heif_brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if heif_brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
        if "HEIF" not in _formats():
            sentence = f"{called} is a HEIC photo, which takes the package pillow-heif; it is not installed."
            return IntakeError("unsupported_format", sentence)
        return _unreadable(called)
    if (
        head.startswith(_ALLOWED_STARTS)
        or heif_brand in (b"avif", b"avis")
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
    ):
        return _unreadable(called)
    kind = next((kind for magic, kind in _REFUSED.items() if head.startswith(magic)), None)
    if heif_brand:
        kind = "a video"
    elif b"<svg" in head.lower():
        kind = "an SVG drawing"
    elif b"<html" in head.lower() or b"<!doctype html" in head.lower():
        kind = "a web page"
    what = f"{called} is {kind}" if kind else f"{called} is not a kind of photo that is known here"
    return IntakeError("unsupported_format", f"{what}; send it as {FORMATS_FOR_PEOPLE}.")


def _clean(image: Image.Image) -> Image.Image:
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
    clean = Image.new("RGB", colour.size, "white")  # new, so that no metadata can ride along
    clean.paste(colour, mask=alpha)
    return clean


_MORE_THAN_AN_MCU = 4096  # bytes: ten blocks of 64 values, 26 bits each at most, and the next group of blocks
_LIBJPEG_FILL = 128  # what libjpeg, telling nobody, paints where a JPEG's data end before its picture does


def _ends_early(image: Image.Image, data: bytes) -> bool:
    """Whether a decoded baseline JPEG lacks its last pixels although its end marker stands.

    Zeros put before the end marker change nothing in a complete picture, and become pixels in an incomplete
    one. Only pictures that end in the fill colour take this second decoding.
    """
    if image.format not in ("JPEG", "MPO") or image.mode not in ("L", "RGB"):
        return False
    last = image.getpixel((image.width - 1, image.height - 1))
    if last not in (_LIBJPEG_FILL, (_LIBJPEG_FILL,) * 3):
        return False
    end = data.rfind(b"\xff\xd9")
    padded = data[:end] + bytes(_MORE_THAN_AN_MCU) + data[end:]
    return Image.open(io.BytesIO(padded), formats=("JPEG",)).tobytes() != image.tobytes()


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
