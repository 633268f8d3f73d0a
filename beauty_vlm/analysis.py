"""One photo from intake to record: tag, segment, measure, caption, and hold the caption against the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from PIL import Image

from beauty_vlm.intake import IntakeError, Source, load_image
from beauty_vlm.language.mentions import Scope
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING, product_box, share
from beauty_vlm.measurement.shade import Photo, measure_region, unseen
from beauty_vlm.measurement.visibility import sight
from beauty_vlm.models.loader import AT_ONCE, Loader
from beauty_vlm.models.picture import Picture
from beauty_vlm.report import Length, Packaging, ProductType, Report, Score, Shade
from beauty_vlm.vocabulary import MAKEUP, UNPACKED
from beauty_vlm.writing import notes as noting
from beauty_vlm.writing import ranking
from beauty_vlm.writing.description import describe
from beauty_vlm.writing.judging import Measured, same_type
from beauty_vlm.writing.weighing import weigh

if TYPE_CHECKING:
    from beauty_vlm.models.tagger import Tagger

CLIP_SCORE_SCALE = 2.5
# Captions to choose from: as many as our captioner's search follows anyway.
CANDIDATES = 2
WEIGHED: Length = "normal"  # how long the caption is that claims are weighed by, as `data.fit_reliability` has it

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A record with what it was read from: the photo (RGB) and its regions, uint8 (H, W) of the photo's
    size; and what was measured, before the caption was heard.
    """

    report: Report
    image: Image.Image
    regions: np.ndarray
    measured: Measured | None = None


