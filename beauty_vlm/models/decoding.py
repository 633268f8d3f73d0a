"""Greedy and beam search over `CaptionNetwork`, token for token what transformers' `generate` finds.

The definitions are those of transformers 5.23, `GenerationMixin._sample` and `_beam_search` with length penalty 1
and `early_stopping=False`: in greedy search the repetition penalty works on logits, in beam search on log
probabilities; a beam's score is the sum of its log probabilities by the number of its new tokens, the last [SEP]
included; a photo is finished when its best running beam, scored so, falls below the worst finished one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from beauty_vlm.models.network import CaptionNetwork
from beauty_vlm.models.steps import Steps

NEVER = -1e9  # the score of what must not be chosen, as in transformers
ENDS = 2  # continuations looked at a beam: one of them may be the end


@dataclass(frozen=True, slots=True)
class Search:
    """How captions are looked for. `beams` 1 is greedy search."""

    max_new_tokens: int
    min_new_tokens: int = 0
    beams: int = 1
    repetition_penalty: float = 1.0


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One caption's new tokens, the end left out, and the mean log probability a token, the end included."""

    tokens: tuple[int, ...]
    score: float


@torch.inference_mode()
def search(network: CaptionNetwork, pixels: torch.Tensor, prompt: torch.Tensor, how: Search) -> list[list[Hypothesis]]:
    """The finished captions of each photo, best first; at most `beams`.

    `pixels` (B, 3, H, W) are normalised; `prompt` (S,) starts with [BOS] and goes before every caption.
    """
    return tell(network, network.look(pixels), prompt, how)


@torch.inference_mode()
def tell(network: CaptionNetwork, patches: torch.Tensor, prompt: torch.Tensor, how: Search) -> list[list[Hypothesis]]:
    """`search` of photos that the network has looked at: `patches` (B, P + 1, W)."""
    seen = network.decoder.look(patches)
    words = prompt.to(network.device).expand(len(patches), -1)
    cache = network.decoder.cache(len(patches), words.shape[1] + how.max_new_tokens)
    logits = network.decoder.head(network.decoder(words, 0, cache, seen)[:, -1])
    steps = network.stepper.steps(cache.spread(how.beams) if how.beams > 1 else cache, seen, words.shape[1])
    run, end = _Greedy if how.beams == 1 else _Beams, int(network.config.text_config.sep_token_id)
    return run(how, end, words, logits, steps).finish()


class _Greedy:
    """The likeliest token, again and again."""

    def __init__(self, how: Search, end: int, words: torch.Tensor, logits: torch.Tensor, steps: Steps) -> None:
        self._how, self._end, self._logits, self._steps = how, end, logits, steps
        self._said, self._spoken = words, words.shape[1]

    def finish(self) -> list[list[Hypothesis]]:
        photos = len(self._said)
        open_ = torch.ones(photos, dtype=torch.bool, device=self._said.device)
        total = torch.zeros(photos, dtype=torch.float32, device=self._said.device)
        counts = torch.zeros(photos, dtype=torch.long, device=self._said.device)
        for new in range(self._how.max_new_tokens):
            scores = _penalised(self._logits, self._said, self._how.repetition_penalty)
            if new < self._how.min_new_tokens:
                scores[:, self._end] = -torch.inf
            best = scores.argmax(dim=-1)
            likely = scores.gather(1, best[:, None])[:, 0] - scores.logsumexp(dim=-1)
            total, counts = total + likely * open_, counts + open_
            best = torch.where(open_, best, self._end)
            self._said = torch.cat([self._said, best[:, None]], dim=1)
            open_ = open_ & (best != self._end)
            if new + 1 == self._how.max_new_tokens or not bool(open_.any()):
                break
            self._logits = self._steps(best[:, None], self._spoken + new)[:, 0]
        means = (total / counts).tolist()
        rows = self._said[:, self._spoken :].tolist()
        return [[Hypothesis(_ended(row, self._end), mean)] for row, mean in zip(rows, means, strict=True)]


