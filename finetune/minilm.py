"""MiniLM in transformers' layouts: as the tagger's text tower and as BLIP's decoder."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertModel, BlipTextConfig
from transformers.models.blip.modeling_blip_text import BlipTextLMHeadModel

from finetune.packages import MINILM
from finetune.wordpiece import BEGIN, PrunedVocabulary

MINILM_WIDTH, MINILM_INNER, MINILM_HEADS = 384, 1536, 12
NEW_WEIGHT_STD = 0.02  # BERT's initializer range


def minilm_text(layers: int, vocabulary: PrunedVocabulary, max_length: int) -> BertModel:
    """The first `layers` layers of MiniLM as `BertModel` over a pruned vocabulary. Raises WeightsMissing.

    MiniLM pools by the mean, the dual encoder by BERT's pooler over [CLS]: the pooler is trained with the
    towers.
    """
    source = load_file(MINILM.path())
    config = BertConfig(
        vocab_size=len(vocabulary.tokens),
        hidden_size=MINILM_WIDTH,
        intermediate_size=MINILM_INNER,
        num_attention_heads=MINILM_HEADS,
        num_hidden_layers=layers,
        max_position_embeddings=max_length,
        hidden_dropout_prob=0.0,  # drawing masks takes 4% of the step, and the texts vary enough
        attention_probs_dropout_prob=0.0,
    )
    # For a few dozen tokens of 32-wide heads plain products are faster than the fused kernel's backward pass.
    config._attn_implementation = "eager"
    model = BertModel(config)
    kept = {name for name in model.state_dict() if not name.startswith("embeddings.")}
    weights = {name: value for name, value in source.items() if name in kept}
    weights |= {f"embeddings.{name}": value for name, value in _embeddings(source, vocabulary, max_length)}
    weights["embeddings.token_type_embeddings.weight"] = source["embeddings.token_type_embeddings.weight"]
    model.load_state_dict(weights, strict=True)
    return model


def minilm_decoder(layers: int, vocabulary: PrunedVocabulary, max_length: int, image_width: int) -> BlipTextLMHeadModel:
    """BLIP's text decoder from the first `layers` layers of MiniLM. Raises WeightsMissing.

    Cross-attention and the head's transform are new (std .02); the head is tied to the word embeddings. BLIP
    has no token types: MiniLM's type 0, which every token had added to it, goes into the positions.
    """
    source = load_file(MINILM.path())
    begin, sep = vocabulary.tokens.index(BEGIN), vocabulary.tokens.index("[SEP]")
    config = BlipTextConfig(
        vocab_size=len(vocabulary.tokens),
        hidden_size=MINILM_WIDTH,
        encoder_hidden_size=image_width,
        intermediate_size=MINILM_INNER,
        num_hidden_layers=layers,
        num_attention_heads=MINILM_HEADS,
        max_position_embeddings=max_length,
        bos_token_id=begin,
        eos_token_id=sep,
        sep_token_id=sep,
        pad_token_id=vocabulary.tokens.index("[PAD]"),
    )
    model = BlipTextLMHeadModel(config)
    names = set(model.state_dict())
    weights = {f"bert.{name}": value for name, value in source.items() if f"bert.{name}" in names}
    embeddings = dict(_embeddings(source, vocabulary, max_length))
    first_type = source["embeddings.token_type_embeddings.weight"][0]
    embeddings["position_embeddings.weight"] = embeddings["position_embeddings.weight"] + first_type
    weights |= {f"bert.embeddings.{name}": value for name, value in embeddings.items()}
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or not all("crossattention" in name or "cls.predictions" in name for name in missing):
        raise ValueError(f"MiniLM does not fit the decoder: {missing[:3]} {unexpected[:3]}")
    model.tie_weights()
    return model


def _embeddings(
    source: dict[str, torch.Tensor], vocabulary: PrunedVocabulary, max_length: int
) -> Iterator[tuple[str, torch.Tensor]]:
    words = source["embeddings.word_embeddings.weight"]
    generator = torch.Generator().manual_seed(0)
    new = torch.randn(MINILM_WIDTH, generator=generator) * NEW_WEIGHT_STD
    yield (
        "word_embeddings.weight",
        torch.stack([new if row is None else words[row] for row in vocabulary.rows]),
    )
    yield "position_embeddings.weight", source["embeddings.position_embeddings.weight"][:max_length]
    for part in ("weight", "bias"):
        yield f"LayerNorm.{part}", source[f"embeddings.LayerNorm.{part}"]
