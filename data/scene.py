"""A product on its ground under its light, before a camera, traced by Mitsuba 3 to linear light and exact masks."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from beauty_vlm.measurement.regions import BACKGROUND, PACKAGING
from data.arrangement import can_group, group
from data.draw import Draw
from data.glassware import glass_bench
from data.ground import second_paper, table
from data.holding import held, holdable
from data.material import INDEX, Material, flat, glass, linear, plain
from data.mesh import Mesh, joined, sheet
from data.product import Part, Product
from data.products import swatches
from data.props import company
from data.staging import (
    BOUND,
    COMPANY,
    CUT_OUT,
    LIGHTS,
    QUIET,
    SETTINGS,
    SETTINGS_OF_GROUPS,
    SETTINGS_OF_HANDS,
    Camera,
    frame,
    framed_points,
    posed,
    standing_ground,
)
from data.stilllife import shading, still_life
from data.studio import Light, irradiance, studio

# The last needs no compiler and no graphics card, but is some thirty times slower.
VARIANTS = ("cuda_ad_rgb", "llvm_ad_rgb", "scalar_rgb")
CHOSEN = "BEAUTY_VLM_RENDERER"  # environment variable that names one of them
LLVM_LIBRARIES = (  # 15 and older abort on processors with AVX-512
    "/usr/lib/x86_64-linux-gnu/libLLVM-19.so", "/usr/lib/llvm-19/lib/libLLVM.so", "/usr/lib/llvm-18/lib/libLLVM.so",
    "/usr/lib/llvm-17/lib/libLLVM.so", "/usr/lib/llvm-16/lib/libLLVM.so",
)  # fmt: skip
MAX_DEPTH = 8  # thick clear walls, the fill, and out again; less would darken a fluid behind its glass
GROUPED, HELD, SMEARED = 0.2, 0.07, 0.12  # of the products that can be shown so
# Of these, shops show several at once more often than of others.
GROUPED_TYPES = {"foundation": 0.26, "skincare cream": 0.26, "mascara": 0.27, "eyeliner": 0.25}
TWO_PAPERS = 0.35  # of the pictures on paper hold two colours of it
SHADED = 0.4  # of the pictures in the sun, the shadow of a plant or a blind falls on the product
SHAPES_STEP = 8  # the kernel depends on the number of surfaces, so it is filled up to a multiple of this
EVEN = 5  # pixels across that agree in their coverage, which then needs no smoothing
CLEAR_WALLS = 6  # surfaces that a mask ray passes before it gives up


class RenderError(Exception):
    """A scene that cannot be rendered here; the message says why in one sentence."""


@dataclass(frozen=True)
class Scene:
    """`ground` is None for a cut-out product, whose background is added by `data.photograph`.

    `stage` is the ground's mesh (a flat table if None), `setting` one of SETTINGS, `aspect` the width of the picture's
    part that is kept divided by its height.
    """

    product: Product
    parts: tuple[Part, ...]
    light: Light
    camera: Camera
    ground: Material | None
    exposure: float  # linear gain that shows a surface facing the camera at its own reflectance
    stage: Mesh | None = None
    setting: str = "white"
    aspect: float = 1.0


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
    chosen = os.environ.get(CHOSEN)
    for variant in (chosen,) if chosen else VARIANTS:
        if variant.startswith("cuda") and not Path("/dev/nvidia0").exists():
            continue
        try:
            mi.set_variant(variant)
            drjit.set_thread_count(threads)
            mi.Float(1.0) + 1
            return mi
        except (ImportError, RuntimeError, AttributeError):
            continue
    raise RenderError(f"Mitsuba found no backend that runs here, of {', '.join((chosen,) if chosen else VARIANTS)}.")


def compose(draw: Draw, product: Product) -> Scene:
    """Chooses a setting, poses the product, adds company, lights it and frames it."""
    setting = product.setting or draw.weighted(SETTINGS)
    if can_group(product) and draw.chance(GROUPED_TYPES.get(product.product_type, GROUPED)):
        product = group(draw, product)
        setting = draw.weighted(SETTINGS_OF_GROUPS)
    elif holdable(product) and (product.setting == "wall" or draw.chance(HELD)):
        product = _in_hand(draw, product)
        setting = product.setting or draw.weighted(SETTINGS_OF_HANDS)
    elif not product.setting and draw.chance(SMEARED):
        product = swatches.beside(draw, product, cutout=setting in CUT_OUT)
    if setting in QUIET and product.view == "overhead":
        setting = "surface"
    if setting == "sun" and any(part.material.clear for part in product.parts):
        setting = "sweep"  # glass would throw a black shadow: the path tracer finds no way of a hard light through it
    if setting == "paper" and any(part.material.name == "skin" for part in product.parts):
        setting = "strong"  # the light that strong paper throws back would dye a whole face
    parts, view = posed(draw, product, setting)
    subject = framed_points(parts)
    span, height = float(np.ptp(subject[:, 0])), float(max(np.ptp(subject[:, 1]), 0.5))
    if view != "upright":
        height = max(height, float(np.ptp(subject[:, 2])))
    aspect = 1.0
    if setting != "white":
        tall = draw.uniform(0.5, 0.85)
        aspect = draw.weighted({1.0: 6.5, tall: 2.2, 1 / tall: 1.3})
    if setting == "bench":
        aspect = draw.weighted({1.45: 3, 1.0: 1, 1.78: 1})
    worn = any(part.material.name == "skin" for part in parts)  # people stand among no props
    material, stage = standing_ground(draw, setting, view, parts)
    if setting == "bench":
        parts += glass_bench(draw, span, height)
    elif setting == "still" and material is not None and not worn:
        things, lift = still_life(draw, subject.min(0), subject.max(0), material)
        parts = [part.moved(y=lift) for part in parts] + things
    elif not worn and draw.chance(COMPANY.get(setting, 0.0)):
        parts += company(draw, span, height, view != "upright")
    elif not worn and setting in CUT_OUT and view == "upright" and draw.chance(0.05):
        parts += company(draw, span, height, False, "carton")
    if setting == "paper" and material is not None and not worn and draw.chance(TWO_PAPERS):
        whole = framed_points(parts)
        parts.append(Part(*second_paper(draw, view != "upright", whole.min(0), whole.max(0), material)))
    subject = framed_points(parts)
    several = product.count > 1 and draw.chance(0.85)
    camera = frame(draw, view, subject, setting, aspect, whole=bool(product.contains) or worn or several)
    lights = dict(LIGHTS.get(setting, {"boxes": 5, "tent": 4, "window": 1}))
    if any(part.material.clear for part in parts) and len(lights) > 1:
        lights.pop("sun", None)
    light = studio(draw, draw.weighted(lights))
    if setting in ("sun", "still", "paper") and light.sun is not None and draw.chance(SHADED):
        shade = shading(draw, light.sun[0], subject, camera.origin, camera.target, camera.fov)
        if shade is not None and float(np.abs(shade.mesh.vertices).max()) < BOUND:
            parts += [shade]
    reflectance = None if material is None else float(linear(material.colour).mean())
    facing = camera.origin - camera.target
    # Under a high sun the table is brighter than the product's front: expose for both.
    shown = max(irradiance(light, facing, reflectance), 0.5 * irradiance(light, np.array([0.0, 1.0, 0.0]), None))
    exposure = draw.uniform(0.85, 1.1) / shown
    return Scene(product, tuple(parts), light, camera, material, exposure, stage, setting, aspect)


def _in_hand(draw: Draw, product: Product) -> Product:
    layout = f"{product.layout}, held in a hand".removeprefix(", ")
    return replace(product, parts=tuple(held(draw, list(product.parts))), layout=layout, tiltable=False)


def trace(scene: Scene, size: int, samples: int, seed: int) -> Traced:
    """Path-traces the scene at size x size pixels.

    Raises:
        RenderError: a part's mesh is empty or not finite, or no renderer runs here.
    """
    mi = renderer()
    loaded = mi.load_dict(description(mi, scene, size, samples), parallel=False)
    # Not with the light in one launch, which takes twice as long.
    aovs = mi.load_dict({"type": "aov", "aovs": "albedo:albedo,normal:sh_normal"})
    surfaces = np.array(mi.render(loaded, integrator=aovs, seed=seed % (1 << 31)), dtype=np.float32)
    guides = [np.ascontiguousarray(np.nan_to_num(surfaces[..., k])) for k in (slice(0, 3), slice(3, 6))]
    picture = np.array(mi.render(loaded, seed=seed % (1 << 31)), dtype=np.float32)
    radiance = _denoised(picture[..., :3], *guides) * scene.exposure
    coverage = np.clip(picture[..., 3], 0, 1)
    if any(part.material.clear for part in scene.parts):
        # Clear walls let some samples of a pixel through to the backdrop: their share is as noisy as the light.
        smooth = np.clip(_denoised(np.repeat(coverage[..., None], 3, 2), *guides)[..., 0], 0, 1)
        even = maximum_filter(coverage, EVEN) == minimum_filter(coverage, EVEN)
        coverage = np.where(even, coverage, smooth)
    return Traced(radiance, coverage, _regions(mi, loaded, scene, size))


def description(mi: Any, scene: Scene, size: int, samples: int) -> dict[str, Any]:
    """The scene as Mitsuba's dictionary."""
    transform, camera = mi.ScalarTransform4f, scene.camera
    environment = mi.Bitmap(scene.light.environment.astype(np.float32))
    result: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": MAX_DEPTH, "rr_depth": 5, "hide_emitters": True},
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
        extent = min(10 * float(max(np.ptp(np.concatenate([p.mesh.vertices for p in scene.parts]), axis=0))), BOUND)
        stage = table(extent).moved(y=-0.002) if scene.stage is None else scene.stage
        result["ground"] = shape(mi, stage, scene.ground)
    used = Counter((part.material.clear, part.material.solid) for part in scene.parts)
    used[False, False] += scene.ground is not None
    for number, kind in enumerate(fillers[::2]):
        for index in range(-used[kind.clear, kind.solid] % SHAPES_STEP):
            result[f"filler{number}{index}"] = shape(mi, corners, kind)
    for index, part in enumerate(scene.parts):
        result[f"part{index:03d}"] = shape(mi, part.mesh, part.material)
    return result


