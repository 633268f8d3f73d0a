"""The heap that stays: what it saves is told by page faults, which do not depend on how busy the machine is."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from beauty_vlm import heap

# Layer after layer, as a network's features come and go, on a thread as the app's models run on.
FEATURES = """
import resource, sys, threading
from beauty_vlm import heap
if sys.argv[1] == "keep":
    assert heap.keep()
import torch
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def photo():
    before = torch.ones(2**18)
    for megabytes in (2, 9, 18, 7, 24, 5, 30, 12):
        before = torch.ones(megabytes * 2**18)
def compute():
    for _ in range(10):
        photo()
    first = faults()
    for _ in range(5):
        photo()
    print(faults() - first)
thread = threading.Thread(target=compute)
thread.start()
thread.join()
"""
glibc = hasattr(ctypes.CDLL(None), "gnu_get_libc_version")


def faults(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", FEATURES, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not glibc, reason="the C library is not glibc")
def test_what_is_free_is_not_asked_for_again() -> None:
    assert faults("keep") * 20 < faults("leave")


def test_another_c_library_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert not heap.keep()


def test_windows_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(name: None) -> None:  # as ctypes does there
        raise TypeError

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "CDLL", refused)
    assert not heap.keep()
