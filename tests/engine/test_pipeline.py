"""Two films to bones with networks whose answer is known, so that no weights are needed."""

import itertools
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from engine.domain import Bone, Identity, MachineFailure, Radiograph, RadiographPair, RefusedInput, Side, View
from engine.geometry.calibrate import calibrate
from engine.geometry.model_frame import FILM_PIXEL_MM, FILM_PIXELS, model_from_ijk
from engine.models.conditioning import LevelOutput
from engine.models.loaded import LoadedModel
from engine.models.network import Network
from engine.models.presets import PRESETS
from engine.models.refinement import refined
from engine.models.schedule import Schedule, alpha_sigma
from engine.pipeline import GenerateOptions, generate, hounsfield
from engine.progress import Preview, Progress, Stopwatch, drain
from engine.surface.label_map import label_map
from tests.phantoms import HU_OF_AIR, HU_OF_BONE, HU_OF_TISSUE, centroid, chirality, knee_ct, knee_field

SIZES = (16, 32)
STEPS = 3
SCHEDULE = Schedule()
CANARY = "CANARY^PATIENT"


class KnownNetwork:
    """Answers with a knee it was given, in the right-knee frame; `leak` adds a share of the noisy level to it."""

    def __init__(self, clean, logits, leak=0.0):
        self.clean, self.logits, self.leak, self.calls = clean, logits, leak, 0

    def to(self, device):
        return self

    def encode(self, conditioning):
        self.calls = 0
        return conditioning

    def denoise(self, noisy, log_snr, encoded):
        self.calls += 1
        whole = [self._output(x, log_snr) for x in noisy]
        return [whole[0], *(self._unrefined(whole, noisy, log_snr, level) for level in range(1, len(whole)))]

    def _unrefined(self, whole, noisy, log_snr, level):
        """The level's answer less what the pipeline will add from the level inside it."""
        silent = LevelOutput(torch.zeros_like(whole[level].v), whole[level].logits)
        pair = noisy[level - 1 : level + 1]
        added = refined([whole[level - 1], silent], pair, [self._gamma(x, log_snr) for x in pair])[1].v
        return LevelOutput(whole[level].v - added, whole[level].logits)

    def _gamma(self, x, log_snr):
        return log_snr - SCHEDULE.shift_power * np.log(x.shape[-1] / SIZES[0])

    def _output(self, x, log_snr):
        side = x.shape[-1]
        gamma = self._gamma(x, log_snr)
        alpha, sigma = (c.view(-1, 1, 1, 1, 1) for c in alpha_sigma(gamma))
        x0 = self.clean[side] + self.leak * x
        return LevelOutput(v=(alpha * x - x0) / sigma, logits=self.logits[side])


class FailingNetwork(KnownNetwork):
    """Does `harm` at call `at`; call 0 is the encoder's."""

    def __init__(self, known, at, harm):
        super().__init__(known.clean, known.logits)
        self.at, self.harm = at, harm

    def encode(self, conditioning):
        if self.at == 0:
            self.harm([])
        return super().encode(conditioning)

    def denoise(self, noisy, log_snr, encoded):
        outputs = super().denoise(noisy, log_snr, encoded)
        return self.harm(outputs) if self.calls == self.at else outputs


class DotNetwork(KnownNetwork):
    """Finds the bright dot of both films, intersects its two rays, and draws a ball of femur there."""

    def encode(self, conditioning):
        self.calls = 0
        films, sod = conditioning.films[0].double(), conditioning.sod_mm[0].double()
        rays = [ray(f, c, s) for f, c, s in zip(films, conditioning.camera_from_lps[0].double(), sod, strict=True)]
        at = nearest_to(rays)
        for side in SIZES:
            inside = torch.from_numpy(np.linalg.norm(grid_points(side) - at, axis=-1) < 15).float()
            self.clean[side] = (1.6 * inside - 1)[None, None]
            logits = torch.zeros(1, 5, side, side, side)
            logits[0, 0], logits[0, 1] = 20 * (1 - inside), 20 * inside
            self.logits[side] = logits
        return conditioning


