"""A device that wiped itself says so, signed with its own key; only then is its token nobody's."""

import secrets
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.params import JSONBody
from msgspec import Meta
from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.callers import said_by_our_script
from backend.clock import instant
from backend.commands import FACT, Command, handles
from backend.devices.models import DeviceRecord, DeviceSecret, PersonShare, Wipe
from backend.devices.retiring import put_state
from backend.devices.signing import is_signed
from backend.errors import Missing, NotAllowed, Refused
from backend.fields import Id
from backend.giving import Giver
from backend.identity import OFFICE
from backend.office import find_site
from backend.serving import office_of
from backend.staff import token_hash_of
from backend.work import Work

# An instant as the device spelled it; it is signed as it is.
Moment = Annotated[str, Meta(max_length=40)]


class RecordWipe(
    Command, tag="devices.record_wipe", truth=FACT, title="Recorded that a device was wiped", roles=frozenset()
):
    """A device wiped itself and signed for it. Given by the office itself, once the signature was verified."""

    device_id: Id
    replica_id: Id
    at: Moment
    entries_left: Annotated[int, Meta(ge=0, lt=2**31)]
    signature: Annotated[str, Meta(max_length=100)]
    identity_key: Annotated[str, Meta(max_length=200)]


@handles(RecordWipe)
def record_wipe(wiping: RecordWipe, work: Work) -> None:
    device = work.session.get(DeviceRecord, wiping.device_id)
    if device is None:
        raise Missing("There is no such device.")
    if work.session.get(Wipe, device.id) is not None:
        return work.noop("already_wiped", f"{device.name} said so before.")
    work.session.add(
        Wipe(
            device_id=device.id,
            replica_id=wiping.replica_id,
            at=wiping.at,
            entries_left=wiping.entries_left,
            signature=wiping.signature,
            identity_key=wiping.identity_key,
            received_at=work.received_at,
        )
    )
    if device.state == "enrolled":
        put_state(device, "retired", work)
        say = f"{device.name} wiped itself before it heard that it is in use again. Enrol it as a new device."
        work.flag("wiped_in_use", say)
    device.wiped_at = work.received_at
    work.publish("device", device.id)
    return None


@post("/devices/wiped", sync_to_thread=True, status_code=200)
def wiped(request: Request, data: JSONBody[dict[str, Any]]) -> Response[dict[str, Any]]:
    """A device says that it wiped itself. Its signature says that it is that device: by now it has nothing else."""
    office = office_of(request)
    said_by_our_script(request)
    told = read_receipt(data)
    with office.database.read() as session:
        secret = session.get(DeviceSecret, told.device_id)
        device = session.get(DeviceRecord, told.device_id)
        site = find_site(session, device.site_id) if device else None
        key = secret.identity_key if secret else None
    text = receipt_text(told.device_id, told.replica_id, told.at, told.entries_left)
    if site is None or key is None or not is_signed([key], text.encode(), told.signature):
        raise NotAllowed("The signature is not this device's. Nothing was changed.", "not_signed")
    fields = msgspec.structs.asdict(told) | {"identity_key": key}
    Giver(office.performer, office.clock, site, OFFICE).give(RecordWipe, **fields)
    with office.database.write() as session:
        revoke(session, told.device_id)
    return Response({"wiped": told.device_id})


class Receipt(msgspec.Struct, frozen=True):
    """What the device sends: the receipt and its signature."""

    device_id: Id
    replica_id: Id
    at: Moment
    entries_left: Annotated[int, Meta(ge=0, lt=2**31)]
    signature: Annotated[str, Meta(max_length=100)]


def read_receipt(data: Any) -> Receipt:
    """The receipt; anything else is answered with a sentence."""
    try:
        return msgspec.convert(data, Receipt)
    except msgspec.ValidationError as error:
        raise Refused("The receipt could not be read. Nothing of it was used.", "malformed") from error


def receipt_text(device_id: str, replica_id: str, at: str, entries_left: int) -> str:
    """What the device signs; printed with the receipt, so that anybody can verify it later."""
    return f"wiped\n{device_id}\n{replica_id}\n{at}\n{entries_left}"


def revoke(session: Session, device_id: str) -> None:
    """The device's token is nobody's from now on, and a copy of its profile cannot be opened by the office's share."""
    secret = session.get(DeviceSecret, device_id)
    if secret is not None:
        secret.token_hash = token_hash_of(secrets.token_urlsafe(32))
        secret.share = secrets.token_urlsafe(32)
    session.execute(delete(PersonShare).where(PersonShare.device_id == device_id))


def evidence(wipe: Wipe) -> dict[str, str | int]:
    """The receipt as it is shown and printed."""
    return {
        "wipe_received_at": instant(wipe.received_at),
        "wipe_text": receipt_text(wipe.device_id, wipe.replica_id, wipe.at, wipe.entries_left),
        "wipe_entries_left": wipe.entries_left,
        "wipe_signature": wipe.signature,
        "wipe_key": wipe.identity_key,
    }