class _Photo:
    """One photo's beams. `running` go on, `finished` have ended; both best first."""

    def __init__(self, prompt: list[int], how: Search, end: int) -> None:
        self._how, self._end, self._spoken = how, end, len(prompt)
        self.running = [prompt] * how.beams
        # All beams are the same yet: only one of them may go on.
        self.scores = [0.0] + [NEVER] * (how.beams - 1)
        self.finished: list[Hypothesis] = []
        self.improving = True

    def extend(self, sums: list[float], origins: list[int], tokens: list[int]) -> list[int]:
        """Choose among the best continuations, best first. Returns the beam that each running one comes from."""
        if not self.improving:
            return list(range(self._how.beams))
        count = len(self.running[0]) + 1 - self._spoken
        going: list[tuple[float, int, int]] = []
        ended: list[Hypothesis] = []
        for rank, (total, origin, token) in enumerate(zip(sums, origins, tokens, strict=True)):
            if token == self._end or count == self._how.max_new_tokens:
                if rank < self._how.beams:  # the rest stand by only to go on
                    said = self.running[origin][self._spoken :]
                    ended.append(Hypothesis(_ended([*said, token], self._end), total / count))
            elif len(going) < self._how.beams:
                going.append((total, origin, token))
        self.finished = sorted([*self.finished, *ended], key=lambda one: -one.score)[: self._how.beams]
        if not going:
            self.improving = False
            return []
        self.running = [[*self.running[origin], token] for _, origin, token in going]
        self.scores = [total for total, _, _ in going]
        full = len(self.finished) == self._how.beams
        self.improving = not full or self.scores[0] / count > self.finished[-1].score
        return [origin for _, origin, _ in going]


class _Beams:
    """The likeliest sequences, several of each photo side by side.

    What is chosen is kept in Python: for a handful of beams that takes a fraction of the time of small tensors.
    Photos that are finished leave the batch once they are half of it.
    """

    def __init__(self, how: Search, end: int, words: torch.Tensor, logits: torch.Tensor, steps: Steps) -> None:
        self._how, self._end, self._steps, self._device = how, end, steps, words.device
        self._logits = logits[:, None].expand(-1, how.beams, -1)
        self._photos = [_Photo(prompt, how, self._end) for prompt in words.tolist()]

    def finish(self) -> list[list[Hypothesis]]:
        everyone = self._photos
        for new in range(self._how.max_new_tokens):
            parents = self._extend(new)
            open_ = [photo for photo in self._photos if photo.improving]
            if not open_:
                break
            position = len(open_[0].running[0]) - 1
            if parents != list(range(len(parents))):
                self._steps.reorder(torch.tensor(parents, device=self._device), position)
            if self._steps.shrinks and len(open_) * 2 <= len(self._photos):
                self._keep(open_)
            # A finished photo that is still in the batch repeats itself: nobody listens.
            last = [[beam[-1] for beam in photo.running] for photo in self._photos]
            self._logits = self._steps(torch.tensor(last, device=self._device), position)
        return [photo.finished for photo in everyone]

    def _extend(self, new: int) -> list[int]:
        """Choose the next token of every beam. Returns the row of the cache that each comes from."""
        beams = self._how.beams
        scores = self._logits.log_softmax(dim=-1)
        if self._how.repetition_penalty != 1.0:
            said = [beam for photo in self._photos for beam in photo.running]
            longest = max(len(beam) for beam in said)
            # Those of finished photos are shorter; a word said twice is penalised once.
            rows = torch.tensor([beam + beam[-1:] * (longest - len(beam)) for beam in said], device=self._device)
            scores = _penalised(scores.flatten(0, 1), rows, self._how.repetition_penalty).view_as(scores)
        if new < self._how.min_new_tokens:
            scores[:, :, self._end] = -torch.inf
        vocabulary = scores.shape[-1]
        before = torch.tensor([photo.scores for photo in self._photos], dtype=torch.float32, device=self._device)
        sums, chosen = (scores + before[:, :, None]).flatten(1).topk(ENDS * beams, dim=1)
        parents: list[int] = []
        for at, (photo, totals, picks) in enumerate(zip(self._photos, sums.tolist(), chosen.tolist(), strict=True)):
            origins, tokens = [pick // vocabulary for pick in picks], [pick % vocabulary for pick in picks]
            parents += [at * beams + origin for origin in photo.extend(totals, origins, tokens)]
        return parents

    def _keep(self, photos: list[_Photo]) -> None:
        """Let all others go."""
        stay = [at for at, photo in enumerate(self._photos) if photo.improving]
        rows = [at * self._how.beams + beam for at in stay for beam in range(self._how.beams)]
        self._steps.keep(torch.tensor(stay, device=self._device), torch.tensor(rows, device=self._device))
        self._photos = photos


def _penalised(scores: torch.Tensor, said: torch.Tensor, penalty: float) -> torch.Tensor:
    """Scores (rows, V) with those of the tokens `said` (rows, T) pushed down (Keskar et al., 2019)."""
    if penalty == 1.0:
        return scores
    before = scores.gather(1, said)
    return scores.scatter(1, said, torch.where(before < 0, before * penalty, before / penalty))


def _ended(tokens: list[int], end: int) -> tuple[int, ...]:
    return tuple(tokens[: tokens.index(end)] if end in tokens else tokens)
