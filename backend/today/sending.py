"""Sending: one sealed message to the push service of one browser; only where the optional packages are installed."""

from importlib.util import find_spec
from typing import Any, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from litestar import Request, Response, get

from backend.at_office import only_for
from backend.base64url import from_base64url, to_base64url
from backend.errors import Missing
from backend.identity import MANAGERS
from backend.keyring import CURVE, Keyring
from backend.logs import log
from backend.serving import office_of
from backend.settings import Settings
from backend.today.models import PushDevice
from backend.today.pushing import is_known

Sending = Literal["sent", "gone", "failed"]
GONE = (404, 410)
WITHIN_SECONDS = 5
# What a phone that was off all night is still given in the morning.
KEPT_SECONDS = 12 * 3600
NOBODY_TO_TURN_TO = "mailto:office@daysheet.invalid"


def can_push() -> bool:
    """Whether the packages of the extra `push` are here."""
    return find_spec("pywebpush") is not None


def private_key(settings: Settings, keyring: Keyring) -> bytes:
    """The number by which this office signs (VAPID, RFC 8292), 32 bytes."""
    return from_base64url(settings.push_key) if settings.push_key else keyring.push_key


def public_key(private: bytes) -> str:
    """What a browser is given when it subscribes: an uncompressed point in base64url."""
    key = ec.derive_private_key(int.from_bytes(private), CURVE).public_key()
    return to_base64url(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def send(push: PushDevice, waiting: int, pressing: bool, settings: Settings, keyring: Keyring) -> Sending:
    """Tell one browser how many things wait, and nothing else. Never raises: a push is no more than a courtesy."""
    if not is_known(push.endpoint, settings.push_hosts):
        return "gone"
    try:
        code = post(push, msgspec.json.encode({"waiting": waiting}), pressing, settings, keyring)
    except Exception as error:
        # Without its text, which names the address.
        log.warning("push", device_id=push.device_id, error=type(error).__name__)
        return "failed"
    if code in GONE:
        return "gone"
    log.info("push", device_id=push.device_id, status=code)
    return "sent" if 200 <= code < 300 else "failed"


def post(push: PushDevice, body: bytes, pressing: bool, settings: Settings, keyring: Keyring) -> int:
    """The status with which the push service answered."""
    import requests
    from py_vapid import Vapid02
    from pywebpush import WebPusher

    signer = Vapid02.from_raw(to_base64url(private_key(settings, keyring)).encode())
    origin = "/".join(push.endpoint.split("/")[:3])
    headers = signer.sign({"aud": origin, "sub": contact(settings)})
    headers |= {"Topic": "daysheet", "Urgency": "high" if pressing else "normal"}
    keys = {"p256dh": push.p256dh, "auth": push.auth}
    with requests.Session() as session:
        # An address that sends us on sends us somewhere that nobody has agreed to.
        session.max_redirects = 0
        pusher = WebPusher({"endpoint": push.endpoint, "keys": keys}, requests_session=session)
        answer: Any = pusher.send(body, headers, ttl=KEPT_SECONDS, timeout=WITHIN_SECONDS)
    return int(answer.status_code)


def contact(settings: Settings) -> str:
    """Whom a push service may turn to (RFC 8292, section 2.1)."""
    by_origin = settings.origin if settings.origin.startswith("https://") else NOBODY_TO_TURN_TO
    return settings.push_contact or by_origin


@get("/today/push-key", sync_to_thread=True)
def show_key(request: Request) -> Response[dict[str, str]]:
    """The key with which a manager's browser subscribes. Where pushing is not installed there is none."""
    office = office_of(request)
    with office.database.read() as session:
        only_for(request, session, MANAGERS, "Only a manager is told what waits.")
    if not can_push():
        raise Missing("This office sends nothing to phones.")
    return Response({"key": public_key(private_key(office.settings, office.keyring))})
