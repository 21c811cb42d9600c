"""Closed triangle surfaces to partial volumes, by VTK's scan-line stencil."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkImagingStencil import vtkImageStencilToImage, vtkPolyDataToImageStencil


def partial_volume(
    vertices_mm: NDArray, faces: NDArray, voxels: int, spacing_mm: float, oversampling: int = 2
) -> NDArray[np.float32]:
    """Fraction of each voxel inside a closed surface, (n, n, n) float32 in [0, 1].

    vertices_mm: (N, 3); faces: (M, 3). The grid is a cube of `voxels`³ centred on the origin, i, j, k along x, y, z.
    A surface may reach out of the grid.
    """
    fine = spacing_mm / oversampling
    origin = (fine - voxels * spacing_mm) / 2
    low = np.floor((vertices_mm.min(0) - origin) / fine / oversampling).astype(int) * oversampling
    high = np.ceil((vertices_mm.max(0) - origin) / fine / oversampling + 1).astype(int) * oversampling
    low, high = np.maximum(low, 0), np.minimum(high, voxels * oversampling)
    result = np.zeros((voxels, voxels, voxels), np.float32)
    if (low >= high).any():
        return result
    inside = _inside(vertices_mm, faces, low, high, origin, fine)
    o = oversampling
    shape = inside.shape
    coarse = inside.reshape(shape[0] // o, o, shape[1] // o, o, shape[2] // o, o)
    summed = coarse.sum(axis=5, dtype=np.uint8).sum(axis=3, dtype=np.uint8).sum(axis=1, dtype=np.uint8)
    i, j, k = low // o
    result[i : i + summed.shape[0], j : j + summed.shape[1], k : k + summed.shape[2]] = summed / np.float32(o**3)
    return result


def _inside(
    vertices_mm: NDArray, faces: NDArray, low: NDArray, high: NDArray, origin: float, step: float
) -> NDArray[np.uint8]:
    """Points of the grid `origin + step * index`, low <= index < high, that lie inside: 0 or 1."""
    surface = _polydata(vertices_mm, faces)
    stencil = vtkPolyDataToImageStencil()
    stencil.SetInputData(surface)
    stencil.SetOutputOrigin(origin, origin, origin)
    stencil.SetOutputSpacing(step, step, step)
    stencil.SetOutputWholeExtent(low[0], high[0] - 1, low[1], high[1] - 1, low[2], high[2] - 1)
    stencil.SetTolerance(0.0)
    image = vtkImageStencilToImage()
    image.SetInputConnection(stencil.GetOutputPort())
    image.SetInsideValue(1)
    image.SetOutsideValue(0)
    image.SetOutputScalarTypeToUnsignedChar()
    image.Update()
    size = high - low
    flat = vtk_to_numpy(image.GetOutput().GetPointData().GetScalars())
    return np.ascontiguousarray(flat.reshape(size[2], size[1], size[0]).transpose(2, 1, 0))


def _polydata(vertices_mm: NDArray, faces: NDArray) -> vtkPolyData:
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(vertices_mm, dtype=np.float64), deep=True))
    cells = vtkCellArray()
    connectivity = numpy_to_vtkIdTypeArray(np.ascontiguousarray(faces, dtype=np.int64).ravel(), deep=True)
    offsets = numpy_to_vtkIdTypeArray(np.arange(0, 3 * len(faces) + 1, 3, dtype=np.int64), deep=True)
    cells.SetData(offsets, connectivity)
    surface = vtkPolyData()
    surface.SetPoints(points)
    surface.SetPolys(cells)
    return surface
