"""The kinds of files: which are read as photos, and what others are called."""

from __future__ import annotations

from functools import cache

# What photos are called on disk; a catalog run reads exactly these files.
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".avif", ".heic", ".heif", ".hif", ".gif"}
    | {".bmp", ".tif", ".tiff"}
)
FOR_PEOPLE = "JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP or GIF"
# First bytes of files that people do send, so that the refusal can name them.
REFUSED = {
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
ALLOWED_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"GIF8", b"II*\x00", b"MM\x00*")
MARKUP_BYTES = 4096  # how far into a text the <svg> or <html> tag is looked for, after a licence comment


@cache
def readable() -> tuple[str, ...]:
    """Pillow's plugins that may see the bytes; HEIC only where the package pillow-heif is installed."""
    always = ("JPEG", "PNG", "WEBP", "AVIF", "BMP", "TIFF", "GIF")
    try:
        import pillow_heif
    except ImportError:
        return always
    pillow_heif.register_heif_opener()
    return (*always, "HEIF")


def allowed(data: bytes) -> bool:
    """Whether the bytes begin as a photo of an allowed format does, HEIC aside."""
    head = data[:MARKUP_BYTES]
    return (
        head.startswith(ALLOWED_STARTS)
        or _brand(head) in (b"avif", b"avis")
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
    )


def heic(data: bytes) -> bool:
    """Whether the bytes begin as a HEIC photo does."""
    return _brand(data) in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def other_kind(data: bytes) -> str | None:
    """What bytes are that no photo begins with, as "a PDF document"; None for what is not known."""
    head = data[:MARKUP_BYTES]
    if _brand(head):
        return "a video"
    if b"<svg" in head.lower():
        return "an SVG drawing"
    if b"<html" in head.lower() or b"<!doctype html" in head.lower():
        return "a web page"
    return next((kind for magic, kind in REFUSED.items() if head.startswith(magic)), None)


def _brand(data: bytes) -> bytes:
    """The brand of a file in the ISO base media format: AVIF, HEIC or a video; empty for others."""
    return data[8:12] if data[4:8] == b"ftyp" else b""
