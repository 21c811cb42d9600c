"""A prepared case (`genu train prepare`) as a knee to be scored: films exposed from a stated seed, truth at 0.625 mm.

Cases are in the right-knee model frame, so the model sees every one as a right knee. What the case's seed drew (view
error, flexion, density of bone) is known where the cohort of the case is at hand: the knee of the seed is drawn again
and compared with the case, voxel by voxel, and only a case that is that knee is said to have what the seed drew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from engine.domain import Bone, CalibratedPair, Radiograph, RadiographPair, RefusedInput, Side, View, Volume
from engine.geometry.model_frame import FILM_PIXEL_MM, FILM_PIXELS, model_from_ijk
from training.cohort.tissue import SimulatedKnee
from training.evaluate.knee import OSTEOPENIA_BELOW, SIMULATED, TAKEN, FoundKnee, Knee, Properties, file_digests
from training.prepare.case_file import FILM_ARRAYS
from training.prepare.manifest import MANIFEST
from training.prepare.shard_reader import ShardFolder
from training.simulate.case import MAGNIFICATION, KneeSource, case_cameras, model_crop, placed_camera
from training.simulate.film import ExposedFilm, exposed_film

_FINER = 2
# Two machines may round a knee of the same seed differently here and there.
_SAME_HU, _SAME_SHARE = 2, 0.999


def simulated_knees(folder: Path, source: KneeSource | None) -> list[FoundKnee]:
    """The cases of a folder, in shards or as .npz. source: the cohort of the latter, None where it is not at hand.

    Raises RefusedInput for shards that are missing or cut off.
    """
    if (folder / MANIFEST).is_file():
        return sharded_knees(ShardFolder.of(folder))
    return [
        FoundKnee(path.name, SIMULATED, file_digests(path), lambda seed, path=path: read_simulated(path, seed, source))
        for path in sorted(folder.glob("*.npz"))
    ]


def sharded_knees(shards: ShardFolder) -> list[FoundKnee]:
    """The cases of shards by key; each is named by the digest of its arrays' sizes and CRC-32."""

    def read(seed: int, place: int) -> Knee:
        facts = shards.entries[place][1].facts
        with shards.case(place) as arrays:
            return _knee(arrays, facts.key, seed, Properties(side=Side(facts.side).word))

    def digests(place: int) -> dict[str, str]:
        shard, case = shards.entries[place]
        listed = json.dumps({name: values[1:] for name, values in sorted(case.arrays.items())})
        return {f"{shard}/{case.facts.key}": hashlib.sha256(listed.encode()).hexdigest()}

    return [
        FoundKnee(
            case.facts.key,
            TAKEN if len(case.facts.films) == len(View) else SIMULATED,
            partial(digests, place),
            partial(read, place=place),
        )
        for place, (_, case) in enumerate(shards.entries)
    ]


def read_simulated(path: Path, seed: int, source: KneeSource | None) -> Knee:
    """One case. seed: of the exposure of its films.

    Raises RefusedInput naming a file that is no case.
    """
    with _case(path) as case:
        knee = _knee(case, path.name, seed, Properties(side=Side.RIGHT.word))
        drawn = _drawn(path, source, case["hu_128"], case["camera_from_lps"])
    known = knee.properties
    return replace(knee, properties=replace(drawn, side=known.side, implant=known.implant, real_films=known.real_films))


def _knee(case: Mapping[str, NDArray], name: str, seed: int, known: Properties) -> Knee:
    """A case from its arrays. known: what is known of it beside its films."""
    cameras, sod_mm = case["camera_from_lps"].astype(np.float64), case["sod_mm"].astype(np.float64)
    hu, occupancy = case["hu_128"], case["occupancy_128"]
    films = _films(case, name, seed)
    real = ",".join(view.value for view in View if FILM_ARRAYS[view] in case)
    truth = Volume(finer_labels(occupancy), model_from_ijk(_FINER * occupancy.shape[-1]))
    implant = None if real else any(film.implant for film in films)
    properties = replace(known, implant=implant, real_films=real)
    calibrated = _calibrated(films, cameras, sod_mm, name)
    return Knee(calibrated, truth, Volume(hu, model_from_ijk(hu.shape[-1])), properties)


