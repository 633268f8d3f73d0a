"""The embeddings of the vocabulary's classes, stored beside a tagger's weights.

They depend on the prompts and on the weights alone, so a start need not compute them anew, nor keep the text tower for
them. What does not fit any more, prompts or weights, is not found, and is computed as if nothing were stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

STORED_FILE = "classes.safetensors"
MODEL_FILES = ("*.safetensors", "config.json", "tokenizer*.json")
WEIGHTS_KEY = "weights"


def key(prompts: Sequence[str], classes: Sequence[int]) -> str:
    """The name of the embeddings of classes that have so many of the prompts each."""
    text = "\n".join([*prompts, *(str(count) for count in classes)])
    return hashlib.sha256(text.encode()).hexdigest()


def write(folder: Path, embeddings: Mapping[str, torch.Tensor]) -> Path:
    """Store float32 unit vectors (N, D) under their `key` beside the weights in `folder`. Returns the file."""
    path = folder / STORED_FILE
    path.unlink(missing_ok=True)
    plain = {name: vectors.detach().float().contiguous() for name, vectors in embeddings.items()}
    save_file(plain, path, metadata={WEIGHTS_KEY: fingerprint(folder)})
    return path


def read(folder: Path) -> dict[str, torch.Tensor]:
    """What was stored for exactly these weights, by `key`; empty where nothing was, or for others."""
    path = folder / STORED_FILE
    if not path.is_file():
        return {}
    try:
        with safe_open(path, framework="pt") as stored:
            if (stored.metadata() or {}).get(WEIGHTS_KEY) != fingerprint(folder):
                return {}
            return {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 - it is no mapping
    except (OSError, SafetensorError):
        return {}


def fingerprint(folder: Path) -> str:
    """SHA-256 of the model's weights, configuration and tokenizer."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in MODEL_FILES for path in folder.glob(pattern)}):
        if path.name != STORED_FILE:
            with path.open("rb") as file:
                digest.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()
