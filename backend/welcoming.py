"""The first owner of a new office, from the command line: before that nobody could sign in to add anybody."""

import getpass
import sys

from backend.giving import Giver
from backend.identity import OFFICE, ROLES
from backend.ids import new_id
from backend.office import OpenSite, find_site
from backend.serving import Office
from backend.staff import AddStaffMember, find_member, set_password
from backend.work import Site


def add_user(office: Office, username: str, name: str, roles: list[str], zone_name: str) -> int:
    """Add somebody, or give somebody a new password; opens the site `main` if there is none. Returns the exit code."""
    if unknown := set(roles) - set(ROLES):
        print(f"There is no role called {sorted(unknown)[0]}. Choose from: {', '.join(ROLES)}.")
        return 1
    password = ask_password()
    if password is None:
        print("A password needs at least ten characters, typed the same way twice.")
        return 1
    with office.database.read() as session:
        site = find_site(session, "main")
        staff_id = find_member(session, username)
    giver = Giver(office.performer, office.clock, site or Site("main", "The practice", zone_name), OFFICE)
    try:
        if site is None:
            giver.give(OpenSite, site_id="main", name="The practice", zone_name=zone_name)
        if staff_id is None:
            staff_id = new_id()
            who = {"staff_id": staff_id, "name": name, "username": username}
            giver.give(AddStaffMember, **who, roles=roles, site_id="main")
    except RuntimeError as refused:
        print(refused)
        return 1
    with office.database.write() as session:
        set_password(session, staff_id, password)
    print(f"{username} can sign in now.")
    return 0


def ask_password() -> str | None:
    """Twice from a terminal, or one line from a pipe; never from the command line, which others can read."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
        return password if len(password) >= 10 else None
    password = getpass.getpass("Password: ")
    return password if len(password) >= 10 and getpass.getpass("Again: ") == password else None
