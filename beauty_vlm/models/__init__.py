"""The three models: the captioner, the tagger and the segmenter, and the loader that finds them."""
