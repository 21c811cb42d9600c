"""What is said of a simulated knee is what its seed really drew, and nothing is said where that cannot be shown."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from engine.domain import RefusedInput, Side
from engine.models.film_norm import film_inputs
from tests.training.evaluate.phantom_cases import write_phantom_case
from training.cohort.shape import load_shape_model
from training.cohort.tissue import VOXELS, SimulatedKnee
from training.evaluate.knee import Properties
from training.evaluate.simulated_knee import read_simulated
from training.prepare.case_file import case_path, write_case
from training.simulate import case as simulated
from training.simulate import film as exposed

SEED = 5


class Source:
    """A knee of plain noise, bent further for the lateral, thin of mineral. salt: tells two sources apart."""

    def __init__(self, salt=0):
        self.salt = salt

    def knees(self, seed):
        rng = np.random.default_rng([seed, self.salt])
        hu = rng.normal(0, 100, (VOXELS,) * 3).astype(np.float32)
        bones = np.zeros((4, VOXELS, VOXELS, VOXELS), np.float32)
        bones[:, 70:90, 70:90, 70:90] = 0.25
        return SimulatedKnee(hu, bones, 0.5, 3.0), SimulatedKnee(hu, bones, 0.5, 22.0)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A case that simulate_case really made, and the cameras that it drew."""
    patch, cameras = pytest.MonkeyPatch(), []
    original = simulated.draw_cameras
    patch.setattr(simulated, "draw_cameras", lambda rng: cameras.append(original(rng)) or cameras[-1])
    folder = tmp_path_factory.mktemp("cases")
    write_case(case_path(folder, SEED), simulated.simulate_case(Source(), SEED))
    patch.undo()
    return case_path(folder, SEED), cameras[0]


def test_that_the_properties_of_a_case_are_what_simulate_case_drew(drawn):
    path, ((_, stated), (_, true)) = drawn
    found = read_simulated(path, 0, Source()).properties
    turn = true.camera_from_lps[:3, :3] @ stated.camera_from_lps[:3, :3].T
    expected = np.degrees(Rotation.from_matrix(turn).magnitude())
    assert expected > 0.5
    assert found.lateral_error_deg == pytest.approx(expected)
    assert (found.flexion_deg, found.bend_deg, found.osteopenia, found.side) == (22.0, 19.0, True, "right")


@pytest.mark.parametrize("source", [None, Source(salt=1)])
def test_that_nothing_drawn_is_said_of_a_case_that_is_not_the_knee_of_its_seed(drawn, source):
    found = read_simulated(drawn[0], 0, source).properties
    assert found == Properties(side="right", implant=found.implant, real_films="")


def test_that_an_implant_is_known_from_the_exposure_that_drew_it(drawn, monkeypatch):
    calls = []
    original = exposed._implant
    monkeypatch.setattr(exposed, "_implant", lambda rng: calls.append(1) or original(rng))
    seen = set()
    for seed in range(40):
        calls.clear()
        found = read_simulated(drawn[0], seed, None).properties.implant
        assert found == bool(calls)
        seen.add(found)
        if seen == {True, False}:
            return
    raise AssertionError("forty seeds drew no implant, or only implants")


def test_that_the_films_of_a_case_are_those_of_its_seed_and_lie_as_the_network_expects(tmp_path):
    write_phantom_case(tmp_path / "000001.npz", 1)
    first, again, other = (read_simulated(tmp_path / "000001.npz", seed, None) for seed in (0, 0, 1))
    inputs = [film_inputs(knee.calibrated)[0] for knee in (first, again, other)]
    assert torch.equal(inputs[0], inputs[1])
    assert not torch.equal(inputs[0], inputs[2])
    nominal, _ = simulated.case_cameras(1)
    cameras = film_inputs(first.calibrated)[1].numpy()
    assert first.calibrated.side is Side.RIGHT
    assert cameras[0] == pytest.approx(nominal[0].camera_from_lps, abs=1e-3)


def test_that_the_cohort_tells_the_flexion_and_density_that_it_drew(data_file, monkeypatch):
    poses = []
    original = simulated.draw_pose
    monkeypatch.setattr(simulated, "draw_pose", lambda rng: poses.append(original(rng)) or poses[-1])
    knee, _ = simulated.Cohort.of(load_shape_model(data_file("anatomy/llp26.npz"))).knees(0)
    assert knee.flexion_deg == poses[0].flexion
    assert 0.35 <= knee.density <= 0.65 or 0.75 <= knee.density <= 1.15


def test_that_a_file_which_is_no_case_is_refused_by_name(tmp_path):
    (tmp_path / "000001.npz").write_bytes(b"PK nothing")
    with pytest.raises(RefusedInput, match=r"000001\.npz: is not a prepared case"):
        read_simulated(tmp_path / "000001.npz", 0, None)
