"""The entries of an outbox as they come over the wire: signed by who made them, open or sealed to the office."""

from dataclasses import dataclass
from typing import Any

import msgspec

from backend.base64url import from_base64url
from backend.deciding import Kinds, Sent
from backend.devices import Known, is_signed
from backend.identity import PURPOSES, Actor
from backend.ids import derived, is_id
from backend.keyring import Keyring, Unsealable

MOST_COMMANDS = 200
SEALED = "sync.sealed"
SIGNED_AS = b"daysheet command\n"
# What a device that was taken out of use is told, and why its work waits for a person.
HOLDS = {
    "retired": ("device_retired", "This device was taken out of use. The entry is kept until a manager decides."),
    "lost": ("device_lost", "This device was reported lost. The entry is kept apart until a manager decides."),
}
NOT_UNLOCKED = ("not_unlocked", "The office has no record that this person unlocked this device. A manager decides.")
NOT_SIGNED = (
    "not_signed",
    "The signature of the person who is said to have done this does not hold. A manager decides.",
)
NOT_FOR_DEVICE = ("not_for_device", "A device of this kind does not do such work. A manager decides.")


class Malformed(Exception):
    """No device of ours writes an entry like that."""


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: its number, and either `said` with `sig`, or both of them sealed to the office.

    `said` is the JSON text that was signed, kept to the letter; the number is outside of it, because a replica that
    must be renumbered keeps what was said.
    """

    n: int
    said: str = ""
    sig: str = ""
    sealed: str = ""


class Said(Sent, frozen=True, kw_only=True):
    """What the signed text holds."""

    actor: str


class Signed(msgspec.Struct, frozen=True):
    """What an envelope holds."""

    said: str
    sig: str


@dataclass(frozen=True)
class Entry:
    """An entry that can be decided: what was said, by whom, and the text and signature that prove it."""

    sent: Sent
    actor_id: str
    text: bytes
    sig: str


def read_entry(wire: Wire, replica_id: str, keyring: Keyring) -> Entry:
    """The entry; raises Malformed. An envelope that the office cannot open is kept as it is, and a person decides."""
    if not 0 < wire.n < 2**53:
        raise Malformed()
    signed = Signed(wire.said, wire.sig)
    if wire.sealed:
        try:
            opened = keyring.unseal("command", from_base64url(wire.sealed))
            signed = msgspec.json.decode(opened, type=Signed)
            return entry_of(signed, wire.n)
        except (Unsealable, Malformed, ValueError, RecursionError):
            return unreadable(wire, replica_id)
    return entry_of(signed, wire.n)


def entry_of(signed: Signed, n: int) -> Entry:
    """What the signed text says, if a device of ours could have written it."""
    try:
        said = msgspec.json.decode(signed.said, type=Said)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError) as error:
        raise Malformed() from error
    if not well_named(said):
        raise Malformed()
    values = {name: getattr(said, name) for name in Sent.__struct_fields__}
    return Entry(Sent(**{**values, "n": n}), said.actor, SIGNED_AS + signed.said.encode(), signed.sig)


def unreadable(wire: Wire, replica_id: str) -> Entry:
    """It takes its number, so that what comes after it is not blocked, and stays in the journal as it came."""
    kept: dict[str, Any] = {"sealed": wire.sealed}
    sent = Sent(command_id=derived(replica_id, f"sealed {wire.n}"), command=SEALED, fields=kept, n=wire.n)
    return Entry(sent, replica_id, b"", "")


def well_named(said: Said) -> bool:
    """Whether the ids are ids and the numbers can be stored; all else about a command is decided."""
    short = len(said.command) <= 80 and said.command.isprintable() and 0 < said.v < 2**31
    return is_id(said.command_id) and is_id(said.actor) and short and len(said.after) <= MOST_COMMANDS


def reason_to_hold(
    entry: Entry, device: Known, actor: Actor | None, keys: dict[str, list[str]], kinds: Kinds
) -> tuple[str, str] | None:
    """Why nothing of it may be applied by itself: (code, sentence), or None."""
    if device.state in HOLDS:
        return HOLDS[device.state]
    own = keys.get(entry.actor_id, [])
    if actor is None or not own:
        return NOT_UNLOCKED
    if not is_signed(own, entry.text, entry.sig):
        return NOT_SIGNED
    sent = entry.sent
    if (sent.command, sent.v) in kinds and not PURPOSES[device.purpose].may_hand_in(sent.command):
        return NOT_FOR_DEVICE
    return None
