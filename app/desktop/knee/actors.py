"""Bones and volume as VTK draws them. Used in the render thread only."""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPiecewiseFunction, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkPolyDataNormals
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkColorTransferFunction,
    vtkPolyDataMapper,
    vtkProperty,
    vtkVolume,
    vtkVolumeProperty,
)
from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper
from vtkmodules.vtkRenderingVolumeOpenGL2 import vtkOpenGLGPUVolumeRayCastMapper

from app.desktop.knee.scene import BoneLook, VolumeLook
from app.desktop.planes.reslice import StandingVolume
from engine.domain import BoneMesh

VolumeMapper = vtkFixedPointVolumeRayCastMapper | vtkOpenGLGPUVolumeRayCastMapper

# (HU, opacity) and (HU, red, green, blue). Opacity is for a millimetre.
_OPACITY = {
    VolumeLook.BONE: ((150, 0.0), (350, 0.12), (900, 0.5), (2000, 0.9)),
    VolumeLook.SOFT_TISSUE: ((-250, 0.0), (-80, 0.015), (60, 0.03), (250, 0.1), (900, 0.6)),
}
_COLOUR = {
    VolumeLook.BONE: ((150, 0.62, 0.42, 0.28), (500, 0.87, 0.76, 0.6), (1400, 1.0, 0.98, 0.93)),
    VolumeLook.SOFT_TISSUE: (
        (-250, 0.8, 0.6, 0.5),
        (40, 0.72, 0.3, 0.26),
        (250, 0.9, 0.75, 0.6),
        (900, 1.0, 0.97, 0.9),
    ),
}


def bone_actor(mesh: BoneMesh) -> vtkActor:
    """A bone's surface with smooth normals."""
    points, polygons, surface = vtkPoints(), vtkCellArray(), vtkPolyData()
    points.SetData(numpy_to_vtk(mesh.vertices_mm, deep=True))
    offsets = np.arange(0, 3 * len(mesh.faces) + 1, 3, dtype=np.int64)
    polygons.SetData(numpy_to_vtk(offsets, deep=True), numpy_to_vtk(mesh.faces.ravel().astype(np.int64), deep=True))
    surface.SetPoints(points)
    surface.SetPolys(polygons)
    normals = vtkPolyDataNormals()
    normals.SetInputData(surface)
    normals.SplittingOff()
    normals.ConsistencyOff()
    normals.Update()
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(normals.GetOutput())
    actor = vtkActor()
    actor.SetMapper(mapper)
    return actor


def dress_bone(actor: vtkActor, look: BoneLook) -> None:
    """Colour, opacity and visibility."""
    colour = [int(look.colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    outside, inside = actor.GetProperty(), vtkProperty()
    outside.SetColor(*colour)
    outside.SetOpacity(look.opacity)
    outside.SetAmbient(0.12)
    outside.SetDiffuse(0.88)
    outside.SetSpecular(0.18)
    outside.SetSpecularPower(18)
    inside.DeepCopy(outside)
    inside.SetColor(*(0.45 * part for part in colour))  # what a clipping plane lays open
    inside.SetSpecular(0.0)
    actor.SetBackfaceProperty(inside)
    actor.SetVisibility(look.visible and look.opacity > 0)


def volume_prop(volume: StandingVolume, mapper: VolumeMapper) -> vtkVolume:
    """The volume as finite int16, which is what renderers take without a copy of their own."""
    image = vtkImageData()
    image.SetDimensions(*volume.hu.shape)
    image.SetSpacing(*volume.spacing_mm)
    image.SetOrigin(*volume.origin_mm)
    image.GetPointData().SetScalars(numpy_to_vtk(volume.hu.ravel(order="F"), deep=True))
    mapper.SetInputData(image)
    made = vtkVolume()
    made.SetMapper(mapper)
    return made


def dress_volume(look: vtkVolumeProperty, preset: VolumeLook) -> None:
    """Opacity and colour by HU."""
    opacity, colour = vtkPiecewiseFunction(), vtkColorTransferFunction()
    for hu, share in _OPACITY[preset]:
        opacity.AddPoint(hu, share)
    for point in _COLOUR[preset]:
        colour.AddRGBPoint(*point)
    look.SetScalarOpacity(opacity)
    look.SetColor(colour)
    look.SetInterpolationTypeToLinear()
    look.ShadeOn()
    look.SetAmbient(0.25)
    look.SetDiffuse(0.75)
    look.SetSpecular(0.15)
