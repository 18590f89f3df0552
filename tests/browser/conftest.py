"""What every journey is given: an office whose server can die, and browsers with profiles of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests import chromium
from tests.browser.chrome import Chrome
from tests.browser.office import OfficeServer, prepare
from tests.browser.tablet import Tablet

TABLET = {"width": 1180, "height": 820}
# Playwright says itself whether there is a window.
FLAGS = [flag for flag in chromium.FLAGS if not flag.startswith("--headless")]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def chrome(playwright: Playwright, tmp_path: Path) -> Iterator[Chrome]:
    """A browser that can be killed, with a profile that can be read."""
    chrome = Chrome(playwright, tmp_path / "profile")
    yield chrome
    chrome.kill()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office before anybody arrived, to be copied."""
    folder = tmp_path_factory.mktemp("office") / "data"
    folder.mkdir()
    prepare(folder)
    return folder


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Iterator[OfficeServer]:
    """A server that runs, on a copy of the prepared office."""
    office = OfficeServer(prepared, tmp_path / "office")
    office.start()
    yield office
    office.kill()


@pytest.fixture
def new_tablet(browser: Browser, office: OfficeServer) -> Iterator[Callable[..., Tablet]]:
    """Makes tablets; afterwards, their browsers must have found nothing wrong with our pages."""
    complaints: list[str] = []
    contexts = []

    def make(**options: object) -> Tablet:
        given = {"viewport": TABLET, "locale": "en-US", **options}
        context = browser.new_context(**given)  # type: ignore[arg-type]
        contexts.append(context)
        return Tablet(context, office, complaints)

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def tablet(new_tablet: Callable[..., Tablet]) -> Tablet:
    """Tablet 1: enrolled, Ana signed in, today's board in its binder."""
    tablet = new_tablet()
    tablet.enrol()
    return tablet