def _corner_materials() -> tuple[Material, ...]:
    """Two of each kind that agree in no parameter: what all surfaces agree in becomes a constant of the kernel."""
    first = plain((0.5, 0.4, 0.3), 0.31, specular=0.41, metallic=0.21, coat=0.11)
    second = plain((0.3, 0.4, 0.5), 0.73, specular=0.23, metallic=0.53, coat=0.67)
    tints = ((0.9, 0.8, 0.7), (0.6, 0.7, 0.8))
    return (first, second, *(Material(flat(tint), clear=True) for tint in tints), *map(glass, tints))


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


def rays(camera: Camera, size: int) -> np.ndarray:
    """Directions (size, size, 3), not of unit length, from the camera through the pixels' centres."""
    forward = camera.target - camera.origin
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, camera.up)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    line = (2 * (np.arange(size) + 0.5) / size - 1) * np.tan(np.radians(camera.fov / 2))
    return np.asarray(forward + line[None, :, None] * right - line[:, None, None] * up)


def _regions(mi: Any, loaded: Any, scene: Scene, size: int) -> np.ndarray:
    """(size, size) uint8: the region behind each pixel's centre; clear walls count only when nothing is behind them."""
    materials = {f"part{k:03d}": part.material for k, part in enumerate(scene.parts)}
    clear = any(m.clear for m in materials.values())
    walls = CLEAR_WALLS if clear else 1
    if mi.variant().startswith("scalar"):
        return _regions_one_by_one(mi, loaded, materials, walls, size)
    import drjit as dr

    lookup: dict[int, Material | None] = {}
    for item in loaded.shapes():
        number = int(np.array(dr.reinterpret_array(mi.UInt32, mi.ShapePtr(item)))[0])
        lookup[number] = materials.get(item.id())
    index = dr.arange(mi.UInt32, size * size)
    x = (mi.Float(index % size) + 0.5) / size
    y = (mi.Float(index // size) + 0.5) / size
    ray, _ = loaded.sensors()[0].sample_ray(0.0, 0.5, mi.Point2f(x, y), mi.Point2f(0.5, 0.5))
    result = np.full(size * size, BACKGROUND, np.uint8)
    open_pixels = np.ones(size * size, bool)
    for _ in range(walls):
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
        solid = [number for number, material in lookup.items() if material is not None and material.solid]
        ray = hit.spawn_ray(dr.select(mi.Bool(np.isin(numbers, solid)), _bent(mi, hit), ray.d))
    return result.reshape(size, size)


def _bent(mi: Any, hit: Any) -> Any:
    """The direction (3,) in which a ray goes on behind the surface of solid glass, or off it in total reflection."""
    import drjit as dr

    mirrored, cosine, _, ratio = mi.fresnel(mi.Frame3f.cos_theta(hit.wi), INDEX)
    return hit.to_world(dr.select(mirrored < 1, mi.refract(hit.wi, cosine, ratio), mi.reflect(hit.wi)))


def _regions_one_by_one(mi: Any, loaded: Any, materials: dict[str, Material], walls: int, size: int) -> np.ndarray:
    """The same, ray by ray, for the variant without arrays."""
    result = np.full((size, size), BACKGROUND, np.uint8)
    sensor = loaded.sensors()[0]
    for row, column in np.ndindex(size, size):
        point = mi.Point2f((column + 0.5) / size, (row + 0.5) / size)
        ray, _ = sensor.sample_ray(0.0, 0.5, point, mi.Point2f(0.5, 0.5))
        for _ in range(walls):
            hit = loaded.ray_intersect(mi.Ray3f(ray))
            material = materials.get(hit.shape.id()) if hit.is_valid() else None
            if material is None:
                break
            if not material.clear:
                result[row, column] = material.region
                break
            if material.region == PACKAGING:
                result[row, column] = PACKAGING
            ray = hit.spawn_ray(_bent(mi, hit) if material.solid else ray.d)
    return result


def _denoised(picture: np.ndarray, albedo: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) without the noise of few samples, by Open Image Denoise with albedo and normals as guides."""
    from mitsuba_oidn import denoise

    return np.asarray(denoise(np.ascontiguousarray(picture), np.clip(albedo, 0, 1), normal, hdr=True))
