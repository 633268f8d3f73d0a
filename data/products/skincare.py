"""Skin care: creams, serums, cleansers and sunscreens, one module each."""

from data.products.cleansers import cleanser
from data.products.creamjars import cream
from data.products.serums import serum
from data.products.sunscreens import sunscreen

__all__ = ["cleanser", "cream", "serum", "sunscreen"]
