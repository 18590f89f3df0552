"""Lighthouse looks at what people have open all day: fast, usable by everybody, and built as browsers advise."""

import subprocess
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from backend.approvals.models import ApprovalRule
from backend.approvals.ruling import ChangeRule, FurnishRules
from backend.counts import AskForCount
from backend.ids import new_id
from tests.bench.rivals import install_packages
from tests.browser.chrome import Chrome
from tests.browser.office import OfficeServer, giving
from tests.browser.shelves import ROOM, Shelves
from tests.browser.tablet import Tablet
from tests.worker.node import node

HERE = Path(__file__).parents[1] / "lighthouse"
# What must be on the page, so that none of them is a sign-in that scores well.
PAGES = {"/checkin": "Alma Castellanos", "/counts": ROOM, "/approvals": "Rule for"}
LEAST = 95


@pytest.fixture(scope="session")
def lighthouse() -> Path:
    """The script, with what it is made of."""
    install_packages(HERE)
    return HERE / "look.mjs"


def something_to_count_and_to_decide(office: OfficeServer) -> None:
    shelves = Shelves(office, shelves=1, items=15)
    with giving(office.folder) as giver:
        giver.give(AskForCount, count_id=new_id(), kind="full", place_id=shelves.places[1])
        giver.give(FurnishRules, site_id=giver.site.id)
        with office.read() as session:
            rule = session.scalars(select(ApprovalRule.id)).first()
        giver.give(
            ChangeRule, rule_id=rule, amount_from=0, levels=1, first_roles=["manager"], second_roles=["manager"],
            expires_hours=72,
        )  # fmt: skip


def test_the_board_counting_and_approvals_score_at_least_95(
    office: OfficeServer, chrome: Chrome, lighthouse: Path
) -> None:
    something_to_count_and_to_decide(office)
    tablet = Tablet(chrome.start(), office, [])
    tablet.enrol("Desk 1", "maria", "desk")
    command = [node(), str(lighthouse), chrome.port, str(LEAST), *(office.url + path for path in PAGES)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    looked = [msgspec.json.decode(line) for line in done.stdout.splitlines()]
    for (path, words), seen in zip(PAGES.items(), looked, strict=True):
        print(path, seen["scores"], *seen["missed"], sep="\n  ")
        assert words in seen["page"], path
        assert all(score >= LEAST for score in seen["scores"].values()), (path, seen["scores"], seen["missed"])
