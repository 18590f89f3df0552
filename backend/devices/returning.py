"""A device whose browser lost its cookie proves by its own key which device it is, and is given a new one.

A browser writes cookies to the disk up to half a minute late (Chromium: every 30 s), an entry at once: killed in
between, it comes back with work of a device that it can no longer name. Its identity key lies beside that work.
"""

import hashlib
from typing import Any

from litestar import Request, Response, post
from litestar.params import JSONBody
from sqlalchemy.orm import Session

from backend.callers import DEVICE_COOKIE, cookie_of, said_by_our_script
from backend.devices.enrolling import give_token
from backend.devices.models import DeviceSecret
from backend.devices.pages import device_cookie
from backend.devices.signing import is_signed
from backend.devices.unlocking import find_device
from backend.serving import office_of


@post("/devices/return", sync_to_thread=True, status_code=200)
def come_back(request: Request, data: JSONBody[dict[str, Any]]) -> Response[dict[str, Any]]:
    """Asked without a signature, what to sign: `{challenge}`; asked with one, `{returned}` and the cookie.

    Also a retired or lost device may: it hands in what it holds, and hears that it is wanted no longer.
    """
    office = office_of(request)
    said_by_our_script(request)
    device_id = data.get("device_id")
    with office.database.write() as session:
        secret = secret_of(session, device_id)
        # A browser that is another device by now stays that one.
        if secret is None or find_device(session, cookie_of(request, DEVICE_COOKIE)) is not None:
            return Response({"error": "unknown_device"}, status_code=404)
        challenge = challenge_of(secret)
        if "signature" not in data:
            return Response({"challenge": challenge})
        text = f"daysheet return\n{device_id}\n{challenge}".encode()
        if not is_signed([secret.identity_key or ""], text, data["signature"]):
            return Response({"error": "unknown_device"}, status_code=404)
        token = give_token(session, secret.device_id)
    return Response({"returned": device_id}, cookies=[device_cookie(office, token)])


def secret_of(session: Session, device_id: Any) -> DeviceSecret | None:
    """Of a device that told its key. Also of one that wiped itself: somebody may have copied its profile before."""
    secret = session.get(DeviceSecret, device_id) if isinstance(device_id, str) else None
    return secret if secret is not None and secret.identity_key else None


def challenge_of(secret: DeviceSecret) -> str:
    """Another with each token, so that a signature is good for one return; the token cannot be found from it."""
    return hashlib.sha256(f"daysheet return\n{secret.token_hash}".encode()).hexdigest()
