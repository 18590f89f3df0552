"""The downtime packet: what the office needs on paper when its tablets die too."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from litestar import Request, Response, get

from backend.access_log import Access, note_look
from backend.at_office import only_for, show
from backend.clock import instant, office_day
from backend.downtime.printing import as_pdf, can_print
from backend.identity import DESK
from backend.office import days_held, language_of, sites, zone_of
from backend.painting import Painted
from backend.serving import Office, office_of, view_of
from backend.shelf import Shelf
from backend.work import Site
from backend.writing import write_whole

# For at least eight hours (SAFER Contingency Planning guide): more patients than a desk takes in by hand.
LINES_TO_ARRIVE, FORMS_TO_REGISTER = 24, 4
# What was booked or came since is at most as old.
KEPT_EVERY = timedelta(hours=1)
NOT_YOURS = "Your role does not open this page. Ask the office manager."


@get("/downtime/packet", sync_to_thread=True)
def show_packet(request: Request) -> Response[str]:
    """To print from the browser. It names patients, so that it is logged as printed, and kept nowhere."""
    office = office_of(request)
    with office.database.read() as session:
        caller = only_for(request, session, DESK, NOT_YOURS)
        contents = contents_of(session, view_of(session, caller, office), caller.site, office.clock.now())
    rows = sum(len(day["visits"]) for day in contents["days"])
    who = {"actor_id": caller.actor.id, "site_id": caller.site.id, "device_id": caller.device.id}
    note_look(office, Access("print", office.clock.now(), **who, page="downtime.packet", rows=rows))
    return show(office, caller, "downtime.packet", "downtime/packet.html", **contents)


def contents_of(session: Any, view: Painted, site: Site, now: datetime) -> dict[str, Any]:
    """The schedule of today and of the next office day, what is counted where, and how many blank lines."""
    today = office_day(now, site.zone_name)
    ahead = [day for day in days_held(session, site, now) if day > today][:1]
    places = view.within([f"places/{site.id}", f"items/{site.id}"])
    return {
        "site_name": site.name,
        "made_at": instant(now),
        "days": [day_of(view, site, str(day)) for day in (today, *ahead)],
        "rooms": shelves_of(places),
        "lines": list(range(LINES_TO_ARRIVE)),
        "forms": list(range(FORMS_TO_REGISTER)),
    }


def day_of(view: Painted, site: Site, day: str) -> dict[str, Any]:
    """The visits of one day by their time, as the board shows them."""
    seen = view.within([f"visits/{site.id}/{day}", f"office/{site.id}"])
    visits = sorted(seen.rows("visit"), key=lambda one: (str(one["starts_at"]), str(one["id"])))
    return {"day": day, "visits": [{**one, **named(seen, one)} for one in visits]}


def named(seen: Any, visit: dict[str, Any]) -> dict[str, Any]:
    """Who is meant by a visit: two identifiers and the number to call, no more."""
    patient = seen.get("patient", str(visit["patient_id"])) or {}
    provider = seen.get("provider", str(visit["provider_id"])) or {}
    return {
        "name": f"{patient['given']} {patient['family']}" if patient else "",
        "birth_date": patient.get("birth_date"),
        "phone": patient.get("phone"),
        "provider": provider.get("name", ""),
    }


def shelves_of(seen: Any) -> list[dict[str, Any]]:
    """Each place with what belongs there, without quantities: a count on paper is as blind as one on a phone."""
    items: dict[str, list[str]] = {}
    for kept in seen.rows("belonging"):
        item = seen.get("item", str(kept["item_id"]))
        if item is not None:
            items.setdefault(str(kept["place_id"]), []).append(str(item["name"]))
    places = sorted(seen.rows("place"), key=lambda one: (str(one["sort_key"]), str(one["id"])))
    return [{"path": one["path"], "holds": sorted(items[one["id"]])} for one in places if one["id"] in items]


def keep_packets(office: Office, now: datetime) -> int:
    """The packet of every site as a file in the folder that was set; returns how many. Yesterday's are removed."""
    if not office.settings.packets or not can_print():
        return 0
    folder = Path(office.settings.packets)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = [keep_packet(folder, site, office, now) for site in everywhere(office)]
    for old in set(folder.glob("downtime-packet-*.pdf")) - set(made):
        old.unlink()
    return len(made)


def everywhere(office: Office) -> list[Site]:
    """Every site of the practice."""
    with office.database.read() as session:
        return sites(session)


def keep_packet(folder: Path, site: Site, office: Office, now: datetime) -> Path:
    """One site's file, readable for the server's own user alone; it is there whole or not at all."""
    with office.database.read() as session:
        contents = contents_of(session, Painted(Shelf(session, kept=office.kept)), site, now)
        scope = {"zone": zone_of(site, now), "language": language_of(session, site.id)}
    pdf = as_pdf(office.plain("downtime/packet_paper.html", contents, scope), office)
    path = folder / f"downtime-packet-{site.id}-{office_day(now, site.zone_name)}.pdf"
    write_whole(path, pdf)
    return path
