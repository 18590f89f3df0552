"""Lighthouse looks at what people have open all day: fast, usable by everybody, and built as browsers advise."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

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
    shelves = Shelves(office, shelves=1, items=15)
    context = chrome.start()
    tablet = Tablet(context, office, [])
    tablet.enrol("Desk 1", "maria", "desk")
    pages = [office.url + path for path in PAGES]
    done = subprocess.run([node(), lighthouse, chrome.port, *pages], capture_output=True, text=True, timeout=300)
    print(done.stdout, done.stderr)
