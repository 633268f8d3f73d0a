"""From linear light to the photo that a shop would post: background, exposure, sharpening, noise, overlays, JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, grey_closing

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from data.backdrop import backdrop, shadowed
from data.draw import Draw
from data.environment import room, view
from data.graphics import border_colour
from data.overlay import decorated
from data.scene import Scene, Traced, rays

WHITE_BALANCE_SIGMA = 0.015  # each channel's gain; more would make the caption's shade words untrue of the picture
WHOLE = 0.97  # coverage of a pixel that no background shines through
SHOULDER = 0.8  # linear value from which highlights roll off softly


@dataclass(frozen=True)
class Photo:
    """`image` (H, W, 3) uint8 sRGB, `regions` (H, W) uint8, `background` in words."""

    image: np.ndarray
    regions: np.ndarray
    background: str


def photograph(draw: Draw, scene: Scene, traced: Traced) -> Photo:
    """The finished photo of a traced scene, padded to a square as the app pads photos."""
    size = traced.regions.shape[0]
    gains = 1 + draw.rng.normal(0, WHITE_BALANCE_SIGMA, 3)
    radiance = traced.radiance * gains * 2 ** draw.normal(0.06)
    if scene.ground is None:
        picture, background = _cut_out(draw, scene, radiance, traced.coverage)
    else:
        picture, background = _in_place(draw, scene, radiance, traced)
    kept = _kept(scene.aspect, size)
    picture, regions = picture[kept], traced.regions[kept]
    picture, regions = decorated(draw, picture, regions, scene.product.shades, scene.product.product_type)
    picture = _developed(draw, picture, noisy=scene.ground is not None or draw.chance(0.15))
    image = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    return Photo(*_padded(image, regions, kept, size), background)


def jpeg(draw: Draw, image: np.ndarray) -> bytes:
    """The picture as a JPEG of a quality that shops use."""
    buffer = io.BytesIO()
    quality = draw.integer(75, 96) if draw.chance(0.85) else draw.integer(50, 75)
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def encode(radiance: np.ndarray) -> np.ndarray:
    """Linear light to sRGB in [0, 1] with a soft shoulder for highlights."""
    s = np.clip(radiance, 0, None)
    rolled = SHOULDER + (1 - SHOULDER) * (1 - np.exp(-(s - SHOULDER) / (1 - SHOULDER)))
    s = np.where(s > SHOULDER, rolled, s)
    return np.where(s <= 0.0031308, 12.92 * s, 1.055 * np.clip(s, 1e-9, None) ** (1 / 2.4) - 0.055)


def _cut_out(draw: Draw, scene: Scene, radiance: np.ndarray, coverage: np.ndarray) -> tuple[np.ndarray, str]:
    """The product over an image, with or without a shadow; returns sRGB (H, W, 3) and the background's name."""
    image, name = backdrop(draw, scene.setting, coverage.shape[0])
    # The film holds radiance multiplied by coverage: undo it before blending, in display values as editors do.
    alpha = coverage[..., None]
    straight = radiance / np.maximum(alpha, 1e-3)
    # At the outline that division finds noise: take the colour from the pixels just inside.
    inside = (alpha > WHOLE).astype(float)
    share = gaussian_filter(inside, (1, 1, 0))
    near = gaussian_filter(radiance * inside, (1, 1, 0)) / np.maximum(share, 1e-3)
    straight = np.clip(encode(np.where((alpha < WHOLE) & (share > 0.05), near, straight)), 0, 1)
    image = shadowed(draw, scene.product.view, image, straight, coverage)
    return np.where(alpha > 1e-3, straight * alpha + image * (1 - alpha), image), name


def _in_place(draw: Draw, scene: Scene, radiance: np.ndarray, traced: Traced) -> tuple[np.ndarray, str]:
    """The product on its table with what is seen behind the table."""
    assert scene.ground is not None
    size = traced.coverage.shape[0]
    # Paths that end between many walls of glass leave holes, where the table shows all the same.
    alpha = grey_closing(traced.coverage, 5)[..., None]
    directions = rays(scene.camera, size)
    name = scene.ground.name
    if scene.setting == "room":
        panorama = scene.light.room if scene.light.room is not None else room(draw)
        # A wider lens than the product's: surroundings are near, panoramas far.
        forward = directions.mean((0, 1))
        wide = forward + (directions - forward) * draw.uniform(1.5, 4)
        behind = view(draw, panorama, wide) * draw.uniform(0.3, 0.95)
        if (traced.coverage < 0.5).mean() > 0.3:
            name = "blurred"
    else:
        radiance, behind = _wall(draw, scene, radiance, traced.coverage)
    picture = encode(radiance + behind * (1 - alpha))
    skin = any(p.material.name == "skin" for p in scene.parts)
    if scene.setting in ("room", "surface") and not skin and draw.chance(0.7):
        picture = _out_of_focus(draw, scene, picture, traced.regions, directions)
    if scene.setting == "room" and draw.chance(0.3):  # vignette
        y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
        picture = picture * (1 - draw.uniform(0.05, 0.2) * (x**2 + y**2))[..., None]
    return picture, name


