"""What parts are made of: Mitsuba's principled BSDF with measured or published parameters, by name.

Roughness and coat follow Disney's principled model (Burley 2012, Physically Based Shading at Disney, section 5);
metal colours are the sRGB reflectances at normal incidence commonly tabulated from Johnson & Christy (1972).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from data.draw import Draw
from data.finish import FINISHES as FINISHES
from data.finish import Effect, textured
from data.finish import noise as noise

METALS = {  # name -> sRGB reflectance
    "gold": (0.95, 0.77, 0.43),
    "rose gold": (0.93, 0.68, 0.60),
    "silver": (0.89, 0.89, 0.90),
    "gunmetal": (0.38, 0.38, 0.40),
    "champagne": (0.93, 0.84, 0.69),
}
# A kernel is compiled anew when a parameter turns from zero to something: keep all of them above zero.
LEAST = 1e-3
LEAST_ROUGHNESS = 0.03  # smoother coats make fireflies and no visible difference
TEXTURE = 224  # side of product textures; about one texel a pixel in a close-up
INDEX = 1.3  # of solid glass: half way to real glass keeps most of a lacquer's light from total reflection in it


@dataclass(frozen=True)
class Material:
    """`texture` (H, W, 3) uint8 sRGB, `region` one of beauty_vlm.measurement.regions, `name` e.g. "gold metal".

    `clear` surfaces are thin sheets; with `solid` they bound a body of glass and refract.
    """

    texture: np.ndarray
    roughness: float = 0.3
    metallic: float = 0.0
    specular: float = 0.5
    coat: float = 0.0
    region: int = PACKAGING
    clear: bool = False
    solid: bool = False
    name: str = ""
    roughness_map: np.ndarray | None = None

    @property
    def colour(self) -> np.ndarray:
        """Mean sRGB of the texture, (3,) in [0, 1]."""
        return self.texture.reshape(-1, 3).mean(0) / 255.0

    def painted(self, texture: np.ndarray) -> Material:
        """The same surface with another picture on it (a label)."""
        return replace(self, texture=texture)

    def bsdf(self) -> dict[str, Any]:
        """The Mitsuba dictionary of this surface."""
        import mitsuba as mi

        if self.clear:
            tint = [float(x) for x in linear(self.colour)]
            if self.solid:
                return {
                    "type": "dielectric",
                    "int_ior": INDEX,
                    "specular_transmittance": {"type": "rgb", "value": tint},
                }
            return {"type": "thindielectric", "specular_transmittance": {"type": "rgb", "value": tint}}
        # Always a map, if only of one value: a number instead would compile another kernel.
        rough = np.full((2, 2), self.roughness) if self.roughness_map is None else self.roughness_map
        return {
            "type": "twosided",
            "nested": {
                "type": "principled",
                "base_color": {
                    "type": "bitmap",
                    "bitmap": mi.Bitmap(np.ascontiguousarray(self.texture)),
                    "raw": False,
                },
                "roughness": {
                    "type": "bitmap",
                    "bitmap": mi.Bitmap(np.clip(rough, LEAST_ROUGHNESS, 1)[..., None].astype(np.float32)),
                    "raw": True,
                },
                "metallic": max(LEAST, self.metallic),
                "specular": max(0.05, self.specular),
                "clearcoat": max(LEAST, self.coat),
                "clearcoat_gloss": 0.95,
            },
        }


def linear(srgb: np.ndarray) -> np.ndarray:
    """sRGB in [0, 1] to linear light (IEC 61966-2-1)."""
    c = np.asarray(srgb, float)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def flat(colour: np.ndarray | tuple[float, ...]) -> np.ndarray:
    """A texture of one sRGB colour."""
    return np.broadcast_to((np.clip(colour, 0, 1) * 255 + 0.5).astype(np.uint8), (2, 2, 3)).copy()


def plain(colour: np.ndarray | tuple[float, ...], roughness: float = 0.3, name: str = "", **kw: Any) -> Material:
    """A plain surface of one sRGB colour."""
    return Material(flat(colour), roughness, name=name, **kw)


def metal(draw: Draw, kind: str | None = None) -> Material:
    kind = kind or draw.weighted({"gold": 3, "rose gold": 2, "silver": 3, "gunmetal": 0.7, "champagne": 1.2})
    colour = np.array(METALS[kind]) * draw.uniform(0.92, 1.0)
    return plain(colour, draw.uniform(0.08, 0.38), f"{kind} metal", metallic=1.0)


def plastic(draw: Draw, colour: np.ndarray, name: str) -> Material:
    """Lacquer, glossy plastic or soft-touch rubber."""
    finish = draw.weighted({"lacquer": 1, "plastic": 2, "soft-touch": 1})
    rough = {"lacquer": (0.04, 0.12), "plastic": (0.15, 0.35), "soft-touch": (0.5, 0.75)}[finish]
    return plain(colour, draw.uniform(*rough), f"{name} {finish}", coat=1.0 if finish == "lacquer" else 0.0)


PASTELS = {
    "pink": (0.93, 0.72, 0.75), "peach": (0.96, 0.78, 0.68), "beige": (0.87, 0.77, 0.66), "blue": (0.62, 0.75, 0.86),
    "green": (0.66, 0.80, 0.68), "lilac": (0.78, 0.70, 0.87), "yellow": (0.96, 0.87, 0.56), "grey": (0.72, 0.72, 0.73),
}  # fmt: skip
STRONG = {
    "red": (0.68, 0.09, 0.11), "burgundy": (0.35, 0.06, 0.12), "navy": (0.07, 0.10, 0.26), "green": (0.08, 0.33, 0.22),
    "brown": (0.33, 0.20, 0.13), "orange": (0.89, 0.42, 0.11), "purple": (0.36, 0.16, 0.49), "pink": (0.87, 0.24, 0.47),
    "teal": (0.06, 0.41, 0.44), "yellow": (0.93, 0.75, 0.12),
}  # fmt: skip


def package(draw: Draw) -> Material:
    """An outer surface as brands use them: mostly black, white and metal, then pastel and strong colours."""
    kind = draw.weighted({"black": 3.2, "white": 2.0, "metal": 2.6, "pastel": 2.0, "strong": 1.1, "wood": 0.15})
    if kind == "metal":
        return metal(draw)
    if kind == "black":
        return plastic(draw, np.full(3, draw.uniform(0.015, 0.09)), "black")
    if kind == "white":
        return plastic(draw, np.full(3, draw.uniform(0.87, 0.97)), "white")
    if kind == "wood":
        return plain(np.array([0.72, 0.54, 0.36]) * draw.uniform(0.6, 1.1), 0.6, "brown wood")
    colours = PASTELS if kind == "pastel" else STRONG
    name = draw.choice(*colours)
    colour = np.clip(np.array(colours[name]) + draw.rng.normal(0, 0.025, 3), 0.02, 0.97)
    return plastic(draw, colour, name)


def clear(draw: Draw, tint: np.ndarray | tuple[float, ...] = (1.0, 1.0, 1.0)) -> Material:
    """Thin clear glass or plastic. A thin sheet without refraction avoids most of the noise of real glass."""
    return Material(flat(tint), clear=True, name=draw.choice("clear glass", "clear plastic"))


def glass(tint: np.ndarray | tuple[float, ...] = (1.0, 1.0, 1.0), name: str = "clear glass") -> Material:
    """Solid glass that refracts, for closed meshes such as a thick-based bottle; `tint` colours each passage."""
    return Material(flat(tint), clear=True, solid=True, name=name)


def cosmetic(
    draw: Draw,
    colour: np.ndarray,
    finish: str,
    relief: np.ndarray | None = None,
    *,
    aspect: float = 1.0,
    effect: Effect = "",
) -> Material:
    """The product itself: sRGB `colour` (3,) with a finish; `relief` (H, W) in [0, 1] darkens an embossed pattern.

    `aspect`: how many times wider than high a texel lies on the mesh, so that flakes keep their shape on a lathe.
    """
    n = TEXTURE if relief is None else relief.shape[0]
    if relief is None and finish in ("satin", "glossy"):
        n = 2  # these have no grain
    ranges = FINISHES[finish]
    rough = draw.uniform(*ranges["roughness"])
    texture, rough_map = textured(draw, np.asarray(colour, float), finish, n, rough, aspect, effect)
    if relief is not None:
        texture = texture * (1 - 0.14 * relief[..., None])
    return Material(
        (np.clip(texture, 0, 1) * 255 + 0.5).astype(np.uint8),
        rough,
        draw.uniform(*ranges["metallic"]),
        draw.uniform(*ranges["specular"]),
        draw.uniform(*ranges["coat"]),
        MATERIAL,
        name=finish,
        roughness_map=rough_map,
    )


def prop(colour: np.ndarray | tuple[float, ...], roughness: float = 0.7, name: str = "") -> Material:
    """A thing of the scene that is neither product nor package."""
    return plain(colour, roughness, name, specular=0.2, region=BACKGROUND)
