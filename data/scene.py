"""A product on its ground under its light, before a camera, traced by Mitsuba 3 to linear light and exact masks."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from beauty_vlm.regions import BACKGROUND, PACKAGING
from data.draw import Draw
from data.label import printed
from data.material import Material, flat, linear, package, plain
from data.mesh import Mesh, box, joined, sheet
from data.product import Part, Product, placed, turned
from data.studio import Light, clutter, ground, irradiance, studio

VARIANTS = ("cuda_ad_rgb", "llvm_ad_rgb")
LLVM_LIBRARIES = (  # 15 and older abort on processors with AVX-512
    "/usr/lib/x86_64-linux-gnu/libLLVM-19.so", "/usr/lib/llvm-19/lib/libLLVM.so", "/usr/lib/llvm-18/lib/libLLVM.so",
    "/usr/lib/llvm-17/lib/libLLVM.so", "/usr/lib/llvm-16/lib/libLLVM.so",
)  # fmt: skip
MAX_DEPTH = 5  # two clear walls, the fill, and a bounce off the ground
BOUND = 60.0  # half the side of the cube that every scene fills; products are 1 to 6 across
SHAPES_STEP = 8  # the kernel depends on the number of surfaces, so it is filled up to a multiple of this
CLEAR_WALLS = 6  # surfaces that a mask ray passes before it gives up


class RenderError(Exception):
    """A scene that cannot be rendered here; the message says why in one sentence."""


@dataclass(frozen=True)
class Camera:
    origin: np.ndarray
    target: np.ndarray
    fov: float  # degrees, of the square picture
    up: tuple[float, float, float] = (0.0, 1.0, 0.0)


@dataclass(frozen=True)
class Scene:
    """`ground` is None for a cut-out product, whose background is added by `data.photograph`."""

    product: Product
    parts: tuple[Part, ...]
    light: Light
    camera: Camera
    ground: Material | None
    exposure: float  # linear gain that shows a surface facing the camera at its own reflectance


@dataclass(frozen=True)
class Traced:
    """`radiance` (H, W, 3) linear, exposed; `coverage` (H, W) in [0, 1]; `regions` (H, W) uint8."""

    radiance: np.ndarray
    coverage: np.ndarray
    regions: np.ndarray


@lru_cache(maxsize=1)
def renderer(threads: int = 1) -> Any:
    """Mitsuba with the best variant that runs here.

    Raises:
        RenderError: Mitsuba or a libLLVM of 16 or newer is missing.
    """
    library = next((p for p in LLVM_LIBRARIES if Path(p).exists()), None)
    if library:
        os.environ.setdefault("DRJIT_LIBLLVM_PATH", library)
    try:
        import drjit
        import mitsuba as mi
    except ImportError as error:
        raise RenderError("Rendering needs Mitsuba: pip install -r requirements-train.txt.") from error
    for variant in VARIANTS:
        if variant.startswith("cuda") and not Path("/dev/nvidia0").exists():
            continue
        try:
            mi.set_variant(variant)
            drjit.set_thread_count(threads)
            mi.Float(1.0) + 1
            return mi
        except (ImportError, RuntimeError):
            continue
    raise RenderError(
        "Mitsuba found no backend that runs here: install LLVM 16 or newer (Debian: libllvm19)."
    )


def compose(draw: Draw, product: Product) -> Scene:
    """Puts the product on a ground (or none), leans it, adds company, lights it and frames it."""
    parts = list(product.parts)
    leaned = False
    if product.view == "upright" and product.tiltable:
        pose = draw.weighted({"standing": 7, "leaning": 1.3, "lying": 0.9})
        if pose == "leaning":
            parts, leaned = turned(parts, "z", draw.uniform(-60, 60)), True
        elif pose == "lying":
            parts, leaned = turned(parts, "z", draw.sign() * 90 + draw.uniform(-15, 15)), True
    yaw = draw.uniform(-35, 35) if draw.chance(0.5) else 0.0
    if product.view == "overhead":
        yaw = draw.uniform(0, 360) if draw.chance(0.5) else 0.0
    parts = list(placed(turned(parts, "y", yaw)))
    subject = _subject(parts)
    table = ground(draw) if draw.chance(0.55) and not leaned else None
    span, height = float(np.ptp(subject[:, 0])), float(max(np.ptp(subject[:, 1]), 0.5))
    if product.view == "upright" and draw.chance(0.08):
        carton = box(draw.uniform(0.8, 1.2), height * draw.uniform(0.9, 1.15), draw.uniform(0.5, 0.8), 0.01)
        shift = draw.sign() * (span / 2 + 0.7)
        parts.append(
            Part(carton.moved(x=shift, z=-draw.uniform(0.3, 0.8)), printed(draw, package(draw), often=1))
        )
        subject = _subject(parts)
    if table is not None and draw.chance(0.3):
        parts += clutter(draw, max(span, 0.6 * height), height)
    camera = frame(draw, product, subject)
    light = studio(draw)
    reflectance = None if table is None else float(linear(table.colour).mean())
    facing = camera.origin - camera.target
    exposure = draw.uniform(0.85, 1.1) / irradiance(light, facing, reflectance)
    return Scene(product, tuple(parts), light, camera, table, exposure)


def _subject(parts: list[Part]) -> np.ndarray:
    """The points (N, 3) that the picture is framed on: the product, not the skin or cup that holds it."""
    framed = [p for p in parts if p.material.region != BACKGROUND] or parts
    return np.concatenate([p.mesh.vertices for p in framed])


def frame(draw: Draw, product: Product, subject: np.ndarray) -> Camera:
    """A camera whose picture holds the subject's points (N, 3), or cuts into them now and then."""
    elevation = {
        "upright": draw.uniform(-3, 10) if draw.chance(0.6) else draw.uniform(5, 38),
        "flat": draw.uniform(28, 60) if draw.chance(0.6) else draw.uniform(60, 89),
        "overhead": draw.uniform(70, 89.5),
    }[product.view]
    a, e = np.radians(draw.uniform(-12, 12)), np.radians(max(elevation, 0.5))
    back = np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    fov = draw.uniform(14, 40)
    middle = (subject.min(0) + subject.max(0)) / 2
    offset = subject - middle
    tangent = np.tan(np.radians(fov / 2))
    fill = draw.weighted({"all": 6, "small": 1.5, "crop": 1.2})
    share = {
        "all": draw.uniform(0.65, 0.97),
        "small": draw.uniform(0.3, 0.6),
        "crop": draw.uniform(1.1, 1.9),
    }[fill]
    reach = np.maximum(np.abs(offset @ right), np.abs(offset @ up)) / tangent / share + offset @ back
    distance = float(np.max(reach)) if fill != "crop" else float(np.quantile(reach, 0.97))
    shift = (
        (right * draw.uniform(-0.1, 0.1) + up * draw.uniform(-0.1, 0.1))
        * distance
        * tangent
        * max(0.0, 1 - share)
    )
    return Camera(middle + back * max(distance, 0.5) + shift, middle + shift, fov)


