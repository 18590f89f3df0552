"""Pushing: somebody wants to be told on a device that something waits, or no longer; or it came to an end."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta
from sqlalchemy import select

from backend.base64url import from_base64url
from backend.commands import FACT, REQUEST, Command, handles
from backend.errors import Refused
from backend.fields import Id, Label, Text80
from backend.identity import MANAGERS, NOBODY
from backend.today.models import PushDevice
from backend.today.rows import push_id
from backend.work import Work

# The push services of the browsers; `*.` stands for any one name below. Messages go nowhere else.
SERVICES = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "web.push.apple.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
HOST = re.compile(r"[a-z0-9.-]+")
POINT_BYTES, AUTH_BYTES = 65, 16  # an uncompressed point of P-256 and a secret (RFC 8291)


class TurnOnPush(Command, tag="today.turn_on_push", truth=REQUEST, title="Wants to be told", roles=MANAGERS):
    """A manager wants to be told on this device when something waits. The browser's push service is in between."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=500), Label("Push service")]
    p256dh: Annotated[str, Meta(min_length=1, max_length=100), Label("Key")]
    auth: Annotated[str, Meta(min_length=1, max_length=40), Label("Secret")]


@handles(TurnOnPush)
def turn_on_push(turning: TurnOnPush, work: Work) -> None:
    if work.device.id is None:
        raise Refused("Enrol this device first, then it can tell you.", "no_device")
    if not is_known(turning.endpoint, work.settings.push_hosts):
        raise Refused("This browser’s push service is not known here. Use another browser.", "unknown_service")
    if not (is_long(turning.p256dh, POINT_BYTES) and is_long(turning.auth, AUTH_BYTES)):
        raise Refused("The browser gave no usable key. Turn it on once more.", "no_key")
    # A browser tells one person: whoever turned it on last.
    for other in work.session.scalars(select(PushDevice).where(PushDevice.endpoint == turning.endpoint)):
        if other.staff_id != work.actor.id or other.device_id != work.device.id:
            take_away(other, work)
    known = work.session.get(PushDevice, (work.device.id, work.actor.id))
    push = known or PushDevice(device_id=work.device.id, staff_id=work.actor.id, since=work.happened_at)
    push.endpoint, push.p256dh, push.auth = turning.endpoint, turning.p256dh, turning.auth
    push.site_id = work.site.id
    work.session.add(push)
    work.session.flush()
    work.publish("push_device", push_id(push.device_id, push.staff_id))


class TurnOffPush(Command, tag="today.turn_off_push", truth=REQUEST, title="Wants not to be told", roles=MANAGERS):
    """A manager does not want to be told on this device any more."""


@handles(TurnOffPush)
def turn_off_push(_turning: TurnOffPush, work: Work) -> None:
    found = work.session.get(PushDevice, (work.device.id, work.actor.id)) if work.device.id else None
    if found is None:
        return work.noop("off_already", "This device does not tell you.")
    take_away(found, work)
    return None


class EndPush(Command, tag="today.end_push", truth=FACT, title="Somebody is told no longer", roles=NOBODY):
    """A device tells somebody nothing any more: it, its browser or the person is gone. Given by the office itself."""

    device_id: Id
    staff_id: Id
    why: Text80


@handles(EndPush)
def end_push(ending: EndPush, work: Work) -> None:
    found = work.session.get(PushDevice, (ending.device_id, ending.staff_id))
    if found is None:
        return work.noop("off_already", "It told them nothing any more.")
    take_away(found, work)
    return None


def take_away(push: PushDevice, work: Work) -> None:
    """It tells them nothing from now on."""
    work.session.delete(push)
    work.session.flush()
    work.publish("push_device", push_id(push.device_id, push.staff_id))


def is_known(endpoint: str, more: str = "") -> bool:
    """Whether this is an address at a known push service, over HTTPS.

    `more` is the setting with further ones: names of hosts, or whole origins, which need not speak HTTPS.
    """
    try:
        address = urlsplit(endpoint)
        origin, plain = f"{address.scheme}://{address.netloc}", address.netloc == address.hostname
    except ValueError:
        return False
    if origin in more.split():
        return True
    # Nothing but a name: no port, and nobody's name and password.
    plain = plain and HOST.fullmatch(address.netloc) is not None
    return address.scheme == "https" and plain and any(fits(address.netloc, one) for one in (*SERVICES, *more.split()))


def fits(host: str, pattern: str) -> bool:
    """`*.push.apple.com` is any host below it."""
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def is_long(text: str, size: int) -> bool:
    """Whether this is base64url of so many bytes."""
    try:
        return len(from_base64url(text)) == size
    except ValueError:
        return False
