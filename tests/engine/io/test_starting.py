"""What a busy machine takes to start a decoder is not counted against a film."""

import time

import numpy as np
import pytest

from engine.domain import MachineFailure
from engine.io import decoding
from engine.io.decoding import decode_films
from tests.engine.io.film_files import film, saved, wedge


def test_that_the_time_of_a_film_begins_when_its_decoder_is_ready(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "CHILD_MODULE", "tests.engine.io.late_child")
    monkeypatch.setattr(decoding, "CHILD_SECONDS", 3.5)  # less than that child takes to be ready
    (decoded,) = decode_films([saved(tmp_path, film())])
    assert np.array_equal(decoded.pixels, wedge())


def test_that_a_decoder_that_never_becomes_ready_is_the_machines_failure_and_no_films(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "CHILD_MODULE", "tests.engine.io.mute_child")
    monkeypatch.setattr(decoding, "CHILD_STARTING_SECONDS", 0.5)
    path = saved(tmp_path, film())
    started = time.monotonic()
    with pytest.raises(MachineFailure, match="could not be started"):
        decode_films([path, path])
    assert time.monotonic() - started < 5
