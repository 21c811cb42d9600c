"""Closed choices of the knee: bones, sides, views, and which way the lateral beam runs."""

from enum import Enum, IntEnum


class Bone(IntEnum):
    """Bones by their value in every label map that Genu reads or writes; 0 is background."""

    FEMUR = 1
    TIBIA = 2
    PATELLA = 3
    FIBULA = 4

    @property
    def word(self) -> str:
        """Lower-case name, as used in file names and tables."""
        return self.name.lower()


class Side(Enum):
    """Laterality by the code of DICOM ImageLaterality (0020,0062)."""

    RIGHT = "R"
    LEFT = "L"

    @property
    def word(self) -> str:
        """Lower-case name, as used in file names and tables."""
        return self.name.lower()


class View(Enum):
    """The two films of a pair, by the code of DICOM ViewPosition (0018,5101)."""

    AP = "AP"
    LATERAL = "LATERAL"


class LateralBeam(Enum):
    """Where the source of the lateral film stands. Mediolateral (source at the medial side) is the clinical routine."""

    MEDIOLATERAL = "mediolateral"
    LATEROMEDIAL = "lateromedial"
