"""How likely two records are of the same person: a score from what agrees, for people to look at, never to merge by.

The scores are those of HL7's Interoperable Digital Identity and Patient Matching guide 2.0.0: name and birth date .6;
with the phone, or with the sex and the ZIP code or a middle name .7; with the e-mail or the address .8, which is street
and ZIP code or else street, city and state.
"""

from dataclasses import dataclass
from datetime import date

import jellyfish
from nicknames import NickNamer
from rapidfuzz.distance import JaroWinkler

from backend.values import folded

LIKELY, POSSIBLE = 0.8, 0.6
# A name a letter away may be a twin's, and a family name that differs a sibling's: never more than possible.
MOST_UNSURE = 0.7
NEAR_NAME = 0.9
# What a birth date that is not quite the same takes away, and a sex that differs.
NEAR_BIRTH, OTHER_SEX = 0.1, 0.2
# Of street names, as USPS Publication 28 abbreviates the commonest.
SPELLED_OUT = {
    "ave": "avenue", "blvd": "boulevard", "cir": "circle", "ct": "court", "dr": "drive", "hwy": "highway",
    "ln": "lane", "pkwy": "parkway", "pl": "place", "rd": "road", "sq": "square", "st": "street", "ter": "terrace",
    "apt": "apartment", "ste": "suite", "n": "north", "s": "south", "e": "east", "w": "west",
}  # fmt: skip
SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
NICKNAMES = NickNamer()


@dataclass(frozen=True)
class Traits:
    """What of a record is compared. Phones are digits; everything that nobody knows is None."""

    family: str
    given: str
    birth_date: date | None
    sex: str = "unknown"
    phone: str | None = None
    email: str | None = None
    line: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True)
class Likeness:
    """`score` from 0 to .8; `reasons` are codes of what agrees and what does not, for the page to say."""

    score: float
    reasons: tuple[str, ...]


NOT_ALIKE = Likeness(0, ())


def likeness(one: Traits, other: Traits) -> Likeness:
    """Without a name and a birth date that agree at least nearly, two records are not alike, whatever else is."""
    given, family = alike_given(one.given, other.given), alike_family(one.family, other.family)
    birth = alike_birth(one.birth_date, other.birth_date)
    if not given or not birth or suffixes_differ(one, other):
        return NOT_ALIKE
    sex = {one.sex, other.sex} - {"unknown"}
    further = [name for name, same in beyond(one, other).items() if same]
    reached = {*further} & {"phone", "email", "address"}
    if not family and not reached:
        return NOT_ALIKE
    supported = len(sex) == 1 and one.sex == other.sex and {"zip", "middle"} & {*further}
    score = 0.8 if reached - {"phone"} else 0.7 if reached or supported else 0.6
    if not family or given == "given_near" or family == "family_near":
        score = min(score, MOST_UNSURE)
    score -= (0 if birth == "birth_date" else NEAR_BIRTH) + (OTHER_SEX if len(sex) == 2 else 0)
    differs = ["other_sex"] if len(sex) == 2 else []
    return Likeness(round(score, 2), (given, family or "other_family", birth, *further, *differs))


def alike_given(one: str, other: str) -> str | None:
    """`given`, `nickname`, `given_near` or None; a middle name that only one record has does not matter."""
    left, right = words_of(one), words_of(other)
    if not left or not right:
        return None
    if left[0] == right[0]:
        return "given"
    if NICKNAMES.canonicals_of(left[0]) & {right[0]} or NICKNAMES.canonicals_of(right[0]) & {left[0]}:
        return "nickname"
    return "given_near" if near(left[0], right[0]) else None


def alike_family(one: str, other: str) -> str | None:
    """`family`, `family_near` (a spelling, or one of two names) or None."""
    left, right = words_of(one), words_of(other)
    if left == right:
        return "family"
    if {*left} & {*right} or (left and right and near("".join(left), "".join(right))):
        return "family_near"
    return None


def near(one: str, other: str) -> bool:
    """Spelled nearly alike, or sounding alike."""
    # What is not written in Latin letters has no sound here, and would be like anything else that has none.
    sounds = [jellyfish.metaphone(name) for name in (one, other)]
    return JaroWinkler.similarity(one, other) >= NEAR_NAME or "" != sounds[0] == sounds[1]


def alike_birth(one: date | None, other: date | None) -> str | None:
    """`birth_date`, `birth_near` (day and month swapped, or one figure of them or of the year's last) or None.

    A decade is no slip of the pen: father and son may share name, telephone, address, day and month.
    """
    if one is None or other is None:
        return None
    if one == other:
        return "birth_date"
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return "birth_near"
    left, right = f"{one:%Y%m%d}", f"{other:%Y%m%d}"
    slips = [place for place in range(8) if left[place] != right[place]]
    return "birth_near" if len(slips) == 1 and slips[0] >= 3 else None


def beyond(one: Traits, other: Traits) -> dict[str, bool]:
    """What agrees besides name, birth date and sex; a ZIP code says less than an address, and is not told beside it."""
    street = one.line is not None and street_of(one.line) == street_of(other.line or "")
    five = same(zip_of(one), zip_of(other))
    town = same(one.city, other.city) and same(one.state, other.state)
    address = street and (five or town)
    return {
        "phone": same(one.phone, other.phone),
        "email": same(one.email, other.email),
        "address": address,
        "zip": five and not address,
        "middle": same(middle_of(one), middle_of(other)),
    }


def street_of(line: str) -> str:
    """12 Maple St. is 12 Maple Street."""
    return " ".join(SPELLED_OUT.get(word, word) for word in folded(line).split(" "))


def zip_of(one: Traits) -> str:
    """The five figures; what comes after them is a block of houses, and often left out."""
    return folded(one.postal_code or "")[:5]


def middle_of(one: Traits) -> str:
    return " ".join(words_of(one.given)[1:])


def same(one: str | None, other: str | None) -> bool:
    return bool(one) and folded(one) == folded(other or "")


def words_of(name: str) -> list[str]:
    return [word for word in folded(name).split(" ") if word and word not in SUFFIXES]


def suffixes_differ(one: Traits, other: Traits) -> bool:
    """Jr is not Sr, and not III; one that only one record has says nothing."""
    left, right = (
        {SUFFIXES[word] for word in folded(each.family, each.given).split(" ") if word in SUFFIXES}
        for each in (one, other)
    )
    return bool(left and right and left != right)


def sound_of(family: str, given: str) -> str:
    """By which records of different spelling are found; at most 13 characters."""
    spoken = [jellyfish.soundex(words[0]) if (words := words_of(name)) else "" for name in (family, given)]
    return "/".join(spoken)
