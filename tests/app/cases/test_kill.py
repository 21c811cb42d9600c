"""SIGKILL at any moment: no step whose save returned is lost, no case cannot be opened, no lock stays."""

import subprocess
import sys

import pytest


def _killed(repository, *arguments):
    command = [sys.executable, "-m", "tests.app.cases.killed_editor", *map(str, arguments)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_that_no_accepted_step_is_lost_to_thirty_kills(tmp_path, repository):
    assert "edit" in _killed(repository, tmp_path / "store", "random", 30, 0)


@pytest.mark.slow
def test_that_no_accepted_step_is_lost_to_two_hundred_kills(tmp_path, repository):
    assert "under an edit" in _killed(repository, tmp_path / "store", "random", 200, 1)


@pytest.mark.slow
def test_that_no_accepted_step_is_lost_to_a_kill_at_any_call_that_touches_the_disk(tmp_path, repository):
    assert "under an edit" in _killed(repository, tmp_path / "store", "calls")
