"""CT series as an archive might hold them: the knee phantom as DICOM and NIfTI, one leg or two, any geometry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from engine.domain import Bone, Side, Volume
from tests.phantoms import HU_OF_AIR, HU_OF_BONE, HU_OF_TISSUE, KNEE

CT_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
NAME, PATIENT, INSTITUTION = "CANARY^NAME", "CANARY-ID-77", "CANARY HOSPITAL"
LEGS_APART_MM = 150.0
PIXEL_MM = 2.0
AXIAL = np.array([[1.0, 0, 0], [0, 1.0, 0]])
HEIGHTS = np.arange(-74, 76, 2.0)


def knee_bones(points: NDArray[np.float64], side: Side) -> NDArray[np.uint8]:
    """Bone at LPS points (..., 3) of one knee at the origin."""
    mirrored = points * np.array([-1.0 if side is Side.LEFT else 1.0, 1, 1])
    found = np.zeros(points.shape[:-1], np.uint8)
    for bone in Bone:
        found[KNEE[bone](mirrored) < 0] = bone
    return found


def leg_hu(points: NDArray[np.float64], side: Side) -> NDArray[np.int16]:
    """HU at LPS points of one leg along z through the origin."""
    tissue = np.where(np.hypot(points[..., 0], points[..., 1]) < 62, HU_OF_TISSUE, HU_OF_AIR)
    return np.where(knee_bones(points, side) > 0, HU_OF_BONE, tissue).astype(np.int16)


def both_legs_hu(points: NDArray[np.float64]) -> NDArray[np.int16]:
    """HU of a patient: the right leg at -x, the left one, 8 mm lower, at +x."""
    half = np.array([LEGS_APART_MM / 2, 0, 0])
    right, left = leg_hu(points + half, Side.RIGHT), leg_hu(points - half + [0, 0, 8], Side.LEFT)
    return np.maximum(right, left)


def both_legs_bones(points: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Bones of the same."""
    half = np.array([LEGS_APART_MM / 2, 0, 0])
    return np.maximum(knee_bones(points + half, Side.RIGHT), knee_bones(points - half + [0, 0, 8], Side.LEFT))


def slice_points(position: NDArray, axes: NDArray, pixel_mm: float, rows: int, columns: int) -> NDArray[np.float64]:
    """(rows, columns, 3) LPS of a slice's pixels."""
    r, c = np.mgrid[:rows, :columns]
    return position + pixel_mm * (c[..., None] * axes[0] + r[..., None] * axes[1])


def positions_of(
    heights: Sequence[float], axes: NDArray = AXIAL, rows: int = 72, columns: int = 72, tilt: float = 0.0
) -> NDArray[np.float64]:
    """(K, 3) first pixels of slices of 2 mm pixels around their normal, moved by `tilt` mm along y for each mm up."""
    corner = -PIXEL_MM / 2 * ((columns - 1) * axes[0] + (rows - 1) * axes[1])
    return np.array([corner + h * np.cross(axes[0], axes[1]) + h * tilt * axes[1] for h in heights])


def write_series(
    folder: Path,
    hu_at: Callable[[NDArray[np.float64]], NDArray[np.int16]],
    positions: NDArray,
    axes: NDArray = AXIAL,
    size: tuple[int, int] = (72, 72),
    **changes: Any,
) -> list[Path]:
    """A DICOM series, one file a slice. hu_at: HU at LPS points. changes: attributes of every slice."""
    folder.mkdir(parents=True, exist_ok=True)
    changes = {"SeriesInstanceUID": generate_uid()} | changes
    paths = []
    for n, position in enumerate(positions):
        dataset = slice_dataset(hu_at(slice_points(position, axes, PIXEL_MM, *size)), position, axes, n)
        for keyword, value in changes.items():
            setattr(dataset, keyword, value)
        paths.append(folder / f"CANARY_{n:04d}.dcm")
        dataset.save_as(paths[-1], enforce_file_format=True)
    return paths


def slice_dataset(hu: NDArray, position: NDArray, axes: NDArray, number: int) -> Dataset:
    """A CT slice of HU (rows, columns) whose first pixel lies at `position`."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = CT_STORAGE, generate_uid()
    dataset.Modality, dataset.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.PatientName, dataset.PatientID, dataset.InstitutionName = NAME, PATIENT, INSTITUTION
    dataset.StudyInstanceUID, dataset.InstanceNumber = generate_uid(), number + 1
    dataset.ImagePositionPatient = [round(float(v), 4) for v in position]
    dataset.ImageOrientationPatient = [round(float(v), 6) for v in axes.ravel()]
    dataset.Rows, dataset.Columns = hu.shape
    dataset.PixelSpacing, dataset.SliceThickness = [PIXEL_MM, PIXEL_MM], PIXEL_MM
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    dataset.PixelData = (hu + 1024).astype("<u2").tobytes()
    return dataset


def phantom_volume(hu_at: Callable, width_mm: float = 144.0, low_mm: float = -74, high_mm: float = 74) -> Volume:
    """A phantom as a volume of 2 mm voxels along LPS; values at voxels' centres."""
    counts = [int(width_mm / PIXEL_MM), 72, int((high_mm - low_mm) / PIXEL_MM) + 1]
    affine = np.diag([PIXEL_MM] * 3 + [1.0])
    affine[:3, 3] = [-(counts[0] - 1) * PIXEL_MM / 2, -71, low_mm]
    points = np.moveaxis(np.indices(counts), 0, -1) * PIXEL_MM + affine[:3, 3]
    return Volume(hu_at(points).astype(np.int16), affine)
