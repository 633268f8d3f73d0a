"""Training of the embedded models on renders: one module a model, one YAML recipe each in `recipes/`."""
