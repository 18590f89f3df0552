"""Check-in: who is here, who waits, and everything the desk does until a visit is checked in."""

from backend.checkin.arriving import RecordArrival
from backend.checkin.checking_in import CheckIn
from backend.checkin.identifying import CheckIdentity
from backend.checkin.pages import board, paper, posts, slot, visit, walk_in
from backend.checkin.typing_in import TypeInArrival
from backend.checkin.typing_in_walk_ins import TypeInRegistration, TypeInWalkIn
from backend.checkin.walking_in import RecordWalkIn, RegisterWalkIn
from backend.house import News, Room
from backend.lists import Eq

room = Room(
    name="checkin",
    commands=[
        RecordArrival,
        CheckIdentity,
        CheckIn,
        RecordWalkIn,
        RegisterWalkIn,
        TypeInArrival,
        TypeInRegistration,
        TypeInWalkIn,
    ],
    pages=[board, visit, walk_in, slot, paper],
    posts=posts,
    sentences={
        RecordArrival: "{who} noted that the patient had arrived",
        CheckIdentity: "{who} made sure who the patient is",
        CheckIn: "{who} checked the patient in",
        RecordWalkIn: "{who} noted that the patient had come without an appointment",
        RegisterWalkIn: "{who} registered a new patient, who had come without an appointment",
        TypeInArrival: "{who} typed in from paper that the patient had arrived",
        TypeInRegistration: "{who} registered a new patient from paper, who had come without an appointment",
        TypeInWalkIn: "{who} typed in from paper that the patient had come without an appointment",
    },
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
