"""WebKit checks a patient in while the server is dead, and hands it in when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.hands import Hands, check_in_without_the_server
from tests.browser.office import OfficeServer
from tests.browser.webkit import WebKit
from tests.other_engines import find_webkit


@pytest.fixture
def webkit(tmp_path: Path) -> Iterator[WebKit]:
    if not find_webkit():
        pytest.skip("WebKitGTK is not installed here: apt install webkit2gtk-driver xvfb")
    webkit = WebKit(tmp_path / "browser")
    try:
        webkit.begin()
        yield webkit
    finally:
        webkit.close()


def test_a_patient_checked_in_without_the_server_reaches_it_when_it_is_back(
    office: OfficeServer, webkit: WebKit
) -> None:
    check_in_without_the_server(Hands(webkit, office.url), office)