def finer_labels(occupancy: NDArray[np.uint8]) -> NDArray[np.int16]:
    """(2n, 2n, 2n) Bone values from bones' shares (4, n, n, n) of 255: the level of a half, interpolated."""
    size = tuple(_FINER * side for side in occupancy.shape[1:])
    best = torch.full(size, 127.5)
    labels = torch.zeros(size, dtype=torch.int16)
    for bone in Bone:
        share = torch.from_numpy(occupancy[bone - 1].astype(np.float32))[None, None]
        fine = torch.nn.functional.interpolate(share, size=size, mode="trilinear", align_corners=False)[0, 0]
        labels[fine >= best] = int(bone)
        best = torch.maximum(best, fine)
    return labels.numpy()


def drawn_properties(both: tuple[SimulatedKnee, SimulatedKnee], seed: int) -> Properties:
    """What a seed drew for its case, from the knee as AP and lateral film see it."""
    ap, lateral = both
    (_, stated), (_, true) = case_cameras(seed)
    turn = stated.camera_from_lps[:3, :3].T @ true.camera_from_lps[:3, :3]
    bend = 0.0 if lateral is ap else None
    if ap.flexion_deg is not None and lateral.flexion_deg is not None:
        bend = lateral.flexion_deg - ap.flexion_deg
    return Properties(
        lateral_error_deg=float(np.degrees(Rotation.from_matrix(turn).magnitude())),
        flexion_deg=lateral.flexion_deg,
        bend_deg=bend,
        osteopenia=None if ap.density is None else ap.density < OSTEOPENIA_BELOW,
    )


def _drawn(path: Path, source: KneeSource | None, hu: NDArray[np.int16], cameras: NDArray) -> Properties:
    """`drawn_properties` where the case is the source's knee of the seed in its name, else nothing."""
    if source is None or not path.stem.isdecimal():
        return Properties()
    seed = int(path.stem)
    nominal = np.stack([camera.camera_from_lps for camera in case_cameras(seed)[0]])
    if not np.allclose(nominal, cameras, atol=1e-3):
        return Properties()
    both = source.knees(seed)
    inner = both[0].hu[model_crop()]
    same = hu.shape == inner.shape and (np.abs(inner - hu) <= _SAME_HU).mean() >= _SAME_SHARE
    return drawn_properties(both, seed) if same else Properties()


def _films(case: Mapping[str, NDArray], name: str, seed: int) -> tuple[ExposedFilm, ExposedFilm]:
    """AP and lateral: real, or exposed as the seed and the name of the case say, whatever else is evaluated."""
    own = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    rng = np.random.default_rng([seed, own])
    integrals = torch.from_numpy(case["integrals"].astype(np.float32))
    ap, lateral = (_film(case, view, view_integrals, rng) for view, view_integrals in zip(View, integrals, strict=True))
    return ap, lateral


def _film(case: Mapping[str, NDArray], view: View, integrals: torch.Tensor, rng: np.random.Generator) -> ExposedFilm:
    if FILM_ARRAYS[view] in case:
        return ExposedFilm(torch.from_numpy(case[FILM_ARRAYS[view]].astype(np.float32)), implant=False)
    return exposed_film(integrals, rng)


def _calibrated(films: tuple[ExposedFilm, ExposedFilm], cameras: NDArray, sod_mm: NDArray, name: str) -> CalibratedPair:
    parts = zip(films, cameras, sod_mm, (View.AP, View.LATERAL), strict=True)
    taken = [
        (_radiograph(film, view, float(sod), name), placed_camera(matrix, float(sod), FILM_PIXELS))
        for film, matrix, sod, view in parts
    ]
    (ap, ap_camera), (lateral, lateral_camera) = taken
    return CalibratedPair(RadiographPair(ap, lateral), ap_camera, lateral_camera)


def _radiograph(film: ExposedFilm, view: View, sod_mm: float, name: str) -> Radiograph:
    spacing = FILM_PIXEL_MM * MAGNIFICATION
    return Radiograph(
        pixels=film.pixels.numpy(),
        view=view,
        side=Side.RIGHT,
        pixel_spacing_mm=(spacing, spacing),
        sid_mm=MAGNIFICATION * sod_mm,
        sod_mm=sod_mm,
        columns_run_to="L" if view is View.AP else "A",
        source_name=f"{name} {view.value}",
        sha256=hashlib.sha256(film.pixels.numpy().tobytes()).hexdigest(),
    )


@contextmanager
def _case(path: Path) -> Iterator[np.lib.npyio.NpzFile]:
    try:
        with np.load(path, allow_pickle=False) as case:
            yield case
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as wrong:
        raise RefusedInput(
            f"{path.name}: is not a prepared case ({wrong}); make it again with genu train prepare"
        ) from wrong