def trace(scene: Scene, size: int, samples: int, seed: int) -> Traced:
    """Path-traces the scene at size x size pixels.

    Raises:
        RenderError: a part's mesh is empty or not finite, or no renderer runs here.
    """
    mi = renderer()
    loaded = mi.load_dict(description(mi, scene, size, samples), parallel=False)
    picture = np.array(mi.render(loaded, seed=seed % (1 << 31)), dtype=np.float32)
    coverage = np.clip(picture[..., 3], 0, 1)
    radiance = _denoised(picture) * scene.exposure
    return Traced(radiance, coverage, _regions(mi, loaded, scene, size))


def description(mi: Any, scene: Scene, size: int, samples: int) -> dict[str, Any]:
    """The scene as Mitsuba's dictionary."""
    transform, camera = mi.ScalarTransform4f, scene.camera
    environment = mi.Bitmap(scene.light.environment.astype(np.float32))
    result: dict[str, Any] = {
        "type": "scene",
        "integrator": {
            "type": "aov",
            "aovs": "albedo:albedo,normal:sh_normal",
            "picture": {"type": "path", "max_depth": MAX_DEPTH, "rr_depth": 3, "hide_emitters": True},
        },
        "sensor": {
            "type": "perspective",
            "fov": camera.fov,
            "to_world": transform().look_at(
                origin=camera.origin.tolist(), target=camera.target.tolist(), up=list(camera.up)
            ),
            "film": {
                "type": "hdrfilm", "width": size, "height": size, "pixel_format": "rgba", "rfilter": {"type": "box"},
            },
            "sampler": {"type": "multijitter", "sample_count": samples},
        },
        "environment": {"type": "envmap", "bitmap": environment},
    }  # fmt: skip
    # Every scene holds the same kinds of surface and lamp in the same order, however faint or small, in the same
    # bounds: a kernel depends on these, and compiling one takes ten times as long as rendering.
    direction, value = scene.light.sun or (np.array([0.0, -1.0, 0.0]), 1e-6)
    result["sun"] = {
        "type": "directional",
        "direction": direction.tolist(),
        "irradiance": {"type": "rgb", "value": [value] * 3},
    }
    speck = sheet(np.array([[[0, 0, 0], [1, 0, 0]], [[0, 0, 1], [1, 0, 1]]]) * 1e-5)
    corners = joined([speck.moved(-BOUND, -BOUND, -BOUND), speck.moved(BOUND, BOUND, BOUND)])
    fillers = _corner_materials()
    for index, material in enumerate(fillers):
        result[f"corners{index}"] = shape(mi, corners, material)
    if scene.ground is not None:
        extent = min(
            10 * float(max(np.ptp(np.concatenate([p.mesh.vertices for p in scene.parts]), axis=0))), BOUND
        )
        table = np.array([[[-1, 0, -1], [1, 0, -1]], [[-1, 0, 1], [1, 0, 1]]]) * extent
        result["ground"] = shape(mi, sheet(table).moved(y=-0.002), scene.ground)
    opaque, clears = (sum(p.material.clear == c for p in scene.parts) for c in (False, True))
    opaque += scene.ground is not None
    for kind, used in ((fillers[0], opaque), (fillers[2], clears)):
        for index in range(-used % SHAPES_STEP):
            result[f"filler{kind.clear:d}{index}"] = shape(mi, corners, kind)
    for index, part in enumerate(scene.parts):
        result[f"part{index:03d}"] = shape(mi, part.mesh, part.material)
    return result


