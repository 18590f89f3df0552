"""The first owner of a new office, and rescue, from the command line: before that nobody could sign in to do it."""

import getpass
import sys

from backend.giving import Giver
from backend.identity import OFFICE, ROLES
from backend.ids import new_id
from backend.office import OpenSite, find_site
from backend.serving import Office
from backend.staff import (
    AddStaffMember,
    WeakPassword,
    end_sessions,
    find_member,
    hashed,
    keep_password,
    list_members,
    reset_factors,
)
from backend.work import Site

NOT_ALIKE = "These two were not alike. Nothing was changed."


def add_user(office: Office, username: str, name: str, roles: list[str], zone_name: str) -> int:
    """Add somebody, or give somebody a new password; opens the site `main` if there is none. Returns the exit code."""
    if unknown := set(roles) - set(ROLES):
        print(f"There is no role called {sorted(unknown)[0]}. Choose from: {', '.join(ROLES)}.")
        return 1
    password = ask_password()
    if password is None:
        print(NOT_ALIKE)
        return 1
    with office.database.read() as session:
        site = find_site(session, "main") or Site("main", "The practice", zone_name)
        is_open = find_site(session, "main") is not None
        staff_id = find_member(session, username)
    try:
        hash = hashed(password, (name, username, site.name if is_open else ""))
        giver = Giver(office.performer, office.clock, site, OFFICE)
        if not is_open:
            giver.give(OpenSite, site_id="main", name=site.name, zone_name=zone_name)
        if staff_id is None:
            staff_id = new_id()
            who = {"staff_id": staff_id, "name": name, "username": username}
            giver.give(AddStaffMember, **who, roles=roles, site_id="main")
    except WeakPassword as weak:
        print(weak.say)
        return 1
    except RuntimeError as refused:
        print(refused)
        return 1
    with office.database.write() as session:
        keep_password(session, staff_id, hash)
    print(f"{username} can sign in now.")
    return 0


def ask_password() -> str | None:
    """Twice from a terminal, or one line from a pipe; never from the command line, which others can read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    return password if getpass.getpass("Again: ") == password else None


def list_users(office: Office) -> int:
    """Who may sign in, and with what beside the password."""
    with office.database.read() as session:
        print("\n".join(list_members(session)) or "Nobody yet. Add the first owner: ./daysheet user NAME")
    return 0


def reset_second_factor(office: Office, username: str) -> int:
    """Somebody lost their second step: only their password is left, and they are signed in nowhere."""
    with office.database.write() as session:
        staff_id = find_member(session, username)
        if staff_id is not None:
            reset_factors(session, staff_id)
            end_sessions(session, staff_id)
    if staff_id is None:
        print(f"There is nobody with the user name {username}. See who there is: ./daysheet user --list")
        return 1
    print(f"{username} signs in with the password alone now, and sets up a second step on the account page.")
    return 0
