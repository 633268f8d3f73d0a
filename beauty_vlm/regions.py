"""The three kinds of pixel that the segmentation model tells apart."""

BACKGROUND, PACKAGING, MATERIAL = 0, 1, 2
