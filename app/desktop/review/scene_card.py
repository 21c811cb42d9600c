"""The card that sets the 3-D view: bones, volume, clipping plane, standard views, turntable, and what draws it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.knee.camera import StandardView
from app.desktop.knee.scene import Clip, Scene, VolumeLook
from app.desktop.knee.view import KneeView
from app.desktop.parts.labels import icon_button, label
from app.desktop.parts.panels import Choices, card, named_row, slider
from app.desktop.review.bones import BoneRows
from engine.domain import Bone

if TYPE_CHECKING:
    from app.desktop.knee.renderer import RendererKind


class SceneCard(QWidget):
    """Changes the scene of a KneeView, which stays the one place where it is kept. Tells `view.scene_changed`."""

    def __init__(self, view: KneeView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._present: frozenset[Bone] = frozenset()
        self.bones = BoneRows()
        self.labels = QCheckBox(self.tr("Names beside the bones"))
        self.volume = self._combo(
            self.tr("Volume rendering"),
            [
                (self.tr("Off"), VolumeLook.OFF),
                (self.tr("Bone"), VolumeLook.BONE),
                (self.tr("Soft tissue"), VolumeLook.SOFT_TISSUE),
            ],
        )
        self.clip = self._combo(
            self.tr("Clipping plane"),
            [(self.tr("Off"), -1), (self.tr("Axial"), 2), (self.tr("Coronal"), 1), (self.tr("Sagittal"), 0)],
        )
        self.share = slider(self.tr("Place of the clipping plane"), largest=200)
        self.flip = icon_button("flip", self.tr("Show the other side of the clipping plane"))
        self.flip.setCheckable(True)
        self.standard = Choices(self._view_words(), self)
        self.turntable = icon_button("turntable", self.tr("Turntable (T in the view)"))
        self.turntable.setCheckable(True)
        self.picture = icon_button("camera", self.tr("Copy a picture of the 3-D view"))
        self.renderer = label("", "caption", wrap=True)
        self._build()
        self._connect()
        self._show()

    def show_present(self, present: frozenset[Bone]) -> None:
        """The bones that the knee has."""
        self._present = present
        self._show()

    def show_renderer(self, kind: RendererKind) -> None:
        """Say what draws, and which ray caster was chosen."""
        if kind.software:
            words = self.tr("Software renderer ({0}). Volumes go to the CPU's own ray caster, which is faster here.")
        else:
            words = self.tr("Drawn by the graphics card ({0}).")
        self.renderer.setText(words.format(kind.name))

    def _view_words(self) -> list[tuple[StandardView, str, str]]:
        words = {
            StandardView.ANTERIOR: self.tr("From the front (A in the view)"),
            StandardView.POSTERIOR: self.tr("From behind (P in the view)"),
            StandardView.LEFT: self.tr("From the patient's left (L in the view)"),
            StandardView.RIGHT: self.tr("From the patient's right (R in the view)"),
            StandardView.SUPERIOR: self.tr("From above (S in the view)"),
            StandardView.INFERIOR: self.tr("From below (I in the view)"),
        }
        return [(view, view.letter, tip) for view, tip in words.items()]

    @staticmethod
    def _combo(name: str, choices: list[tuple[str, object]]) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        for words, value in choices:
            made.addItem(words, value)
        return made

    def _build(self) -> None:
        made, column = card(self.tr("3-D"))
        column.addWidget(self.bones)
        column.addWidget(self.labels)
        column.addLayout(named_row(self.tr("Volume"), self.volume))
        column.addLayout(named_row(self.tr("Clip"), self.clip, self.share, self.flip))
        views = QHBoxLayout()
        views.setSpacing(2)
        views.addLayout(self.standard.row())
        views.addStretch()
        views.addWidget(self.turntable)
        views.addWidget(self.picture)
        column.addLayout(views)
        column.addWidget(self.renderer)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(made)

    def _connect(self) -> None:
        self.bones.changed.connect(lambda bone, look: self._set(self._view.scene.with_bone(bone, look)))
        self.labels.toggled.connect(lambda on: self._set(replace(self._view.scene, labels=on)))
        self.volume.currentIndexChanged.connect(
            lambda _index: self._set(replace(self._view.scene, volume=self.volume.currentData()))
        )
        self.clip.currentIndexChanged.connect(lambda _index: self._set_clip())
        self.share.valueChanged.connect(lambda _value: self._set_clip())
        self.flip.toggled.connect(lambda _on: self._set_clip())
        self.standard.chosen.connect(self._look)
        self.turntable.toggled.connect(self._view.set_turntable)
        self.picture.clicked.connect(self.copy_picture)
        self._view.turning.connect(self.turntable.setChecked)
        self._view.described.connect(self.show_renderer)

    def copy_picture(self) -> None:
        """The 3-D view as a picture in the clipboard."""
        png = self._view.screenshot_png()
        if png:
            QGuiApplication.clipboard().setImage(QImage.fromData(png))

    def _look(self, view: StandardView) -> None:
        self.standard.show_value(None)
        self._view.look(view)

    def _set_clip(self) -> None:
        axis = self.clip.currentData()
        clip = Clip(None if axis < 0 else axis, self.share.value() / self.share.maximum(), self.flip.isChecked())
        self._set(replace(self._view.scene, clip=clip))

    def _set(self, scene: Scene) -> None:
        self._view.set_scene(scene)
        self._show()

    def _show(self) -> None:
        scene = self._view.scene
        self.bones.show_scene(scene, self._present)
        for part in (self.labels, self.volume, self.clip, self.share, self.flip):
            part.blockSignals(True)
        self.labels.setChecked(scene.labels)
        self.volume.setCurrentIndex(self.volume.findData(scene.volume))
        self.clip.setCurrentIndex(self.clip.findData(-1 if scene.clip.axis is None else scene.clip.axis))
        self.share.setValue(round(scene.clip.share * self.share.maximum()))
        self.flip.setChecked(scene.clip.flipped)
        for part in (self.labels, self.volume, self.clip, self.share, self.flip):
            part.blockSignals(False)
        for part in (self.share, self.flip):
            part.setEnabled(scene.clip.axis is not None)
