"""Firefox and WebKit check a patient in while the server is dead, and hand it in when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.firefox import Firefox
from tests.browser.hands import Hands, check_in_without_the_server
from tests.browser.office import OfficeServer
from tests.browser.webkit import WebKit
from tests.other_engines import find_firefox, find_webkit

ENGINES = {
    "Firefox": (Firefox, find_firefox, "firefox-esr"),
    "WebKit": (WebKit, find_webkit, "webkit2gtk-driver xvfb"),
}


@pytest.fixture(params=ENGINES)
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Firefox | WebKit]:
    make, find, packages = ENGINES[request.param]
    if not find():
        pytest.skip(f"{request.param} is not installed here: apt install {packages}")
    browser = make(tmp_path / "browser")
    try:
        browser.begin()
        yield browser
    finally:
        browser.close()


def test_a_patient_checked_in_without_the_server_reaches_it_when_it_is_back(
    office: OfficeServer, other: Firefox | WebKit
) -> None:
    check_in_without_the_server(Hands(other, office.url), office)
