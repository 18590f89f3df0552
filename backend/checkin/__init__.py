"""Check-in: who is here, who waits, and everything the desk does until a visit is checked in."""

from backend.checkin.arriving import RecordArrival
from backend.checkin.checking_in import CheckIn
from backend.checkin.identifying import CheckIdentity
from backend.checkin.pages import board, posts, visit, walk_in
from backend.checkin.walking_in import RecordWalkIn, RegisterWalkIn
from backend.house import Room

room = Room(
    name="checkin",
    commands=[RecordArrival, CheckIdentity, CheckIn, RecordWalkIn, RegisterWalkIn],
    pages=[board, visit, walk_in],
    posts=posts,
)
