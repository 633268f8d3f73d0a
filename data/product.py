"""One product as it stands in a scene: parts, and the truth about them that labels and captions are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from data.draw import Draw
from data.material import Material
from data.mesh import Mesh

View = Literal["upright", "flat", "overhead"]  # eye level; from above at an angle; straight down


@dataclass(frozen=True)
class Part:
    mesh: Mesh
    material: Material

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Part:
        return replace(self, mesh=self.mesh.moved(x, y, z))

    def turned(self, axis: str, degrees: float, about: tuple[float, float, float] = (0, 0, 0)) -> Part:
        return replace(self, mesh=self.mesh.turned(axis, degrees, about))


@dataclass(frozen=True)
class Product:
    """`shades` are the sRGB colours (3,) in [0, 1] of the materials, the main one first; empty if it has none to show.

    `finish` is None where the product shows none. `form` is the package's noun ("bullet case", "tube"), `package` the
    material that most of it is made of, `layout` how it was placed ("open, cap beside", "swatch").
    `count` is how many of the product there are; `tiltable` whether it may be leaned or laid by the scene; `contains`
    the types of the single products of a set. `setting` is the one of data.staging.SETTINGS that the picture is made
    for, if there is one.
    """

    product_type: str
    parts: tuple[Part, ...]
    shades: tuple[np.ndarray, ...] = ()
    finish: str | None = None
    form: str = ""
    package: Material | None = None
    layout: str = ""
    view: View = "upright"
    count: int = 1
    tiltable: bool = True
    contains: tuple[str, ...] = ()
    setting: str = ""


Maker = Callable[[Draw], Product]


def placed(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts let down so that the lowest point touches the table (y = 0)."""
    parts = tuple(parts)
    low = min(p.mesh.low[1] for p in parts)
    return tuple(p.moved(y=-low) for p in parts)


def turned(
    parts: Iterable[Part], axis: str, degrees: float, about: tuple[float, float, float] = (0, 0, 0)
) -> list[Part]:
    return [p.turned(axis, degrees, about) for p in parts]


def moved(parts: Iterable[Part], x: float = 0.0, y: float = 0.0, z: float = 0.0) -> list[Part]:
    return [p.moved(x, y, z) for p in parts]


def laid(parts: Iterable[Part], draw: Draw, x: float, z: float) -> list[Part]:
    """Turned onto the side and put down at (x, z): a wand or a cap that lies beside its product."""
    down = placed(turned(turned(parts, "z", 90), "y", draw.uniform(-75, 75)))
    centre = sum(p.mesh.low + p.mesh.high for p in down) / (2 * len(down))
    return moved(down, x - centre[0], 0, z - centre[2])
