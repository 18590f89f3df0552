"""Check-in: who is here, who waits, and everything the desk does until a visit is checked in."""

from backend.checkin.arriving import RecordArrival
from backend.checkin.checking_in import CheckIn
from backend.checkin.identifying import CheckIdentity
from backend.checkin.pages import board, posts, visit, walk_in
from backend.checkin.walking_in import RecordWalkIn, RegisterWalkIn
from backend.house import News, Room
from backend.lists import Eq

room = Room(
    name="checkin",
    commands=[RecordArrival, CheckIdentity, CheckIn, RecordWalkIn, RegisterWalkIn],
    pages=[board, visit, walk_in],
    posts=posts,
    news=[
        News(
            "arrived",
            "visit",
            where=[Eq("status", "arrived")],
            by="arrived_by",
            one="patient arrived while this device was offline",
            many="patients arrived while this device was offline",
        )
    ],
)