def grid_points(voxels):
    index = np.moveaxis(np.indices((voxels,) * 3), 0, -1)
    affine = model_from_ijk(voxels)
    return index @ affine[:3, :3].T + affine[:3, 3]


def ray(films, camera, sod):
    """Source and direction, in the model frame, of the brightest place of a film."""
    film = films[0]
    row, column = (film >= film.max() - 0.02).nonzero().double().mean(dim=0)
    centre = (FILM_PIXELS - 1) / 2
    pixel = torch.stack([(column - centre) * FILM_PIXEL_MM, (row - centre) * FILM_PIXEL_MM, sod])
    rotation, offset = camera[:, :3], camera[:, 3]
    return (-rotation.T @ offset).numpy(), (rotation.T @ (pixel / pixel.norm())).numpy()


def nearest_to(rays):
    """The point with the least squared distance to all rays."""
    projectors = [np.eye(3) - np.outer(d, d) for _, d in rays]
    return np.linalg.solve(sum(projectors), sum(p @ o for p, (o, _) in zip(projectors, rays, strict=True)))


def known_network(leak=0.0):
    clean, logits = {}, {}
    for side in SIZES:
        field, _ = knee_field(side, Side.RIGHT)
        hu = knee_ct(side, Side.RIGHT).hu.astype(np.float32)
        clean[side] = torch.from_numpy((hu - 500) / 1500)[None, None]
        logits[side] = torch.from_numpy(field).clamp_min(1e-6).log()[None]
    return KnownNetwork(clean, logits, leak)


def model_of(network):
    return LoadedModel(network, SCHEDULE, SIZES, "known", "0.1.0", "ab" * 32)


def film(view, side, pixels=None):
    return Radiograph(
        pixels=np.zeros((300, 260), np.float32) if pixels is None else pixels,
        view=view,
        side=side,
        pixel_spacing_mm=(0.9, 0.8),
        sid_mm=1150.0,
        sod_mm=1000.0,
        columns_run_to="L" if view is View.AP else "A",
        source_name=f"{view.value.lower()}.dcm",
        sha256="cd" * 32,
        identity=Identity(patient_id=CANARY, patient_name=CANARY),
        warnings=("SID is a default",),
    )


def calibrated_pair(side):
    return calibrate(RadiographPair(film(View.AP, side), film(View.LATERAL, side)))


def with_dot(calibrated, point):
    """The same pair, filming one bright dot at `point` (LPS mm)."""
    films = []
    for radiograph, camera in calibrated.views:
        row, column = camera.project([point])[0]
        rows, columns = np.indices(radiograph.pixels.shape)
        pixels = np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * 6.0**2)).astype(np.float32)
        films.append(replace(radiograph, pixels=pixels))
    return calibrate(RadiographPair(*films))


@pytest.fixture(scope="module")
def known():
    return known_network()


def run(network, side=Side.RIGHT, **options):
    options = {"steps": STEPS} | options
    return drain(generate(calibrated_pair(side), model_of(network), GenerateOptions(**options)))


@pytest.mark.parametrize(("side", "sign"), [(Side.RIGHT, 1), (Side.LEFT, -1)])
def test_that_a_knee_keeps_its_side_in_volume_labels_and_meshes(known, side, sign):
    result = run(known, side)
    field, lps_from_ijk = knee_field(SIZES[-1], side)
    assert chirality(result.meshes) == sign
    np.testing.assert_array_equal(result.labels.hu, label_map(field, lps_from_ijk).hu)
    np.testing.assert_array_equal(result.ct.lps_from_ijk, lps_from_ijk)
    np.testing.assert_array_equal(result.labels.lps_from_ijk, lps_from_ijk)
    np.testing.assert_array_equal(result.ct.hu, knee_ct(SIZES[-1], side).hu)
    assert not np.array_equal(result.ct.hu, result.ct.hu[::-1])  # a mirrored knee cannot pass
    assert [mesh.bone for mesh in result.meshes] == list(Bone)
    assert all(mesh.side is side and mesh.sources == ("ab" * 32,) for mesh in result.meshes)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("point", [(31.0, -22.0, 13.0), (-24.0, 17.0, -30.0)])
