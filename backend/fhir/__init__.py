"""FHIR R4: another system's records, taken over as commands of the import."""

import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from backend.app import ROOMS
from backend.clock import Clock
from backend.database import Database
from backend.errors import Busy
from backend.fhir.importing import Import, survey
from backend.fhir.naming import Names
from backend.fhir.reading import open_file
from backend.fhir.reporting import Report
from backend.giving import Giver
from backend.house import kinds_of, sheets_of
from backend.office import OpenSite, find_site
from backend.performing import Performer
from backend.settings import Settings
from backend.work import Site

ZONE, NAME = "America/New_York", "Imported practice"


def import_files(
    settings: Settings,
    files: Sequence[Path],
    *,
    site_id: str,
    shift_to_today: bool,
    source: str = "fhir",
    clock: Clock | None = None,
) -> int:
    """Take the files over and print what became of them; 1 when one cannot be read, with nothing taken."""
    began = time.monotonic()
    complaints = [complaint for path in files if (complaint := unreadable(path))]
    if not re.fullmatch("[a-z0-9_-]{1,40}", site_id):
        complaints.append("A site is named by up to 40 lower-case letters, digits, - or _.")
    if not re.fullmatch("[a-z0-9_.-]{1,40}", source):
        complaints.append("A source is named by up to 40 lower-case letters, digits, -, _ or a full stop.")
    if complaints:
        print("\n".join([*complaints, "Nothing was imported."]), file=sys.stderr)
        return 1
    database, report = Database(settings.database_url), Report()
    try:
        performer = Performer(database, sheets_of(ROOMS), kinds_of(ROOMS))
        site = open_site(Giver(performer, clock or Clock(), Site(site_id, NAME, ZONE)), report)
        giver = Giver(performer, clock or Clock(), site)
        names = Names(source, site.id)
        Import(giver, names, survey(files, names, site, report), report).run(shift_to_today)
    except Busy:
        report.damaged.append("The database was busy for too long. Run the same import again: it goes on from here.")
    finally:
        database.close()
    print("\n".join(report.lines(time.monotonic() - began)))
    return 1 if report.damaged else 0


def unreadable(path: Path) -> str | None:
    """The sentence about a file that cannot be opened."""
    if not path.is_file():
        return f"{path} cannot be read: {'it is not a file' if path.exists() else 'there is no such file'}."
    try:
        with open_file(path):
            return None
    except (OSError, EOFError) as error:
        return f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is damaged'}."


def open_site(giver: Giver, report: Report) -> Site:
    """The site that the records belong to, opened if this is the first that is heard of it."""
    with giver.house.database.read() as session:
        site = find_site(session, giver.site.id)
    if site is None:
        site = giver.site
        giver.give(OpenSite, site_id=site.id, name=site.name, zone_name=site.zone_name)
        report.said.append(f"There was no site “{site.id}” yet: it was opened as “{NAME}”, in the zone {ZONE}.")
    return site
