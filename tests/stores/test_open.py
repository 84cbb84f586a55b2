"""Which stores there are is said once, and what is said is true."""

from beacon_job.stores import DEFAULT, WINGS
from tests.places import ROOT


def test_every_folder_of_a_store_can_be_chosen_and_nothing_else() -> None:
    folders = {path.parent.name for path in (ROOT / "beacon_job/stores").glob("*/settings.py")}
    assert folders == WINGS.keys()
    assert DEFAULT in WINGS


def test_a_store_is_known_by_its_settings() -> None:
    assert len({wing.settings for wing in WINGS.values()}) == len(WINGS)
