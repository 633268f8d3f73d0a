"""From candidate captions and measurements to the text: claims judged, ranked, mended, and what the user gave."""