class Analyzer:
    """Describes photos with the models of one loader. Safe to call from several threads.

    Where models may work side by side, the caption is written beside the other steps, none of which it needs.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        # Threads are only made when needed.
        self._writers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="caption")

    @property
    def at_once(self) -> int:
        """How many photos it pays to describe at once."""
        return self._loader.at_once

    def analyze(
        self,
        source: Source,
        length: Length = "normal",
        name: str | None = None,
        progress: Progress | None = None,
        notes: noting.Given | None = None,
    ) -> Analysis:
        """Everything there is to say of one photo.

        `name` is what the record and error sentences call the photo, by default its file name. `progress` is
        told the part done, 0..1, and what comes next. `notes` is what the user knows of the product, a text for
        each kind of `beauty_vlm.writing.notes.LONGEST`. Raises IntakeError for a photo that cannot be used, NoteError
        for a note, ValueError for a length that there is not, and ModelUnavailable.
        """
        if length not in get_args(Length):
            raise ValueError(f"There is no length {length!r}: choose one of {', '.join(get_args(Length))}.")
        given = noting.read(notes)
        steps = _Steps(progress or (lambda share, text: None))
        return self._loader.compute(lambda: self._analyze(source, length, name, steps, given))

    def _analyze(
        self, source: Source, length: Length, name: str | None, steps: _Steps, given: Sequence[noting.Note]
    ) -> Analysis:
        with steps.timed("intake", 0.0, "Reading the photo"):
            image = load_image(source, name=name)
            picture = Picture(image)
        with steps.timed("load", 0.05, "Loading the models"):
            tagger, segmenter, captioner = (
                self._loader.tagger(),
                self._loader.segmenter(),
                self._loader.captioner(),
            )
        with steps.timed("look", 0.15, "Looking at the photo"):
            look = captioner.look(picture)
        write = partial(captioner.candidates, look, length, CANDIDATES)
        written = self._writers.submit(write).result if self._loader.parallel else write
        with steps.timed("segment", 0.2, "Finding the product"):
            segmentation = segmenter.segment(picture)
            regions = segmentation.regions
        with steps.timed("tag", 0.35, "Recognising it"):
            box = product_box(regions)
            embedding = tagger.embed(picture, *([image.crop(box)] if box else []))
            product_type = tagger.product_type(embedding, captioner.opinion(look))
        with steps.timed("measure", 0.5, "Measuring the shade"):
            state = tagger.packaging_state(embedding)
            material = sight(product_type, state, share(regions, MATERIAL), tagger.shade_visible(embedding))
            photo = Photo(image, regions)
            shade = measure_region(photo) if material.shown else unseen(photo)
            surroundings: dict[Scope, Shade] = {
                "packaging": measure_region(photo, PACKAGING),
                "background": measure_region(photo, BACKGROUND),
            }
            if shade.others:
                surroundings["others"] = Shade(visible=True, main=shade.others[0], palette=shade.others)
            # The finish is seen on the material only.
            finish = tagger.finish(embedding) if shade.visible else None
            made_up = same_type(MAKEUP, product_type.label)  # that a cream in its jar does not shimmer, nobody asks
            shimmer_free = tagger.shimmer_free(embedding) if shade.visible and made_up else None
            packaging = _packaging(tagger, embedding, state, product_type, surroundings["packaging"])
        with steps.timed("caption", 0.55, "Describing the photo"):  # or what is left of it by now
            candidates = written()
            # The caption is a witness, too: the same one of descriptions of any length, so that they tell the same.
            own = self._loader.is_own_captioner
            heard = captioner.candidates(look, WEIGHED, CANDIDATES) if own and length != WEIGHED else candidates
        with steps.timed("check", 0.95, "Checking the description"):
            measured = Measured(
                product_type,
                shade,
                finish,
                surroundings,
                packaging,
                visible=material.probability,
                segmented=segmentation.material,
                shimmer_free=shimmer_free,
            )
            caption = ranking.best(candidates, measured)
            # How far a caption that agrees makes a claim surer was fitted to our own; another's is not heard.
            weighed = weigh(measured, ranking.best(heard, measured) if own else "")
            description = describe(caption, weighed, length)
        report = Report(
            file=name or _file_name(source),
            caption=caption,
            description=noting.added(description.text, given, length),
            product_type=weighed.product_type,
            shade=shade,
            finish=weighed.finish,
            packaging=weighed.packaging,
            claims=description.claims,
            mends=description.mends,
            notes=noting.compared(given, weighed) or None,
            length=length,
            models=self._loader.names(),
            timings_ms=steps.timings_ms,
        )
        steps.done()
        return Analysis(report, image, regions, measured)

    def clip_score(self, source: Source, text: str) -> float:
        """How well a text fits a photo to the tagger's eye: 2.5 times their cosine, at least 0.

        Hessel et al., CLIPScore, EMNLP 2021, equation 1. Raises IntakeError and ModelUnavailable.
        """
        image = load_image(source)
        return CLIP_SCORE_SCALE * max(0.0, self._loader.compute(lambda: self._loader.tagger().similarity(image, text)))

    def describe(
        self,
        source: Source,
        length: Length = "normal",
        name: str | None = None,
        notes: noting.Given | None = None,
    ) -> Report:
        """The record of one photo, also of one that cannot be used. Raises NoteError, ModelUnavailable, and ValueError
        for a length that there is not.
        """
        try:
            return self.analyze(source, length, name, notes=notes).report
        except IntakeError as error:
            return Report.failure(name or _file_name(source), error.status, str(error))


class _Steps:
    """Times the steps and tells the listener of each."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def timed(self, step: str, share: float, text: str) -> Iterator[None]:
        self._progress(share, text)
        begin = time.perf_counter()
        yield
        self.timings_ms[step] = round((time.perf_counter() - begin) * 1000, 1)

    def done(self) -> None:
        self._progress(1.0, "Done")


def _packaging(
    tagger: Tagger, embedding: Any, state: Score, product_type: ProductType, surface: Shade
) -> Packaging | None:
    """What is seen of the package; None where no product was recognised or it is of a kind that has none.

    Without a package in the photo there is still a state: a swatch, or make-up that is worn.
    """
    if not product_type.accepted or product_type.label in UNPACKED:
        return None
    material = tagger.packaging_material(embedding) if surface.main else None
    return Packaging(surface.main, material, state)


def _file_name(source: Any) -> str | None:
    """The file's name when the source is a path; the record tells nothing of the folders above it."""
    return Path(source).name if isinstance(source, str | Path) else None
