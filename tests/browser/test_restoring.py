"""Yesterday's backup restored at noon: the morning comes back from the devices, and the manager reads what did not."""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.office import ROOT, OfficeServer, environment
from tests.browser.tablet import PHONE, Tablet, until
from tests.browser.test_accessibility import Looking

DONE_WITHIN = 120


class Terminal:
    """The person at the server, with the recovery phrase on paper."""

    def __init__(self, office: OfficeServer) -> None:
        self.office, self.phrase = office, ""
        self.phrase = next(line.strip() for line in self.type("recovery-phrase").splitlines() if line[:4] == "    ")

    def type(self, *command: str) -> str:
        known = environment(self.office.folder) | {"DAYSHEET_RECOVERY_PHRASE": self.phrase}
        whole = [sys.executable, "-m", "backend", *command]
        how = {"cwd": ROOT, "env": known, "capture_output": True, "text": True, "timeout": DONE_WITHIN}
        done = subprocess.run(whole, check=False, **how)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_the_morning_comes_back_by_itself_and_the_manager_reads_what_could_not(
    office: OfficeServer, new_tablet, tmp_path: Path
) -> None:
    terminal = Terminal(office)
    anas, bens = new_tablet(), new_tablet()
    anas.enrol("Tablet 1", "ana")
    bens.enrol("Tablet 2", "ben")
    anas.tap("Arrive Alma Castellanos")
    anas.shows("Alma Castellanos", "arrived", unsent=False)
    terminal.type("backup", str(tmp_path / "yesterday"))
    [backup] = (tmp_path / "yesterday").iterdir()

    the_morning(anas, bens)
    maria = new_tablet(viewport=PHONE)
    maria.sign_in("maria")
    ask_for_another_rule(maria)
    # Ben's tablet is out of reach when the office comes back.
    bens.context.set_offline(True)
    bens.tap("Arrive Greta Brandt")
    bens.shows("Greta Brandt", "arrived", unsent=True)
    office.stop()
    said = terminal.type("restore", str(backup), "--over")
    assert "The office as it was before is kept in" in said
    assert [visit.status for visit in office.visits("Castellanos")] == ["arrived"]
    assert [visit.status for visit in office.visits("Haddad")] == ["booked"]
    office.start()

    maria.sign_in("maria")
    until(lambda: standing(maria) == {"back": 3, "waiting": 2, "missing": 0, "gone": 1}, "Ana's work is back", 30)
    anas.pill_says(online=True, waiting=0)
    anas.shows("Alma Castellanos", "checked_in", unsent=False)
    expect(maria.page.get_by_text("Tablet 2").first).to_be_visible()

    bens.context.set_offline(False)
    bens.pill_says(online=True, waiting=0)
    bens.shows("Greta Brandt", "arrived", unsent=False)
    until(lambda: standing(maria) == {"back": 6, "waiting": 0, "missing": 0, "gone": 1}, "Ben's work is back too", 30)
    expect(maria.page.locator("[data-list=gone]")).to_contain_text("Maria Lindqvist")
    looking = Looking(maria)
    looking.look("backups after a restore")
    assert looking.breaches == []
    assert "Still expected: 0" in terminal.type("restore", "--report")
    each_happened_once(office)
    for tablet in (anas, bens):
        tablet.shows("Alma Castellanos", "checked_in", unsent=False)
        tablet.shows("Farid Haddad", "arrived", unsent=False)


def the_morning(anas: Tablet, bens: Tablet) -> None:
    """Two more steps of Alma's on Ana's tablet, and on Ben's an arrival that is taken back, and another."""
    anas.follow("Identify Alma Castellanos")
    anas.tap("Name and birth date match")
    anas.tap("Check in")
    expect(anas.page.locator("#steps")).to_have_attribute("data-status", "checked_in")
    anas.follow("Back to the day")
    anas.tap("Arrive Farid Haddad")
    anas.shows("Farid Haddad", "arrived", unsent=False)
    bens.tap("Arrive Bruno O’Hara")
    bens.shows("Bruno O’Hara", "arrived", unsent=False)
    bens.tap("Undo Bruno O’Hara")
    bens.shows("Bruno O’Hara", "booked", unsent=False)


def ask_for_another_rule(maria: Tablet) -> None:
    """Something at the office's own pages, of which no device has a copy."""
    maria.open("/approvals/rules")
    maria.page.get_by_label("Lapses after hours").first.fill("24")
    maria.page.get_by_role("button", name=re.compile("^Ask for this change")).first.click()
    maria.page.wait_for_url("**/approvals/rules")


def standing(maria: Tablet) -> dict[str, int]:
    """What the manager's page says of the restore."""
    maria.open("/backups")
    shown = maria.page.locator("#restore")
    return {name: int(shown.get_attribute(f"data-{name}") or -1) for name in ("back", "waiting", "missing", "gone")}


def each_happened_once(office: OfficeServer) -> None:
    assert [event.what for event in office.events("Castellanos")] == ["arrived", "identified", "checked_in"]
    assert [event.what for event in office.events("Haddad")] == ["arrived"]
    assert [event.what for event in office.events("Brandt")] == ["arrived"]
    assert [bool(event.undone_by) for event in office.events("O’Hara")] == [True]
    assert len(office.entries("checkin.record_arrival")) == 4
    assert len(office.entries("backups.record_restore")) == 1
    assert office.broken_link() is None
