"""Lighthouse looks at what people have open all day: fast, usable by everybody, and built as browsers advise."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.counts import AskForCount
from backend.ids import new_id
from tests.bench.rivals import npm
from tests.browser.chrome import Chrome
from tests.browser.office import OfficeServer, giving
from tests.browser.shelves import Shelves
from tests.browser.tablet import Tablet
from tests.worker.node import node

HERE = Path(__file__).parents[1] / "lighthouse"
PAGES = ("/checkin", "/counts", "/approvals")
LEAST = 95


@pytest.fixture(scope="session")
def lighthouse() -> Path:
    """What package-lock.json beside the script names, installed once; no script of a package runs."""
    lock, stamp = HERE / "package-lock.json", HERE / "node_modules" / ".locked"
    if not (stamp.exists() and stamp.read_bytes() == lock.read_bytes()):
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        subprocess.run([*npm(), "ci", *quiet], cwd=HERE, check=True, stdout=sys.stderr)
        shutil.copy(lock, stamp)
    return HERE / "look.mjs"


def test_the_board_counting_and_approvals_score_at_least_95(
    office: OfficeServer, chrome: Chrome, lighthouse: Path
) -> None:
    shelves = Shelves(office, shelves=1, items=3)
    with giving(office.folder) as giver:
        giver.give(AskForCount, count_id=new_id(), kind="full", place_id=shelves.places[1])
    tablet = Tablet(chrome.start(), office, [])
    tablet.enrol("Desk 1", "maria", "desk")
    tablet.open("/counts")
    expect(tablet.page.locator("li[data-row^='count:']")).to_have_count(1)
    tablet.open()

    pages = [office.url + path for path in PAGES]
    done = subprocess.run(
        [node(), lighthouse, chrome.port, *pages], capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stderr
    looks = [json.loads(line) for line in done.stdout.splitlines()]
    for look in looks:
        print(look["url"], look["scores"])
    # A device that locked meanwhile would have shown its lock.
    tablet.open()
    tablet.shows("Alma Castellanos", "booked")
    assert [look["url"] for look in looks] == pages
    assert all(len(look["scores"]) == 3 for look in looks)
    low = [look for look in looks if min(look["scores"].values()) < LEAST]
    assert not low, low
