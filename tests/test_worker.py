"""One thread computes, whoever calls."""

from __future__ import annotations

import contextvars
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import FakeCaptioner, FakeLoader
from PIL import Image

from beauty_vlm.analysis import Analyzer
from beauty_vlm.models.loader import AT_ONCE, Loader, Settings
from beauty_vlm.models.worker import Worker

speaker: contextvars.ContextVar[str] = contextvars.ContextVar("speaker", default="nobody")


def test_calls_from_many_threads_run_on_one() -> None:
    worker = Worker()
    with ThreadPoolExecutor(4) as callers:
        threads = list(callers.map(lambda _: worker(threading.get_ident), range(12)))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


def test_one_call_at_a_time() -> None:
    worker, running, most = Worker(), [0], [0]
    step = threading.Event()

    def work() -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        step.wait(0.01)
        running[0] -= 1

    with ThreadPoolExecutor(4) as callers:
        list(callers.map(lambda _: worker(work), range(8)))
    assert most == [1]


def test_the_callers_context_and_errors_pass_through() -> None:
    worker = Worker()
    speaker.set("page")
    assert worker(speaker.get) == "page"
    with pytest.raises(ZeroDivisionError):
        worker(lambda: 1 / 0)
    assert worker(lambda: 2) == 2


def test_a_call_within_a_call_does_not_wait_for_itself() -> None:
    worker = Worker()
    assert worker(lambda: worker(lambda: worker(threading.get_ident))) == worker(threading.get_ident)


@pytest.mark.parametrize("device", ["cpu", "mps"])
def test_a_loader_elsewhere_computes_on_one_thread(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beauty_vlm.models.precision.resolve_device", lambda _: device)
    loader = Loader()
    assert not loader.parallel
    assert loader.compute(threading.get_ident) == loader.compute(threading.get_ident) != threading.get_ident()


def test_a_loader_on_cuda_computes_where_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beauty_vlm.models.precision.resolve_device", lambda device: "cuda")
    loader = Loader()
    assert loader.parallel
    assert loader.compute(threading.get_ident) == threading.get_ident()


@pytest.mark.parametrize(
    ("device", "driver", "found", "expected"),
    [
        ("auto", None, "cuda", 1),  # without a driver torch is not asked
        ("auto", "libcuda.so.1", "cpu", 1),
        ("auto", "libcuda.so.1", "cuda", AT_ONCE),
        ("cuda", None, "cuda", AT_ONCE),
        ("cpu", "libcuda.so.1", "cpu", 1),
    ],
)
def test_photos_are_worked_on_together_on_cuda_alone(
    device: str, driver: str | None, found: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beauty_vlm.models.loader.find_library", lambda name: driver)
    monkeypatch.setattr("beauty_vlm.models.precision.resolve_device", lambda _: found)
    assert Loader(Settings(device=device)).at_once == expected


@pytest.mark.parametrize("parallel", [False, True])
def test_the_caption_is_written_beside_the_other_steps_only_where_that_pays(parallel: bool) -> None:
    threads: dict[str, int] = {}

    class Captioner(FakeCaptioner):
        def candidates(self, *arguments: Any) -> Any:
            threads["caption"] = threading.get_ident()
            return super().candidates(*arguments)

    class Parts(FakeLoader):
        def captioner(self) -> Captioner:
            threads["analysis"] = threading.get_ident()
            return Captioner()

    loader = Parts()
    loader.parallel = parallel
    report = Analyzer(loader).describe(Image.new("RGB", (64, 64), "crimson"))  # type: ignore[arg-type]
    assert report.status == "ok"
    assert (threads["caption"] != threads["analysis"]) is parallel


def test_a_forked_process_computes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()
    first = worker(threading.get_ident)
    monkeypatch.setattr("beauty_vlm.models.worker.os.getpid", lambda: os.getppid())  # its threads are gone
    assert worker(threading.get_ident) != first
