"""The manager's list of the devices, what each is and may, and how each stands as far as the office has heard."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import answers, paths
from backend.at_office import show
from backend.clock import instant, optional_instant
from backend.devices.bringing_back import BringBack
from backend.devices.losing import MarkLost
from backend.devices.models import Contact, DeviceRecord, Unlock
from backend.devices.pages import manager_of
from backend.devices.retiring import RetireDevice
from backend.identity import MANAGERS
from backend.ids import is_id
from backend.lists import ById, Eq, List, One
from backend.screens import Page, Part, Post
from backend.serving import is_partial, office_of, reply, scope_of, view_of
from backend.staff import find_actor

SHEETS = ["devices/{site}", "office/{site}"]

devices_page = Page(
    "devices.devices",
    ["/devices"],
    "devices/devices.html",
    "Devices",
    sheets=SHEETS,
    lists={"devices": List("device", sort=["sort_key"]), "staff": ById("staff_member")},
    parts={"list": Part("devices/_list.html")},
    roles=MANAGERS,
)
record_page = Page(
    "devices.record",
    ["/devices/{device_id:id}"],
    "devices/record.html",
    "Device",
    sheets=SHEETS,
    lists={"device": One("device", where=[Eq("id", "{device_id}")]), "staff": ById("staff_member")},
    parts={"record": Part("devices/_record.html")},
    roles=MANAGERS,
)
posts = [
    Post("/devices/{device_id:id}/retire", RetireDevice, then="/devices"),
    Post("/devices/{device_id:id}/lost", MarkLost, then="/devices"),
    Post("/devices/{device_id:id}/back", BringBack, then="/devices"),
]


@get("/devices", sync_to_thread=True)
def show_devices(request: Request) -> Response[bytes]:
    """The list for a manager on any device; one whose purpose does not hold it has it from the office alone."""
    office = office_of(request)
    found = answers.page_at(office.answering.manifest, "/devices")
    assert found is not None
    page, given = found[0], paths.form_of(request.url.query)
    with office.database.read() as session:
        caller = manager_of(request, session)
        view, scope = view_of(session, caller, office), scope_of(caller, office)
        if part := given.pop("_part", None):
            return reply(answers.render_part(office.answering, page, part[0], given, view, scope))
        return reply(answers.render_page(office.answering, page, given, view, scope))


@get("/devices/figures", sync_to_thread=True)
def show_figures(request: Request) -> Response[str]:
    """What changes by the minute: when each device was last heard of, and what it then said of itself."""
    office = office_of(request)
    with office.database.read() as session:
        caller = manager_of(request, session)
        query = select(DeviceRecord).where(DeviceRecord.site_id == caller.site.id).order_by(DeviceRecord.name)
        if is_id(only := request.query_params.get("device_id")):
            query = query.where(DeviceRecord.id == only)
        devices = figures(session, session.scalars(query).all())
    template = "devices/_figures.html" if is_partial(request) else "devices/figures.html"
    return show(office, caller, "devices.devices", template, devices=devices)


def figures(session: Session, devices: Sequence[DeviceRecord]) -> list[dict[str, Any]]:
    """Each device's name, its last contact with what waited then, and who opened it."""
    ids = [device.id for device in devices]
    contacts = {each.device_id: each for each in session.scalars(select(Contact).where(Contact.device_id.in_(ids)))}
    people = opened_by(session, ids)
    return [
        {
            "id": device.id,
            "name": device.name,
            "state": device.state,
            "people": people.get(device.id, []),
            **said(contacts.get(device.id)),
        }
        for device in devices
    ]


def said(contact: Contact | None) -> dict[str, Any]:
    """What a device said of itself; nothing of what it left out."""
    if contact is None:
        return {"last_contact": None, "waiting": None, "durable": None, "app": "", "sheets": None, "differed_at": None}
    return {
        "last_contact": instant(contact.at),
        "app": contact.app,
        "waiting": contact.waiting,
        "files": contact.files or 0,
        "oldest_at": optional_instant(contact.oldest_at),
        "handed_in_at": optional_instant(contact.handed_in_at),
        "durable": contact.durable,
        "differed_at": optional_instant(contact.differed_at),
        "sheets": contact.sheets,
        "rows": contact.rows or 0,
    }


def opened_by(session: Session, ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Who has a way into which device: everybody who unlocked it, since when, and when last; by name."""
    query = select(Unlock.device_id, Unlock.staff_id, func.min(Unlock.at), func.max(Unlock.at))
    query = query.where(Unlock.device_id.in_(ids)).group_by(Unlock.device_id, Unlock.staff_id)
    found: dict[str, list[dict[str, str]]] = {}
    for device_id, staff_id, since, last in session.execute(query):
        actor = find_actor(session, staff_id)
        # Whoever left opens nothing any more.
        if actor is not None:
            person = {"id": staff_id, "name": actor.name, "since": instant(since), "last": instant(last)}
            found.setdefault(device_id, []).append(person)
    return {device_id: sorted(people, key=lambda each: each["name"]) for device_id, people in found.items()}