def _corner_materials() -> tuple[Material, ...]:
    """Two of each kind that agree in no parameter: what all surfaces agree in becomes a constant of the kernel."""
    first = plain((0.5, 0.4, 0.3), 0.31, specular=0.41, metallic=0.21, coat=0.11)
    second = plain((0.3, 0.4, 0.5), 0.73, specular=0.23, metallic=0.53, coat=0.67)
    clears = [Material(flat(tint), clear=True) for tint in ((0.9, 0.8, 0.7), (0.6, 0.7, 0.8))]
    return (first, second, *clears)


def shape(mi: Any, mesh: Mesh, material: Material) -> Any:
    """A Mitsuba mesh with its BSDF."""
    if not len(mesh.faces) or not np.isfinite(mesh.vertices).all():
        raise RenderError(f"A part of {material.name or 'plain'} material has an empty or infinite mesh.")
    properties = mi.Properties()
    properties["bsdf"] = mi.load_dict(material.bsdf())
    result = mi.Mesh(
        "part",
        len(mesh.vertices),
        len(mesh.faces),
        has_vertex_normals=True,
        has_vertex_texcoords=True,
        props=properties,
    )
    parameters = mi.traverse(result)
    parameters["vertex_positions"] = mesh.vertices.astype(np.float32).ravel()
    parameters["vertex_normals"] = mesh.normals.astype(np.float32).ravel()
    # Bitmaps are stored top row first: turn the texture so that print reads upright.
    parameters["vertex_texcoords"] = (1 - mesh.uv).astype(np.float32).ravel()
    parameters["faces"] = mesh.faces.astype(np.uint32).ravel()
    parameters.update()
    return result


def _regions(mi: Any, loaded: Any, scene: Scene, size: int) -> np.ndarray:
    """(size, size) uint8: the region behind each pixel's centre; clear walls count only when nothing is behind them."""
    import drjit as dr

    shapes = loaded.shapes()
    materials = {f"part{k:03d}": part.material for k, part in enumerate(scene.parts)}
    lookup: dict[int, Material | None] = {}
    for item in shapes:
        number = int(np.array(dr.reinterpret_array(mi.UInt32, mi.ShapePtr(item)))[0])
        lookup[number] = materials.get(item.id())
    index = dr.arange(mi.UInt32, size * size)
    x = (mi.Float(index % size) + 0.5) / size
    y = (mi.Float(index // size) + 0.5) / size
    ray, _ = loaded.sensors()[0].sample_ray(0.0, 0.5, mi.Point2f(x, y), mi.Point2f(0.5, 0.5))
    result = np.full(size * size, BACKGROUND, np.uint8)
    open_pixels = np.ones(size * size, bool)
    has_clear = any(m is not None and m.clear for m in lookup.values())
    for _ in range(CLEAR_WALLS if has_clear else 1):
        hit = loaded.ray_intersect(ray)
        numbers = np.array(dr.reinterpret_array(mi.UInt32, hit.shape))
        went_on = np.zeros_like(open_pixels)
        for number in np.unique(numbers[open_pixels]):
            material = lookup.get(int(number))
            here = open_pixels & (numbers == number)
            if material is None:
                continue
            if material.clear:
                result[here] = np.where(material.region == PACKAGING, PACKAGING, result[here])
                went_on |= here
            else:
                result[here] = material.region
        open_pixels = went_on
        if not open_pixels.any():
            break
        ray = hit.spawn_ray(ray.d)
    return result.reshape(size, size)


def _denoised(picture: np.ndarray) -> np.ndarray:
    """Radiance (H, W, 3) without the noise of few samples, by Open Image Denoise with albedo and normals as guides."""
    from mitsuba_oidn import denoise

    colour, albedo, normal = (
        np.ascontiguousarray(picture[..., k]) for k in (slice(0, 3), slice(4, 7), slice(7, 10))
    )
    return np.asarray(denoise(colour, np.clip(np.nan_to_num(albedo), 0, 1), np.nan_to_num(normal), hdr=True))
