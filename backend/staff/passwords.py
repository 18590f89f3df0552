"""Passwords: which are refused, how they are kept, how they are checked without telling which names exist."""

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from backend.errors import Refused
from backend.staff.models import Password, StaffMember
from backend.staff.sessions import end_sessions

HASHER = PasswordHasher()  # Argon2id with the library's current defaults (RFC 9106, low-memory choice)
# Verified when the user name is unknown, so that the time an answer takes does not tell which names exist.
NOBODYS_HASH = HASHER.hash("nobody has this password")
LEAST, MOST = 10, 128
STRONG = 3  # zxcvbn: "safely unguessable", more than 10^8 guesses offline
# The estimate costs more than the square of the length (2.6 s for 72 letters in disguise, 0.7 s for 40), and
# what begins well enough is well enough.
ESTIMATED = 40
# What is left of a password when names of three letters and more are taken out of it.
LEAST_NAME, LEAST_REST = 3, 6
SHORT = "Use at least 10 characters. Three or four words that do not belong together are easiest to keep in mind."
LONG = "Use at most 128 characters."
WEAK = (
    "That would soon be guessed: it follows a pattern or a name, or is among the passwords that everybody tries. "
    "Put three or four words together that do not belong together."
)


class WeakPassword(Refused):
    """A password that would not hold."""

    status = 422
    code = "weak_password"


def refuse_weak(password: str, about: Iterable[str] = ()) -> None:
    """Raise WeakPassword with a sentence. `about` are names that others would try first."""
    if len(password) < LEAST:
        raise WeakPassword(SHORT)
    if len(password) > MOST:
        raise WeakPassword(LONG)
    known = sorted({word.lower() for name in (*about, "daysheet") for word in (name, *name.split()) if word})
    start = password[:ESTIMATED]
    # Three words in a row count as strong whatever they are, and so do gaps between two; so both are looked past.
    if not is_enough(start, known) or not is_enough("".join(start.split()), known):
        raise WeakPassword(WEAK)
    rest = start.lower()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) >= LEAST_NAME else rest
    if len([letter for letter in rest if letter.isalnum()]) < LEAST_REST:
        raise WeakPassword(WEAK)


def is_enough(text: str, known: list[str]) -> bool:
    """Whether it takes somebody who knows these names long enough."""
    return zxcvbn(text, user_inputs=known, max_length=ESTIMATED)["score"] >= STRONG


def hashed(password: str, about: Iterable[str]) -> str:
    """What is kept of a password; raises WeakPassword. Slow on purpose, so not to be done inside a transaction."""
    refuse_weak(password, about)
    return HASHER.hash(password)


def keep_password(session: Session, staff_id: str, hash: str, must_change: bool = False, besides: str = "") -> None:
    """From now on this password counts, and who is signed in with the old one no longer is, but in one session."""
    session.merge(Password(staff_id=staff_id, hash=hash, must_change=must_change))
    end_sessions(session, staff_id, besides=besides)


def set_password(session: Session, staff_id: str, password: str, about: Iterable[str] = ()) -> None:
    """Give somebody a password; raises WeakPassword. Ends their sessions."""
    member = session.get(StaffMember, staff_id)
    names = (member.name, member.username) if member is not None else ()
    keep_password(session, staff_id, hashed(password, (*names, *about)))


def verify(expected: str, password: str) -> bool:
    """Whether the password fits the hash."""
    try:
        return HASHER.verify(expected, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
