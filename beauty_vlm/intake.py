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
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from beauty_vlm import formats, srgb

Source = str | Path | bytes | BinaryIO | Image.Image


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
        clean = srgb.clean(image)
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
    elif not hasattr(source, "read"):
        kind = type(source).__name__
        raise IntakeError(
            "unreadable", f"{called} is of the type {kind}: give a path, bytes, a binary file or a PIL image."
        )
    else:
        try:
            data = source.read(limits.max_bytes + 1)
        except (OSError, ValueError) as error:  # ValueError: the file object is closed
            raise IntakeError("unreadable", f"{called} cannot be read: {error}.") from error
        if not isinstance(data, bytes | bytearray | memoryview):
            raise IntakeError("unreadable", f"{called} was opened as text: open it in binary mode.")
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
        what = "is a link to nothing" if path.is_symlink() else "does not exist"
        raise IntakeError("not_found", f"{called} {what}.") from error
    except PermissionError as error:
        raise IntakeError("not_permitted", f"{called} may not be opened: permission denied.") from error
    except OSError as error:
        raise IntakeError("unreadable", f"{called} cannot be opened: {error.strerror or error}.") from error
    except ValueError as error:  # a NUL in the path
        what = "is a link to nothing" if path.is_symlink() else "does not exist"
        raise IntakeError("not_found", f"{called} {what}.") from error


_warnings_lock = threading.Lock()  # warnings.catch_warnings changes the whole process


def _open(data: bytes, called: str, limits: Limits) -> Image.Image:
    """The image with its header read and its pixels not yet decoded."""
    plugins = formats.readable()
    try:
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's size alarm among them: `limits` decides instead
            return Image.open(io.BytesIO(data), formats=plugins)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise IntakeError("too_many_pixels", _too_many_pixels(called, limits)) from error
    except UnidentifiedImageError as error:
        raise _refusal(data, called) from error
    except Exception as error:  # as in load_image
        raise _unreadable(called) from error


def _refusal(data: bytes, called: str) -> IntakeError:
    """Why no allowed plugin knows these bytes: damaged, recognisably something else, or unknown."""
    if formats.heic(data) and "HEIF" not in formats.readable():
        sentence = f"{called} is a HEIC photo, which takes the package pillow-heif; it is not installed."
        return IntakeError("unsupported_format", sentence)
    if formats.heic(data) or formats.allowed(data):
        return _unreadable(called)
    kind = formats.other_kind(data)
    what = f"{called} is {kind}" if kind else f"{called} is not a kind of photo that is known here"
    return IntakeError("unsupported_format", f"{what}; send it as {formats.FOR_PEOPLE}.")


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
