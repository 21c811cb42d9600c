"""Reading the atlas package: its pickle may hold numpy arrays and nothing else."""

from __future__ import annotations

import pickle
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from engine.domain import RefusedInput
from training.cohort import package as anatomy_package
from training.cohort.package import package_folder, read_arrays, read_atlas


class Bomb:
    """Ends the test run if its pickle is ever run."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('the pickle ran')",))


@pytest.mark.parametrize("protocol", [3, 4])
def test_that_numpy_arrays_are_read_and_other_entries_left_out(tmp_path: Path, protocol: int):
    array = np.arange(6.0).reshape(2, 3)
    path = tmp_path / "a.pc"
    path.write_bytes(pickle.dumps({"modes": array, "SD": None}, protocol=protocol))
    read = read_arrays(path)
    assert list(read) == ["modes"]
    np.testing.assert_array_equal(read["modes"], array)


@pytest.mark.parametrize("content", [Bomb(), {"modes": print}, {"modes": np.array([Bomb()], dtype=object)}, [1, 2]])
def test_that_anything_else_in_the_pickle_is_refused_unread(tmp_path: Path, content: object):
    path = tmp_path / "a.pc"
    path.write_bytes(pickle.dumps(content, protocol=4))
    with pytest.raises(pickle.UnpicklingError):
        read_arrays(path)


def test_that_a_folder_without_the_atlas_is_refused_by_name(tmp_path: Path):
    with pytest.raises(RefusedInput, match=str(tmp_path)):
        read_atlas(tmp_path)


def test_that_a_missing_package_says_what_to_install(monkeypatch):
    def missing(name: str):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(anatomy_package, "distribution", missing)
    with pytest.raises(RefusedInput, match="pip install"):
        package_folder()
