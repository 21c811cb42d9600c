"""VTK, off screen: bones and volume to pixels. Lives in the render thread; nothing here touches Qt.

Rendering off screen needs no native window, so it is the same on X11 and Wayland, at every scale, and in a screenshot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkCommand, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkPlane
from vtkmodules.vtkRenderingCore import vtkActor, vtkLightKit, vtkRenderer, vtkRenderWindow, vtkVolume
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLRenderer  # noqa: F401  makes the classes above OpenGL's
from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper
from vtkmodules.vtkRenderingVolumeOpenGL2 import vtkOpenGLGPUVolumeRayCastMapper

from app.desktop.knee.actors import VolumeMapper, bone_actor, dress_bone, dress_volume, volume_prop
from app.desktop.knee.camera import VIEW_ANGLE_DEGREES, Viewpoint
from app.desktop.knee.scene import Clip, Scene, VolumeLook
from app.desktop.planes.reslice import StandingVolume
from engine.domain import Bone, BoneMesh

BACKGROUND_TOP, BACKGROUND_BOTTOM = (0.115, 0.135, 0.165), (0.045, 0.055, 0.07)
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swr", "software", "basic render")
_PEELS = 4


@dataclass(frozen=True, slots=True)
class RendererKind:
    """What draws. name: the driver's own. software: it runs on the CPU, so volumes go to the CPU ray caster."""

    name: str
    software: bool


@dataclass(frozen=True, slots=True)
class FrameSize:
    """width, height: pixels drawn. coarse: rays of the volume cast for blocks of so many pixels each way."""

    width: int
    height: int
    coarse: float = 1.0


class KneeRenderer:
    """One off-screen window. All calls in one thread, the one that made it.

    out_of_date: asked while a picture is drawn; True gives it up.
    """

    def __init__(self, out_of_date: Callable[[], bool] = lambda: False) -> None:
        self._window = vtkRenderWindow()
        self._window.SetShowWindow(False)
        self._window.SetUseOffScreenBuffers(True)
        self._window.SetMultiSamples(0)
        self._renderer = vtkRenderer()
        self._renderer.GradientBackgroundOn()
        self._renderer.SetBackground(*BACKGROUND_BOTTOM)
        self._renderer.SetBackground2(*BACKGROUND_TOP)
        self._renderer.SetMaximumNumberOfPeels(_PEELS)
        self._renderer.SetUseFXAA(True)
        vtkLightKit().AddLightsToRenderer(self._renderer)
        self._window.AddRenderer(self._renderer)
        self._out_of_date = out_of_date
        self._window.AddObserver(vtkCommand.AbortCheckEvent, self._abort_check)
        self._bones: dict[Bone, vtkActor] = {}
        self._volume: vtkVolume | None = None
        self._look = VolumeLook.OFF
        self._plane = vtkPlane()
        self._box = np.zeros(3), np.zeros(3)
        self.kind = self._detect()

    def _detect(self) -> RendererKind:
        self._window.SetSize(8, 8)
        self._window.Render()
        lines = (self._window.ReportCapabilities() or "").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("OpenGL renderer string")]
        name = names[0] if names else "unknown"
        return RendererKind(name, any(word in name.lower() for word in _SOFTWARE))

    def show(self, meshes: tuple[BoneMesh, ...], volume: StandingVolume | None) -> None:
        """Take another knee; None and () are an empty view."""
        self._renderer.RemoveAllViewProps()
        self._bones = {mesh.bone: bone_actor(mesh) for mesh in meshes}
        for actor in self._bones.values():
            self._renderer.AddActor(actor)
        self._volume, self._look = None, VolumeLook.OFF
        if volume is not None:
            self._box = volume.box_mm
            self._volume = volume_prop(volume, self._mapper(volume))

    def _mapper(self, volume: StandingVolume) -> VolumeMapper:
        """On a software driver the CPU's own ray caster is 3 to 15 times faster than shaders that run on the CPU."""
        step = float(volume.spacing_mm.min())
        if self.kind.software:
            mapper = vtkFixedPointVolumeRayCastMapper()
            mapper.AutoAdjustSampleDistancesOff()
            mapper.SetSampleDistance(step)
            return mapper
        mapper = vtkOpenGLGPUVolumeRayCastMapper()
        mapper.AutoAdjustSampleDistancesOff()
        mapper.SetSampleDistance(step / 2)
        mapper.SetMaxMemoryFraction(0.5)
        return mapper

    def draw(self, scene: Scene, viewpoint: Viewpoint, size: FrameSize) -> NDArray[np.uint8] | None:
        """Pixels (height, width, 4), RGBA, first row on top; None where the picture went out of date meanwhile."""
        self._place_camera(viewpoint)
        for bone, actor in self._bones.items():
            dress_bone(actor, scene.bones[bone])
        self._clip(scene.clip)
        self._show_volume(scene.volume, size.coarse)
        self._renderer.SetUseDepthPeeling(any(0 < look.opacity < 1 and look.visible for look in scene.bones.values()))
        if tuple(self._window.GetSize()) != (size.width, size.height):
            self._window.SetSize(size.width, size.height)
        self._window.SetAbortRender(0)
        self._window.Render()
        return None if self._window.GetAbortRender() else self._pixels(size)

    def close(self) -> None:
        """Let go of the graphics memory."""
        self._renderer.RemoveAllViewProps()
        self._window.RemoveAllObservers()
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()

    def _pixels(self, size: FrameSize) -> NDArray[np.uint8]:
        read = vtkUnsignedCharArray()
        self._window.GetRGBACharPixelData(0, 0, size.width - 1, size.height - 1, 0, read)  # pyright: ignore
        return np.ascontiguousarray(vtk_to_numpy(read).reshape(size.height, size.width, 4)[::-1])

    def _place_camera(self, viewpoint: Viewpoint) -> None:
        camera = self._renderer.GetActiveCamera()
        camera.SetFocalPoint(*viewpoint.focal_mm)
        camera.SetPosition(*viewpoint.eye_mm)
        camera.SetViewUp(*viewpoint.basis[1])
        camera.SetViewAngle(VIEW_ANGLE_DEGREES)
        self._renderer.ResetCameraClippingRange()

    def _clip(self, clip: Clip) -> None:
        mappers = [actor.GetMapper() for actor in self._bones.values()]
        mappers += [self._volume.GetMapper()] if self._volume is not None else []
        for mapper in mappers:
            mapper.RemoveAllClippingPlanes()
            if clip.axis is not None:
                mapper.AddClippingPlane(self._plane)
        if clip.axis is not None:
            low, high = self._box
            origin, normal = [0.0] * 3, [0.0] * 3
            origin[clip.axis] = float(low[clip.axis] + clip.share * (high - low)[clip.axis])
            normal[clip.axis] = 1.0 if clip.flipped else -1.0
            self._plane.SetOrigin(*origin)
            self._plane.SetNormal(*normal)

    def _show_volume(self, look: VolumeLook, coarse: float) -> None:
        if self._volume is None:
            return
        mapper = self._volume.GetMapper()
        if isinstance(mapper, vtkFixedPointVolumeRayCastMapper):
            mapper.SetImageSampleDistance(coarse)
        if look is self._look:
            return
        self._renderer.RemoveViewProp(self._volume)
        if look is not VolumeLook.OFF:
            dress_volume(self._volume.GetProperty(), look)
            self._renderer.AddViewProp(self._volume)
        self._look = look

    def _abort_check(self, *_event: object) -> None:
        if self._out_of_date():
            self._window.SetAbortRender(1)
