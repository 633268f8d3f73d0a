"""Measuring the product's own material in CIELAB: where it is, in what light, which shade, how sure."""
