"""Firefox checks a patient in while the server is dead, and hands it in when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.firefox import Firefox
from tests.browser.hands import Hands, check_in_without_the_server
from tests.browser.office import OfficeServer
from tests.other_engines import find_firefox


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    if not find_firefox():
        pytest.skip("Firefox is not installed here: apt install firefox-esr")
    firefox = Firefox(tmp_path / "browser")
    try:
        firefox.begin()
        yield firefox
    finally:
        firefox.close()


def test_a_patient_checked_in_without_the_server_reaches_it_when_it_is_back(
    office: OfficeServer, firefox: Firefox
) -> None:
    check_in_without_the_server(Hands(firefox, office.url), office)
