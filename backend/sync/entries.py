"""The entries of an outbox as they come over the wire: signed by who made them, open or sealed to the office."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from backend.base64url import from_base64url
from backend.deciding import Kinds, Sent
from backend.devices import Known, is_signed
from backend.identity import PURPOSES, Actor
from backend.ids import derived, is_id
from backend.keyring import Keyring, Unsealable

MOST_COMMANDS = 200
# What stands in the journal for an entry that came as an envelope which does not open, or is none of a known shape.
SEALED, UNREADABLE = "sync.sealed", "sync.unreadable"
SIGNED_AS = b"daysheet command\n"
# What a device that was taken out of use is told, and why its work waits for a person.
HOLDS = {
    "retired": ("device_retired", "This device was taken out of use. The entry is kept until a manager decides."),
    "lost": ("device_lost", "This device was reported lost. The entry is kept apart until a manager decides."),
}
# The same where nobody's signature holds: whoever has the device may have made it up.
UNSIGNED_HOLDS = {
    state: (f"{code}_unsigned", f"{say} Nobody’s signature proves who entered it.")
    for state, (code, say) in HOLDS.items()
}
NOT_READABLE = ("not_readable", "The office cannot read this entry. It is kept as it came. A manager decides.")
LEFT = ("left_meanwhile", "Who entered this is not on the staff any more. A manager decides.")
NOT_UNLOCKED = ("not_unlocked", "The office has no record that this person unlocked this device. A manager decides.")
NOT_SIGNED = (
    "not_signed",
    "The signature of the person who is said to have done this does not hold. A manager decides.",
)
NOT_FOR_DEVICE = ("not_for_device", "A device of this kind does not do such work. A manager decides.")


NOT_READ = (msgspec.MsgspecError, ValueError, RecursionError)


class Malformed(Exception):
    """No device of ours writes a request like that."""


class Numbered(msgspec.Struct, frozen=True):
    """What every entry must have, so that it can take its place."""

    n: Annotated[int, msgspec.Meta(ge=1, lt=2**53)]


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


class Named(msgspec.Struct, frozen=True):
    """What of a signed text is enough to tell its device and its author what became of it."""

    command_id: Any = None
    actor: Any = None


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


def read_entry(raw: msgspec.Raw, replica_id: str, keyring: Keyring) -> Entry:
    """The entry. One that cannot be read takes its number, so that what comes after it is not blocked, stays in the
    journal as it came, and a person decides. Raises Malformed for what has no number that could be used up."""
    try:
        n = msgspec.json.decode(raw, type=Numbered).n
    except NOT_READ as error:
        raise Malformed() from error
    try:
        wire = msgspec.json.decode(raw, type=Wire)
    except NOT_READ:
        return unreadable(Named(), UNREADABLE, {"entry": bytes(raw).decode(errors="replace")}, n, replica_id)
    signed = Signed(wire.said, wire.sig)
    if wire.sealed:
        try:
            signed = msgspec.json.decode(keyring.unseal("command", from_base64url(wire.sealed)), type=Signed)
        except (Unsealable, *NOT_READ):
            return unreadable(Named(), SEALED, {"sealed": wire.sealed}, n, replica_id)
    try:
        return entry_of(signed, n)
    except NOT_READ:
        return unreadable(named(signed), UNREADABLE, {"said": signed.said, "sig": signed.sig}, n, replica_id)


def entry_of(signed: Signed, n: int) -> Entry:
    """What the signed text says; one of NOT_READ where no device of ours could have written it."""
    said = msgspec.json.decode(signed.said, type=Said)
    if not well_named(said):
        raise ValueError("not well named")
    values = {name: getattr(said, name) for name in Sent.__struct_fields__}
    return Entry(Sent(**{**values, "n": n}), said.actor, SIGNED_AS + signed.said.encode(), signed.sig)


def named(signed: Signed) -> Named:
    """Whose it is, as far as that can be read."""
    try:
        return msgspec.json.decode(signed.said, type=Named)
    except NOT_READ:
        return Named()


def unreadable(named: Named, command: str, kept: dict[str, Any], n: int, replica_id: str) -> Entry:
    """As it came, under its own id where it has one: by that its device learns that it arrived."""
    command_id = named.command_id if is_id(named.command_id) else derived(replica_id, f"sealed {n}")
    actor_id = named.actor if is_id(named.actor) else replica_id
    return Entry(Sent(command_id=command_id, command=command, fields=kept, n=n), actor_id, b"", "")


def well_named(said: Said) -> bool:
    """Whether the ids are ids and the numbers can be stored; all else about a command is decided."""
    short = len(said.command) <= 80 and said.command.isprintable() and 0 < said.v < 2**31
    return is_id(said.command_id) and is_id(said.actor) and short and len(said.after) <= MOST_COMMANDS


def reason_to_hold(
    entry: Entry, device: Known, actor: Actor | None, keys: dict[str, list[str]], kinds: Kinds
) -> tuple[str, str] | None:
    """Why nothing of it may be applied by itself: (code, sentence), or None."""
    own = keys.get(entry.actor_id, [])
    signed = is_signed(own, entry.text, entry.sig)
    if device.state in HOLDS:
        return HOLDS[device.state] if signed else UNSIGNED_HOLDS[device.state]
    if entry.sent.command in (SEALED, UNREADABLE):
        return NOT_READABLE
    if actor is None and signed:
        return LEFT
    if actor is None or not own:
        return NOT_UNLOCKED
    if not signed:
        return NOT_SIGNED
    return not_its_work(entry.sent, device.purpose, kinds)


def not_its_work(sent: Sent, purpose: str, kinds: Kinds) -> tuple[str, str] | None:
    """Why a device of this purpose may not have done this: (code, sentence), or None. Of unknown kinds nobody knows."""
    if (sent.command, sent.v) in kinds and not PURPOSES[purpose].may_hand_in(sent.command):
        return NOT_FOR_DEVICE
    return None
