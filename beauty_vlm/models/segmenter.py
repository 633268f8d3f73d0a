"""The segmenter: which pixels are background, packaging, and the product's own material."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING, Segmentation, product_box
from beauty_vlm.models.canvas import as_pixels, canvas_size
from beauty_vlm.models.picture import Picture, square

# Longest side at which the logits are interpolated. The network sees a few hundred pixels, so beyond this a
# smooth edge is invention and only costs memory; larger photos repeat the nearest class.
FINEST_SIDE = 1024
# Probability from which a pixel is surely material, chosen on 169 held-out renders: measured on sure pixels, the main
# shade is off by 2.9 CIEDE2000 on average instead of 4.0. Where less than SURE_SHARE of it is sure, all counts.
SURE, SURE_SHARE = 0.7, 0.25
# A product whose box is at most this part of the photo's longer side is looked at again, closer: its material is found
# more exactly, up to .85 (finetune/TRIALS.md).
SMALL = 0.8


class Segmenter:
    """Finds the product's material. Safe to call from several threads."""

    def __init__(self, model: Any, image_processor: Any) -> None:
        """`model` is a BeautySegmenter."""
        self._model = model
        self._image_processor = image_processor
        self._size = canvas_size(image_processor)
        self._lock = threading.Lock()

    def regions(self, photo: Image.Image | Picture) -> np.ndarray:
        """The regions alone of `segment`."""
        return self.segment(photo).regions

    def segment(self, photo: Image.Image | Picture) -> Segmentation:
        """The background, package and material of `photo` (RGB). A small product is looked at twice, the second time
        closer.
        """
        picture = photo if isinstance(photo, Picture) else Picture(photo)
        image, shares = picture.image, self._first_look(picture)
        height, width = shares.shape[1:]
        classes = _classes(shares)
        if box := _small_box(classes):
            left, top, right, bottom = box
            across, down = image.width / width, image.height / height
            closer = image.crop((int(left * across), int(top * down), int(right * across), int(bottom * down)))
            shares[:, top:bottom, left:right] = self._shares(closer, bottom - top, right - left)
            classes = _classes(shares)
        regions = np.array(Image.fromarray(classes).resize(image.size, Image.Resampling.NEAREST))
        material = shares[MATERIAL][classes == MATERIAL]
        return Segmentation(regions, float(material.mean()) if len(material) else 0.0)

    def looks(self, image: Image.Image) -> int:
        """How often `segment` looks at `image` (RGB)."""
        return 2 if _small_box(_classes(self._first_look(Picture(image)))) else 1

    def _first_look(self, picture: Picture) -> np.ndarray:
        """The probability of each class (3, h, w), at FINEST_SIDE a side at most."""
        width, height = picture.image.size
        scale = min(1.0, FINEST_SIDE / max(width, height))
        return self._shares(picture, max(1, round(height * scale)), max(1, round(width * scale)))

    def _shares(self, photo: Image.Image | Picture, height: int, width: int) -> np.ndarray:
        """The probability of each class (3, height, width), at that size."""
        canvas, (left, top, right, bottom) = square(photo, self._size)
        pixels = as_pixels([canvas], self._image_processor)
        with self._lock, torch.inference_mode():
            logits = self._model(pixels.to(self._model.device, self._model.dtype)).logits.float().cpu()
        logits = functional.interpolate(logits, size=canvas.size, mode="bilinear", align_corners=False)
        inside = logits[:, :, top:bottom, left:right]
        inside = functional.interpolate(inside, size=(height, width), mode="bilinear", align_corners=False)
        return np.array(inside[0].softmax(dim=0))


def _small_box(classes: np.ndarray) -> tuple[int, int, int, int] | None:
    """The product's box among classes (H, W), where it is small enough for a closer look."""
    box = product_box(classes)
    if box is None or max(box[2] - box[0], box[3] - box[1]) > SMALL * max(classes.shape):
        return None
    return box


def _classes(shares: np.ndarray) -> np.ndarray:
    """The class (H, W) of each pixel from probabilities (3, H, W).

    The shade is measured on the material, and one wrong band spoils it more than a lost edge does: where enough of
    the material is sure, only that counts.
    """
    classes = shares.argmax(axis=0).astype(np.uint8)
    material = classes == MATERIAL
    sure = shares[MATERIAL] >= SURE
    if (material & sure).sum() >= SURE_SHARE * material.sum():
        others = np.where(shares[PACKAGING] >= shares[BACKGROUND], PACKAGING, BACKGROUND).astype(np.uint8)
        classes = np.where(material & ~sure, others, classes)
    return classes