def test_that_a_dot_on_two_films_comes_back_to_its_place_in_the_patient(side, point):
    network = DotNetwork({}, {})
    pair = with_dot(calibrated_pair(side), point)
    result = drain(generate(pair, model_of(network), GenerateOptions(steps=1)))
    (ball,) = result.meshes
    assert centroid(ball) == pytest.approx(point, abs=2.0)
    bright = result.ct.lps(np.argwhere(result.ct.hu > 0)).mean(axis=0)
    assert bright == pytest.approx(point, abs=2.0)
    assert set(result.warnings) >= {f"the generated volume holds no {b}" for b in ("tibia", "patella", "fibula")}


def test_that_the_volume_is_in_hounsfield_units(known):
    assert set(np.unique(run(known).ct.hu)) == {HU_OF_AIR, HU_OF_TISSUE, HU_OF_BONE}
    assert hounsfield(torch.tensor([-1.0, 0.0, 1.0, -3.0, 3.0])).tolist() == [-1000, 500, 2000, -1000, 2000]


@pytest.mark.parametrize(("steps", "samples"), [(1, 1), (4, 1), (2, 3)])
def test_that_a_run_tells_every_stage_and_every_step_in_order(known, steps, samples):
    options = GenerateOptions(steps=steps, samples=samples)
    events = list(generate(calibrated_pair(Side.RIGHT), model_of(known), options))
    told = [event for event in events if isinstance(event, Progress)]
    stages = [stage for stage, _ in itertools.groupby(event.stage for event in told)]
    assert stages == ["films", "encoding", "sampling", "surfaces"]
    for stage in stages:
        steps_told = [(event.done, event.total) for event in told if event.stage == stage]
        total = steps_told[0][1]
        assert steps_told == [(done, total) for done in range(total + 1)]
    previews = [event.hu for event in events if isinstance(event, Preview)]
    assert [hu.shape for hu in previews] == [(side,) * 3 for side in SIZES] * steps * samples
    assert all(hu.dtype == np.int16 for hu in previews)


def contents(result):
    arrays = [result.ct.hu, result.labels.hu, *(a for m in result.meshes for a in (m.vertices_mm, m.faces))]
    record = {name: value for name, value in result.record.items() if name != "timings"}
    return [array.tobytes() for array in arrays], json.dumps(record, sort_keys=True)


def test_that_the_same_seed_gives_the_same_bytes_and_another_seed_does_not():
    noisy = known_network(leak=0.05)
    first, second, other = (contents(run(noisy, seed=seed)) for seed in (3, 3, 4))
    assert first == second
    assert first[0] != other[0]


def test_that_samples_are_averaged_over_independent_noise():
    noisy = known_network(leak=0.05)
    truth = run(known_network()).ct.hu.astype(float)
    one, four = (np.abs(run(noisy, samples=n, steps=1).ct.hu - truth)[4:-4, 4:-4, 4:-4].mean() for n in (1, 4))
    assert four == pytest.approx(one / 2, rel=0.2)


def harms():
    def out_of_memory(outputs):
        raise torch.OutOfMemoryError("CUDA out of memory")

    def no_memory(outputs):
        raise MemoryError

    def allocator(outputs):
        raise RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried")

    def driver(outputs):
        raise RuntimeError("CUDA error: an illegal memory access was encountered\nmore lines")

    def nan(outputs):
        return [replace(output, v=output.v * float("nan")) for output in outputs]

    def infinite_label(outputs):
        return [replace(output, logits=output.logits + float("inf")) for output in outputs]

    return {
        "out of memory": [out_of_memory, no_memory, allocator],
        "network failed": [driver],
        "not finite": [nan, infinite_label],
    }


# Only the last label logits are used; the encoder's answer is looked at through the network's.
FAILS_AT = {"nan": range(1, STEPS + 1), "infinite_label": [STEPS]}
CASES = [
    (harm, sentence, at)
    for sentence, group in harms().items()
    for harm in group
    for at in FAILS_AT.get(harm.__name__, range(STEPS + 1))
]


