"""What a device's browser can do, as it was found out on the device itself when it was enrolled."""

from typing import Annotated, Any

import msgspec

from backend.fields import Choice, Label

# `none` of a passkey: the device has no lock that a browser could ask for at all.
ANSWERS = ("yes", "no", "none", "untested")
FEATURES = ("storage", "database", "crypto", "worker", "passkey", "camera", "wake_lock")

Found = Choice(*ANSWERS)


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """The fields that a feature test fills in; a device that was not tested sends none of them."""

    storage: Annotated[Found, Label("Storage that lasts")] | None = None  # type: ignore[valid-type]
    database: Annotated[Found, Label("Database in the browser")] | None = None  # type: ignore[valid-type]
    crypto: Annotated[Found, Label("Encryption")] | None = None  # type: ignore[valid-type]
    worker: Annotated[Found, Label("Works without the network")] | None = None  # type: ignore[valid-type]
    passkey: Annotated[Found, Label("Lock of the device")] | None = None  # type: ignore[valid-type]
    camera: Annotated[Found, Label("Camera")] | None = None  # type: ignore[valid-type]
    wake_lock: Annotated[Found, Label("Stays awake")] | None = None  # type: ignore[valid-type]


def kept(tested: Tested) -> str | None:
    """What the device's record keeps of the test; None when nothing was tested."""
    found = {name: getattr(tested, name) for name in FEATURES if getattr(tested, name) is not None}
    return msgspec.json.encode(found).decode() if found else None


def shown(features: str | None) -> dict[str, Any]:
    """For the device's row: what it can do and what not; whether its storage lasts, null when nobody knows."""
    found: dict[str, str] = msgspec.json.decode(features) if features else {}
    return {
        "tested": bool(found),
        "can": [name for name in FEATURES if found.get(name) == "yes"],
        "cannot": [name for name in FEATURES if found.get(name) in ("no", "none")],
        "durable": {"yes": True, "no": False}.get(found.get("storage", "")),
    }