def _wall(draw: Draw, scene: Scene, radiance: np.ndarray, coverage: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A wall in the table's colour where the picture sees past the table; white sweeps are exposed to white."""
    size = coverage.shape[0]
    rim = np.concatenate(
        [radiance[-5:].reshape(-1, 3), radiance[:, :3].reshape(-1, 3), radiance[:, -3:].reshape(-1, 3)]
    )
    seen = np.concatenate([coverage[-5:].ravel(), coverage[:, :3].ravel(), coverage[:, -3:].ravel()]) > 0.95
    if not seen.any():
        return radiance, np.zeros(3)
    ground = np.median(rim[seen], axis=0)
    if scene.ground is not None and scene.ground.name == "white" and draw.chance(0.75):
        # At most a stop either way: beyond that the product's own colour would no longer be what the light shows.
        gain = float(np.clip(draw.uniform(0.9, 1.05) / max(ground.max(), 1e-3), 0.7, 1.4))
        radiance, ground = radiance * gain, ground * gain
    fade = np.linspace(draw.uniform(0.8, 1.05), 1.0, size)[:, None, None]
    return radiance, ground * fade


def _out_of_focus(
    draw: Draw, scene: Scene, picture: np.ndarray, regions: np.ndarray, directions: np.ndarray
) -> np.ndarray:
    """The table blurred before and behind the product, by how far each of its points lies from the plane of focus."""
    camera, size = scene.camera, regions.shape[0]
    focus = float(np.linalg.norm(camera.target - camera.origin))
    down = np.minimum(directions[..., 1], -1e-4)
    depth = np.clip(-camera.origin[1] / down, 0.2 * focus, 50 * focus)  # along the view, where the ray meets the table
    reach = max(np.ptp(np.concatenate([p.mesh.vertices for p in scene.parts])[:, 2]), 0.15 * focus)
    blur = np.clip((np.abs(depth - focus) - 0.5 * reach) / depth, 0, 1) * draw.uniform(0.5, 2)
    free = (regions == BACKGROUND).astype(float)
    result = picture
    for weight, sigma in ((np.clip(blur * 3, 0, 1), 0.008 * size), (np.clip(blur * 2 - 0.4, 0, 1), 0.028 * size)):
        # Blurred without the product's pixels, which would bleed into the table.
        share = gaussian_filter(free, sigma)[..., None]
        soft = gaussian_filter(picture * free[..., None], (sigma, sigma, 0)) / np.maximum(share, 1e-3)
        mix = (weight * gaussian_filter(free, 0.7) * free)[..., None]
        result = result * (1 - mix) + soft * mix
    return np.asarray(result)


def _developed(draw: Draw, picture: np.ndarray, noisy: bool) -> np.ndarray:
    """What cameras, editors and shops' servers do: contrast, softness or sharpening, noise, enlargement."""
    picture = np.clip(picture, 0, 1)
    if draw.chance(0.25):  # contrast; keeps black, middle grey and white
        picture = picture + draw.uniform(-0.25, 0.35) * (picture - 0.5) * picture * (1 - picture) * 2
    if draw.chance(0.15):
        soft = draw.uniform(0.4, 1.0)
        picture = gaussian_filter(picture, (soft, soft, 0))
    elif draw.chance(0.4):
        halo = draw.uniform(0.6, 1.4)
        picture = picture + draw.uniform(0.3, 0.9) * (picture - gaussian_filter(picture, (halo, halo, 0)))
    if noisy:
        grain = draw.rng.normal(0, draw.uniform(0, 0.01), picture.shape)
        picture = picture + (gaussian_filter(grain, (0.6, 0.6, 0)) * 1.6 if draw.chance(0.5) else grain)
    if draw.chance(0.07):  # a thumbnail enlarged
        height, width = picture.shape[:2]
        scale = draw.integer(90, 150) / max(height, width)
        if scale < 1:
            image = Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
            small = image.resize((max(8, int(width * scale)), max(8, int(height * scale))), Image.Resampling.LANCZOS)
            picture = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)) / 255.0
    return picture


def _kept(aspect: float, size: int) -> tuple[slice, slice]:
    """Rows and columns of the middle part whose width is `aspect` times its height."""
    height, width = round(size * min(1.0, 1 / aspect)), round(size * min(1.0, aspect))
    top, left = (size - height) // 2, (size - width) // 2
    return slice(top, top + height), slice(left, left + width)


def _padded(
    image: np.ndarray, regions: np.ndarray, kept: tuple[slice, slice], size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Filled up to a square with the border's median colour, as `beauty_vlm.models.canvas.square` does."""
    square = np.empty((size, size, 3), np.uint8)
    square[:] = border_colour(image).astype(np.uint8)
    masks = np.full((size, size), BACKGROUND, np.uint8)
    square[kept], masks[kept] = image, regions
    return square, masks


def contact_sheet(images: list[np.ndarray], columns: int) -> Image.Image:
    """Pictures of one size side by side."""
    h, w = images[0].shape[:2]
    rows = -(-len(images) // columns)
    sheet = Image.new("RGB", (columns * w, rows * h), "white")
    for k, image in enumerate(images):
        sheet.paste(Image.fromarray(image), ((k % columns) * w, (k // columns) * h))
    return sheet


def outlined(image: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """The picture with material tinted green and packaging blue, to check masks by eye."""
    tint = image.astype(float)
    tint[regions == MATERIAL] = tint[regions == MATERIAL] * 0.5 + np.array([0, 255, 0]) * 0.5
    tint[regions == PACKAGING] = tint[regions == PACKAGING] * 0.5 + np.array([0, 0, 255]) * 0.5
    return tint.astype(np.uint8)
