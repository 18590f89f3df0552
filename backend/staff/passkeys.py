"""Passkeys (WebAuthn): what a browser is asked to do, and whether what it answers is true.

The key must live in the authenticator (so that it can be used without a user name) and the authenticator must have
verified its person, by finger, face or PIN; so it is enough alone.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from backend.base64url import from_base64url, to_base64url
from backend.errors import Missing, Refused
from backend.ids import new_id
from backend.staff.codes import drop_idle_codes
from backend.staff.factor_tables import Passkey
from backend.staff.models import StaffMember

CHALLENGE_BYTES = 32
MOST_PASSKEYS = 20
# What the pseudo-random function of a passkey is asked for, so that its answer can open a device's data key.
DATA_KEY_INPUT = sha256(b"daysheet data key 1").digest()
UNTRUE = "This passkey was not accepted. Try again, or sign in another way."
COPIED = "This passkey may have been copied, so it was not accepted. Sign in another way and remove it."
VERIFIED = UserVerificationRequirement.REQUIRED


class Party(NamedTuple):
    """The office as passkeys know it: the name of its host, and the one origin that its pages have."""

    host: str
    origin: str


class Untrue(Refused):
    """A passkey's answer that does not hold."""

    status = 422
    code = "untrue"


class Copied(Untrue):
    """Its signature is right and its counter went back."""

    code = "copied"


def fresh_challenge() -> bytes:
    """What is to be signed, once."""
    return secrets.token_bytes(CHALLENGE_BYTES)


def options_to_add(session: Session, member: StaffMember, party: Party, challenge: bytes) -> dict[str, Any]:
    """What the browser hands to `navigator.credentials.create`."""
    known = session.scalars(select(Passkey.credential).where(Passkey.staff_id == member.id))
    options = generate_registration_options(
        rp_id=party.host,
        rp_name="Daysheet",
        user_id=handle_of(member.id),
        user_name=member.username,
        user_display_name=member.name,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=from_base64url(one)) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
    )
    prf = {"eval": {"first": to_base64url(DATA_KEY_INPUT)}}
    return {**options_to_json_dict(options), "extensions": {"prf": prf}}


def options_to_use(party: Party, challenge: bytes) -> dict[str, Any]:
    """What the browser hands to `navigator.credentials.get`; whose passkey it is, the authenticator says."""
    options = generate_authentication_options(rp_id=party.host, challenge=challenge, user_verification=VERIFIED)
    return options_to_json_dict(options)


def add_passkey(
    session: Session, staff_id: str, name: str, said: Mapping[str, Any], challenge: bytes, party: Party, now: datetime
) -> Passkey:
    """Keep a passkey's public part; raises Untrue."""
    refuse_framed(said)
    try:
        made = verify_registration_response(
            credential=dict(said),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as error:
        # What arrives may be anything, and the library raises whatever its parsers raise.
        raise Untrue(UNTRUE) from error
    credential = to_base64url(made.credential_id)
    if len(session.scalars(select(Passkey.id).where(Passkey.staff_id == staff_id)).all()) >= MOST_PASSKEYS:
        raise Refused("Remove a passkey that is not used any more first.", "too_many")
    if session.scalar(select(Passkey.id).where(Passkey.credential == credential)) is not None:
        raise Untrue("This passkey is already known here.")
    passkey = Passkey(
        id=new_id(),
        staff_id=staff_id,
        name=name,
        credential=credential,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        multi_device=made.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
        backed_up=made.credential_backed_up,
        added_at=now,
    )
    session.add(passkey)
    return passkey


def passkey_of(session: Session, said: Mapping[str, Any]) -> Passkey | None:
    """The passkey that this answer names."""
    named = said.get("id")
    return session.scalar(select(Passkey).where(Passkey.credential == named)) if isinstance(named, str) else None


def use_passkey(passkey: Passkey, said: Mapping[str, Any], challenge: bytes, party: Party, now: datetime) -> None:
    """Believe this answer or raise Untrue; its counter, and that it may have been copied, are noted on the passkey."""
    refuse_framed(said)
    try:
        seen = verify_authentication_response(
            credential=dict(said),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            # The library looks at the counter before the signature; a made-up answer must not cast suspicion.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        raise Untrue(UNTRUE) from error
    handle = response_of(said).get("userHandle")
    if handle not in (None, "", to_base64url(handle_of(passkey.staff_id))):
        raise Untrue(UNTRUE)
    counted = seen.new_sign_count or passkey.sign_count
    if counted and seen.new_sign_count <= passkey.sign_count:
        passkey.copied_at = now
        raise Copied(COPIED)
    passkey.sign_count, passkey.last_used_at = seen.new_sign_count, now
    passkey.backed_up = seen.credential_backed_up


def refuse_framed(said: Mapping[str, Any]) -> None:
    """The library does not look at whether another site's page asked; ours are never framed."""
    try:
        told = msgspec.json.decode(from_base64url(response_of(said)["clientDataJSON"]), type=dict[str, Any])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Untrue(UNTRUE) from error
    if told.get("crossOrigin") or "topOrigin" in told:
        raise Untrue(UNTRUE)


def response_of(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part that the authenticator said."""
    response = said.get("response")
    return response if isinstance(response, dict) else {}


def handle_of(staff_id: str) -> bytes:
    """By which an authenticator knows whose passkey it is: no name."""
    return staff_id.encode()


def remove_passkey(session: Session, staff_id: str, passkey_id: str) -> None:
    """It counts no longer. The authenticator keeps its own part, which opens nothing."""
    gone = session.execute(delete(Passkey).where(Passkey.staff_id == staff_id, Passkey.id == passkey_id))
    if not gone.rowcount:
        raise Missing("There is no such passkey of yours.")
    drop_idle_codes(session, staff_id)