@pytest.mark.parametrize(("harm", "sentence", "at"), CASES)
def test_that_a_failure_at_any_step_is_one_sentence_and_the_next_run_is_whole(
    known, harm, sentence, at, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    failing = FailingNetwork(known, at, harm)
    with pytest.raises(MachineFailure, match=sentence) as failure:
        run(failing)
    assert "\n" not in str(failure.value)
    assert list(tmp_path.iterdir()) == []
    assert not torch.is_inference_mode_enabled()
    failing.at = None
    assert contents(run(failing)) == contents(run(known))


@pytest.mark.parametrize("events", range(16))
def test_that_a_run_closed_at_any_event_stops_there_and_the_next_is_whole(known, events):
    job = generate(calibrated_pair(Side.LEFT), model_of(known), GenerateOptions(steps=STEPS))
    seen = [next(job) for _ in range(events)]
    calls = known.calls if events else 0
    job.close()
    assert known.calls == calls or not events
    assert len(seen) == events
    assert not torch.is_inference_mode_enabled()
    assert torch.is_grad_enabled()
    assert chirality(run(known, Side.LEFT).meshes) == -1


def test_that_no_grad_state_leaks_into_the_caller_between_events(known):
    for _ in generate(calibrated_pair(Side.RIGHT), model_of(known), GenerateOptions(steps=STEPS)):
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
        assert not torch.is_autocast_enabled("cpu")


def test_that_numbers_no_ct_has_are_thrown_away(known):
    wild = KnownNetwork({n: 3 * c for n, c in known.clean.items()}, known.logits)
    with pytest.raises(MachineFailure, match="outside the range of a CT"):
        run(wild)


def test_that_an_untrained_network_runs_to_the_end_and_is_not_believed():
    spec = PRESETS["tiny"]
    sizes = tuple(spec.voxels(level) for level in range(spec.levels))
    model = replace(model_of(Network(spec).eval()), sizes=sizes)
    job, shapes = generate(calibrated_pair(Side.LEFT), model, GenerateOptions(steps=2)), []
    with pytest.raises(MachineFailure, match="use a trained model"):
        shapes.extend(event.hu.shape for event in job if isinstance(event, Preview))
    assert shapes == [(side,) * 3 for side in sizes] * 2


def test_that_a_volume_without_any_bone_is_no_result(known):
    empty = {n: torch.cat([logits[:, :1] * 0 + 9, logits[:, 1:] * 0], dim=1) for n, logits in known.logits.items()}
    with pytest.raises(MachineFailure, match="no bone at all"):
        run(KnownNetwork(known.clean, empty))


def test_that_the_record_says_what_another_run_needs_and_nobodys_name(known):
    result = run(known, Side.LEFT, seed=5, samples=2)
    record = json.loads(json.dumps(result.record))
    assert CANARY not in json.dumps(record)
    assert [entry["sha256"] for entry in record["inputs"]] == ["cd" * 32] * 2
    assert {entry["side"] for entry in record["inputs"]} == {"L"}
    assert record["model"] == {"id": "known", "version": "0.1.0", "sha256": "ab" * 32}
    assert record["sampler"] == {
        "name": "DPM-Solver++(2M)",
        "spacing": "log-snr",
        "steps": STEPS,
        "samples": 2,
        "evaluations": 2 * STEPS,
        "seed": 5,
    }
    assert record["backend"]["device"] in ("cpu", "cuda")
    assert record["warnings"] == ["SID is a default"]
    assert {"films_s", "encoding_s", "sampling_s", "surfaces_s", "network_s", "outside_network_s"} <= set(
        record["timings"]
    )


@pytest.mark.parametrize("bad", [{"steps": 0}, {"samples": 0}, {"seed": -1}])
def test_that_options_out_of_range_are_refused(bad):
    with pytest.raises(RefusedInput, match="too small"):
        GenerateOptions(**bad)


def test_that_a_job_at_rest_costs_no_time(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("engine.progress.time.monotonic", lambda: clock.now)

    def job():
        for _ in range(3):
            clock.now += 1
            yield "event"
        clock.now += 2
        return "result"

    watch, timed = Stopwatch(), None
    timed = watch.timed("stage", job())
    for _ in range(3):
        assert next(timed) == "event"
        clock.now += 100
    with pytest.raises(StopIteration, match="result"):
        next(timed)
    assert watch.seconds == {"stage": 5.0}
