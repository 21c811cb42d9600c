"""Films through the real reader, child process included, and the rules of polarity, view, side and direction."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from engine.domain import RefusedInput, Side, Source, View
from engine.io.radiograph_file import pair_radiographs, read_radiograph
from tests.engine.io.film_files import CAPTURE, CR, encoded, film, lateral, read_here, saved, wedge


def test_that_a_film_comes_out_with_its_pixels_geometry_and_provenance(tmp_path):
    read = read_radiograph(saved(tmp_path, film()))
    assert np.array_equal(read.pixels, wedge())
    assert (read.view, read.side, read.columns_run_to) == (View.AP, Side.RIGHT, "L")
    assert (read.pixel_spacing_mm, read.sid_mm, read.sod_mm) == ((2.0, 1.5), 1150.0, 1050.0)
    assert all(p.source is Source.FILE for p in read.provenance.values())
    assert read.warnings == ()
    assert read.identity.patient_id == "P1"


@pytest.mark.parametrize(
    ("interpretation", "shape", "inverted"),
    [
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME2", None, False),
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME1", None, True),
        ("MONOCHROME1", "IDENTITY", True),
        ("MONOCHROME2", "INVERSE", True),
    ],
)
def test_that_polarity_is_normalised_once_and_never_twice(tmp_path, interpretation, shape, inverted):
    read = read_here(saved(tmp_path, film(PhotometricInterpretation=interpretation, PresentationLUTShape=shape)))
    assert np.array_equal(read.pixels, 4095 - wedge() if inverted else wedge())
    contradiction = shape is not None and (shape == "INVERSE") != (interpretation == "MONOCHROME1")
    assert any("contradicts" in w for w in read.warnings) == contradiction


def test_that_rescale_is_applied_before_inversion(tmp_path):
    changes = {"RescaleSlope": "2", "RescaleIntercept": "-10", "PhotometricInterpretation": "MONOCHROME1"}
    read = read_here(saved(tmp_path, film(PresentationLUTShape="INVERSE", **changes)))
    assert np.array_equal(read.pixels, (-10 + 2 * 4095 - 10) - (2.0 * wedge() - 10))


def test_that_a_modality_lut_is_applied_and_clamped_at_its_ends(tmp_path):
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [256, 100, 16], list(range(5000, 5256))
    item["LUTDescriptor"].VR = item["LUTData"].VR = "US"
    item.ModalityLUTType = "US"
    read = read_here(saved(tmp_path, film(ModalityLUTSequence=[item])))
    assert np.array_equal(read.pixels, 5000 + np.clip(wedge().astype(int) - 100, 0, 255))


def test_that_the_window_leaves_pixels_alone(tmp_path):
    read = read_here(saved(tmp_path, film(WindowCenter="100", WindowWidth="10")))
    assert np.array_equal(read.pixels, wedge())


def test_that_signed_pixels_keep_their_sign(tmp_path):
    signed = wedge().astype(np.int16) - 2048
    stored = (signed & 0x0FFF).astype(np.uint16)
    assert np.array_equal(read_here(saved(tmp_path, film(stored, PixelRepresentation=1))).pixels, signed)


def test_that_bits_above_the_stored_ones_are_ignored(tmp_path):
    assert np.array_equal(read_here(saved(tmp_path, film(wedge() | 0x4000))).pixels, wedge())


def test_that_raw_exposure_becomes_attenuation(tmp_path):
    attenuation = np.linspace(0, 8, 48 * 64).reshape(48, 64)
    exposure = np.rint(4095 * np.exp(-attenuation)).astype(np.uint16)
    changes = {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"}
    raw = film(exposure, PresentationIntentType="FOR PROCESSING", PixelIntensityRelationship="LIN", **changes)
    read = read_here(saved(tmp_path, raw)).pixels
    well_exposed = attenuation < 4
    slope, offset = np.polyfit(attenuation[well_exposed], read[well_exposed], 1)
    assert np.abs(slope * attenuation + offset - read)[well_exposed].max() < 0.02 * np.ptp(read)
    assert slope > 0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"PixelIntensityRelationship": "DISP"}, "cannot be undone"),
        ({"PixelIntensityRelationship": "LIN"}, "linear in exposure"),
        ({"PresentationIntentType": "FOR PROCESSING"}, "unprocessed"),
        ({"BurnedInAnnotation": "YES"}, "burned-in text"),
        ({"BurnedInAnnotation": None}, "does not say whether text"),
        ({"BodyPartExamined": "CHEST"}, "body part"),
        ({"ImagerPixelSpacing": ["0.02", "0.02"]}, "wide at the detector"),
        ({"PatientOrientation": None}, "taken to run to L"),
    ],
)
def test_that_a_doubt_is_recorded(tmp_path, change, word):
    read = read_here(saved(tmp_path, film(**change)))
    assert [word in w and w.startswith("film.dcm") for w in read.warnings] == [True]


@pytest.mark.parametrize(
    ("tags", "view"),
    [
        ({"ViewPosition": "AP"}, View.AP),
        ({"ViewPosition": "LATERAL", "PatientOrientation": ["P", "F"]}, View.LATERAL),
        ({"ViewPosition": "LL", "PatientOrientation": ["A", "F"]}, View.LATERAL),
        ({"ViewPosition": "RL", "PatientOrientation": ["A", "F"]}, View.LATERAL),
        ({"ViewPosition": None, "PatientOrientation": ["AR", "FP"]}, View.LATERAL),
        ({"ViewPosition": None}, None),
        ({"ViewPosition": "STANDING"}, None),
    ],
)
def test_that_the_view_is_what_the_tags_say(tmp_path, tags, view):
    assert read_here(saved(tmp_path, film(**tags))).view is view


def test_that_a_view_code_names_the_view_and_must_not_contradict(tmp_path):
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "399348003", "SCT", "antero-posterior"
    assert read_here(saved(tmp_path, film(ViewPosition=None, ViewCodeSequence=[code]))).view is View.AP
    contradicting = lateral(ViewCodeSequence=[code])
    assert read_here(saved(tmp_path, contradicting)).view is None


@pytest.mark.parametrize(
    ("tags", "side"),
    [
        ({"ImageLaterality": "L"}, Side.LEFT),
        ({"ImageLaterality": None, "Laterality": "R"}, Side.RIGHT),
        ({"ImageLaterality": "R", "Laterality": "R"}, Side.RIGHT),
        ({"ImageLaterality": "R", "Laterality": "L"}, None),
        ({"ImageLaterality": "B"}, None),
        ({"ImageLaterality": "U"}, None),
        ({"ImageLaterality": "L ", "Laterality": ""}, Side.LEFT),
        ({"ImageLaterality": None}, None),
    ],
)
def test_that_the_side_is_never_guessed(tmp_path, tags, side):
    assert read_here(saved(tmp_path, film(**tags))).side is side


def test_that_the_users_side_wins_and_the_conflict_is_recorded(tmp_path):
    read = read_here(saved(tmp_path, film()), side=Side.LEFT)
    assert read.side is Side.LEFT
    assert read.provenance["side"].source is Source.USER
    assert any("overrules" in w and "ImageLaterality R" in w for w in read.warnings)


def test_that_the_users_view_wins_over_an_unusable_tag(tmp_path):
    read = read_here(saved(tmp_path, film(ViewPosition="PA")), view=View.AP)
    assert read.view is View.AP
    assert any("overrules 'PA'" in w for w in read.warnings)


def test_that_a_film_standing_on_its_head_is_turned(tmp_path):
    read = read_here(saved(tmp_path, film(PatientOrientation=["R", "H"])))
    assert np.array_equal(read.pixels, wedge()[::-1])
    assert read.columns_run_to == "R"
    assert any("upside down" in w for w in read.warnings)


def test_that_a_lateral_without_orientation_is_taken_as_facing_right(tmp_path):
    read = read_here(saved(tmp_path, lateral(PatientOrientation=None)))
    assert read.columns_run_to == "A"
    assert read.provenance["columns_run_to"].source is Source.DEFAULT


@pytest.mark.parametrize(
    "tags", [{"SOPClassUID": CR, "Modality": "CR"}, {"Modality": "RG"}, {"SOPClassUID": CAPTURE, "Modality": "RG"}]
)
def test_that_computed_and_conventional_films_are_read(tmp_path, tags):
    assert np.array_equal(read_here(saved(tmp_path, film(**tags))).pixels, wedge())


def test_that_two_films_make_a_pair_of_the_side_they_agree_on(tmp_path):
    pair = pair_radiographs(saved(tmp_path, film(), "ap.dcm"), saved(tmp_path, lateral(), "lat.dcm"))
    assert pair.side is Side.RIGHT
    assert np.array_equal(pair.lateral.pixels, wedge()[:, ::-1])


def test_that_named_films_are_what_the_user_names_them(tmp_path):
    untagged = {"ViewPosition": None, "PatientOrientation": None, "ImageLaterality": None}
    ap = saved(tmp_path, film(**untagged), "one.dcm")
    lat = saved(tmp_path, lateral(**untagged), "two.dcm")
    for pair in (
        pair_radiographs(ap=ap, lateral=lat, side=Side.LEFT),
        pair_radiographs(ap=str(ap), lateral=str(lat), side=Side.LEFT, spacing_mm=1.5),
    ):
        assert (pair.ap.source_name, pair.lateral.source_name) == ("one.dcm", "two.dcm")
        assert pair.side is Side.LEFT


def test_that_one_named_film_gives_the_other_its_place(tmp_path):
    ap, lat = saved(tmp_path, film(), "ap.dcm"), saved(tmp_path, lateral(), "lat.dcm")
    assert pair_radiographs(ap, lateral=lat).ap.source_name == "ap.dcm"
    assert pair_radiographs(lat, ap=ap).lateral.source_name == "lat.dcm"


def test_that_different_dates_are_recorded(tmp_path):
    pair = pair_radiographs(saved(tmp_path, film(), "a.dcm"), saved(tmp_path, lateral(StudyDate="20260201"), "b.dcm"))
    assert any("different dates" in w for w in pair.lateral.warnings)


@pytest.mark.parametrize(
    ("ap", "other", "word"),
    [
        (film(), lateral(PatientID="P2"), "two patients"),
        (film(PatientID=""), lateral(PatientID="", PatientName="Other^One"), "different patients"),
        (film(PatientBirthDate="19800101"), lateral(PatientBirthDate="19800102"), "born on different days"),
        (film(), film(wedge()[::-1].copy()), "both AP"),
        (lateral(), lateral(wedge()), "both LATERAL"),
        (lateral(), film(), "swapped"),
        (film(), lateral(ImageLaterality="L"), "different sides"),
        (film(), lateral(ImageLaterality=None), "--side"),
        (film(), lateral(ImageLaterality="B"), "--side"),
        (film(ViewPosition=None), lateral(), "--ap FILE and --lateral FILE"),
    ],
)
def test_that_films_of_no_single_knee_are_refused(tmp_path, ap, other, word):
    with pytest.raises(RefusedInput) as refusal:
        pair_radiographs(saved(tmp_path, ap, "first.dcm"), saved(tmp_path, other, "second.dcm"))
    message = str(refusal.value)
    assert word in message
    assert "second.dcm" in message or "first.dcm" in message
    assert "Canary" not in message
    assert "\n" not in message


def test_that_one_file_twice_is_refused(tmp_path):
    path = saved(tmp_path, film())
    with pytest.raises(RefusedInput, match="same file"):
        pair_radiographs(path, path)


@pytest.mark.parametrize("arguments", [{}, {"first": "a"}, {"first": "a", "ap": "b", "lateral": "c"}])
def test_that_a_pair_needs_two_films(arguments):
    with pytest.raises(RefusedInput, match="an AP and a lateral film are needed"):
        pair_radiographs(**arguments)


def test_that_swapped_names_are_caught_by_the_orientation(tmp_path):
    ap, lat = saved(tmp_path, film(), "ap.dcm"), saved(tmp_path, lateral(), "lat.dcm")
    with pytest.raises(RefusedInput, match=r"lat\.dcm is named AP, but its columns run to A"):
        pair_radiographs(ap=lat, lateral=ap)


def test_that_the_hash_is_of_the_file(tmp_path):
    import hashlib

    content = encoded(film())
    assert read_here(saved(tmp_path, content)).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("case", "side"), [("D1", Side.RIGHT), ("D2", Side.LEFT), ("D3", Side.RIGHT)])
def test_that_the_development_films_are_bone_bright_with_true_geometry(data_file, case, side):
    pair = pair_radiographs(*(data_file(f"real-knees/{case}/{name}.dcm") for name in ("ap", "lat")))
    assert pair.side is side
    for read in (pair.ap, pair.lateral):
        assert (read.pixel_spacing_mm, read.sid_mm, read.sod_mm) == ((0.3, 0.3), 1150.0, 1050.0)
        corner, centre = read.pixels[:100, :100].mean(), read.pixels[300:470, 300:470].mean()
        assert centre > 2 * corner
        assert read.warnings == ()
