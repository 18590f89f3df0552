"""Privacy: who looked at what, what was opened in an emergency, and who reviews it."""

from datetime import datetime, timedelta

from backend.anchors import write_anchor
from backend.house import Room
from backend.privacy.breaking_glass import BreakGlass
from backend.privacy.log_pages import access_page, export, find_patient, printed, subject_page
from backend.privacy.pages import posts, privacy_page, review_post
from backend.privacy.reviewing import ReviewGlass
from backend.privacy.rows import glass_row
from backend.serving import Office
from backend.timetable import Chore


def anchor(office: Office, now: datetime) -> int:
    """Write down where both chains end today."""
    return write_anchor(office.database, office.settings.anchors_path, now)


room = Room(
    name="privacy",
    commands=[BreakGlass, ReviewGlass],
    rows=[glass_row],
    posts=posts,
    sentences={BreakGlass: "{who} opened the patient pages in an emergency"},
    chores=[Chore("privacy.anchor", every=timedelta(days=1), do=anchor)],
    routes=[access_page, find_patient, subject_page, export, printed, privacy_page, review_post],
)
