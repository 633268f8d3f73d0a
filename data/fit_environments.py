"""Shrink the rooms and skies that `data.environment` lights lifestyle pictures with.

    npm pack @pmndrs/assets@1.7.0
    python -m data.fit_environments pmndrs-assets-1.7.0.tgz

Writes data/environments.npz: Poly Haven's panoramas (CC0-1.0) as packed by @pmndrs/assets, at WIDTH x HEIGHT texels.
"""

from __future__ import annotations

import base64
import re
import sys
import tarfile
from pathlib import Path

import numpy as np
from skimage.measure import block_reduce
from skimage.transform import resize

from data.environment import ENVIRONMENTS

LICENCE = "CC0-1.0; panoramas by Poly Haven (polyhaven.com), packed in @pmndrs/assets 1.7.0"
HEIGHT, WIDTH = 192, 384
LEFT_OUT = ("night",)  # a street by night has too little light to neutralise
BRIGHTEST = 200.0  # times the mean; brighter lamps only make noise
# Rounding the mantissa to steps of about 3 % costs nothing to see and halves the file.
MANTISSA_BITS = 5


def read(source: bytes) -> np.ndarray:
    """The linear panorama (rows, columns, 3) of one of the package's scripts, which hold a base64 EXR."""
    import mitsuba as mi

    found = re.search(rb"base64,([A-Za-z0-9+/=]+)", source)
    if found is None:
        raise ValueError("the script holds no base64 data")
    stream = mi.MemoryStream()
    stream.write(base64.b64decode(found[1]))
    stream.seek(0)
    bitmap = mi.Bitmap(stream).convert(mi.Bitmap.PixelFormat.RGB, mi.Struct.Type.Float32, False)
    return np.array(bitmap)


def shrunk(panorama: np.ndarray) -> np.ndarray:
    """(HEIGHT, WIDTH, 3) float16 of mean 1, rounded so that it packs well."""
    factor = max(1, panorama.shape[0] // HEIGHT)
    small = resize(block_reduce(panorama, (factor, factor, 1), np.mean), (HEIGHT, WIDTH, 3), order=1)
    small = np.clip(small / small.mean(), 0, BRIGHTEST).astype(np.float16)
    drop = 10 - MANTISSA_BITS
    bits = small.view(np.uint16).astype(np.uint32) + (1 << (drop - 1))
    return (bits >> drop << drop).astype(np.uint16).view(np.float16)


def main(package: Path) -> None:
    """Write ENVIRONMENTS from the package's archive."""
    import mitsuba as mi

    mi.set_variant("scalar_rgb")
    rooms: dict[str, np.ndarray] = {}
    with tarfile.open(package) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            found = re.fullmatch(r"package/hdri/(\w+)\.exr\.js", member.name)
            file = archive.extractfile(member)
            if found and file and found[1] not in LEFT_OUT:
                rooms[found[1]] = shrunk(read(file.read()))
    np.savez_compressed(ENVIRONMENTS, licence=np.array(LICENCE), **rooms)  # type: ignore[arg-type]
    print(f"{len(rooms)} panoramas, {ENVIRONMENTS.stat().st_size / 1e6:.1f} MB: {', '.join(rooms)}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m data.fit_environments pmndrs-assets-1.7.0.tgz")
    main(Path(sys.argv[1]))
