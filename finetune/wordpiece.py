"""A WordPiece vocabulary cut down to what beauty captions and typed labels need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transformers import BertTokenizer

from finetune.packages import MINILM_VOCABULARY

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
BEGIN = "[DEC]"  # BLIP's begin-of-caption token


@dataclass(frozen=True, slots=True)
class PrunedVocabulary:
    """`tokens` in their new order; `rows[i]` is the row that token i has in the full embedding, None if new."""

    tokens: tuple[str, ...]
    rows: tuple[int | None, ...]

    def tokenizer(self, max_length: int) -> BertTokenizer:
        """The tokenizer over these tokens; texts longer than `max_length` tokens are cut on request."""
        vocabulary = {token: number for number, token in enumerate(self.tokens)}
        added = [BEGIN] if BEGIN in vocabulary else []
        return BertTokenizer(
            vocab=vocabulary,
            do_lower_case=True,
            model_max_length=max_length,
            additional_special_tokens=added,
        )


def full_vocabulary() -> tuple[str, ...]:
    """All 30,522 tokens of BERT-uncased. Raises WeightsMissing."""
    return tuple(MINILM_VOCABULARY.path().read_text(encoding="utf-8").splitlines())


def prune(
    texts: Iterable[str], whole_words: int, begin: bool = False, full: tuple[str, ...] | None = None
) -> PrunedVocabulary:
    """Keep special tokens, all single characters, what `texts` use, and the `whole_words` commonest words.

    BERT's ids run from common to rare, so the lowest ids of alphabetic words are the commonest. Single
    characters and their ## forms stay: with them any typed word can still be spelled. `begin` adds BLIP's
    [DEC].
    """
    full = full or full_vocabulary()
    number = {token: row for row, token in enumerate(full)}
    keep = {number[token] for token in SPECIAL}
    keep |= {row for token, row in number.items() if len(token.removeprefix("##")) == 1}
    tokenizer = PrunedVocabulary(full, tuple(range(len(full)))).tokenizer(max_length=10**6)
    for text in set(texts):
        keep.update(tokenizer(text)["input_ids"])
    common = (row for row, token in enumerate(full) if token.isascii() and token.isalpha() and len(token) > 1)
    for _, row in zip(range(whole_words), common, strict=False):
        keep.add(row)
    # [PAD] has to stay id 0: transformers' BERT and BLIP configurations say so.
    order = sorted(keep, key=lambda row: (full[row] not in SPECIAL, row))
    tokens, rows = [full[row] for row in order], list[int | None](order)
    if begin:
        tokens.append(BEGIN)
        rows.append(None)
    return PrunedVocabulary(tuple(tokens), tuple(rows))
