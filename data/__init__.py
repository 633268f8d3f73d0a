"""Physically based renders of cosmetics whose shade, finish and masks are known exactly."""
