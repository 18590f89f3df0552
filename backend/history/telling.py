"""Telling: each entry about a thing as a sentence, with when it was done and when it reached the office."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cases import changes
from backend.clock import instant, is_unknown
from backend.commands import Undo, tag_of
from backend.concerns import concerning, named_in, taken_back
from backend.deciding import said_again
from backend.devices import heard_of
from backend.identity import IMPORT, OFFICE
from backend.journal import NEEDS_A_PERSON, journal, open_case
from backend.serving import Office
from backend.staff import called_all

AT_ONCE = 50
UNDONE = "{who} took back an entry"
ENTRIES = select(journal, open_case.c.closed_at, open_case.c.choices).outerjoin(
    open_case, open_case.c.command_id == journal.c.command_id
)


def tell(session: Session, things: Sequence[str], office: Office, language: str, skip: int) -> dict[str, Any]:
    """The entries about these things as the page shows them, by when they were done, the newest first.

    `older` is how many to skip for the rest; 0 when there are no more.
    """
    sentences = sentences_of(office)
    untold = [command for command, sentence in sentences.items() if not sentence]
    query = ENTRIES.where(journal.c.command_id.in_(concerning(things)), journal.c.command.not_in(untold))
    query = query.order_by(journal.c.happened_at.desc(), journal.c.seq.desc())
    found = session.execute(query.limit(AT_ONCE + 1).offset(skip)).all()
    shown = found[:AT_ONCE]
    telling = Telling(session, shown, sentences, office, language)
    return {
        "entries": [telling.entry(one) for one in shown],
        "older": skip + AT_ONCE if len(found) > AT_ONCE else 0,
    }


def sentences_of(office: Office) -> dict[str, str]:
    """The sentence of each command, by its name."""
    told = {kind: sentence for room in office.rooms for kind, sentence in room.sentences.items()}
    return {tag_of(Undo): UNDONE} | {tag_of(kind): sentence for kind, sentence in told.items()}


class Telling:
    """What is fetched at once for all entries of a page, so that none of them asks for itself."""

    def __init__(
        self, session: Session, shown: Sequence[Any], sentences: Mapping[str, str], office: Office, language: str
    ) -> None:
        self.kinds, self.sentences = office.performer.kinds, sentences
        self.words: Mapping[str, str] = office.answering.manifest["words"].get(language, {})
        self.back = taken_back(session, [one.command_id for one in shown])
        # Nothing of what a retention rule has purged.
        self.said = {one.command_id: said_again(one, one.command_id) for one in shown if one.payload is not None}
        self.named = {id: list(named_in(said.fields)) for id, said in self.said.items()}
        asked = {id for ids in self.named.values() for id in ids}
        self.targets = {
            one.command_id: one for one in session.execute(ENTRIES.where(journal.c.command_id.in_(sorted(asked))))
        }
        everybody = [*shown, *self.targets.values()]
        self.people = {one.id: self.say(one.name) for one in (IMPORT, OFFICE)}
        self.people |= called_all(session, {one.actor_id for one in everybody})
        self.devices = {one.id: one.name for one in heard_of(session)}

    def say(self, sentence: str) -> str:
        return self.words.get(sentence, sentence)

    def sentence(self, found: Any) -> str:
        """“Ana Garrido checked the patient in”; a command that no room has a sentence for by its title."""
        who = self.people.get(found.actor_id) or self.say("Somebody unknown")
        kind = self.kinds.get((found.command, found.v))
        if sentence := self.sentences.get(found.command):
            return self.say(sentence).format(who=who)
        return f"{who}: {self.say(kind.title) if kind else found.command}"

    def when(self, found: Any) -> dict[str, Any]:
        """When it was done, as far as that is known."""
        return {
            "at": instant(found.happened_at),
            "about": found.happened_about,
            "unknown": is_unknown(found.happened_at, found.happened_about, found.received_at),
        }

    def entry(self, found: Any) -> dict[str, Any]:
        """One entry as the page shows it. `of` is the other entry that it is about, if it is."""
        target = next((self.targets[id] for id in self.named.get(found.command_id, []) if id in self.targets), None)
        waits = found.outcome in NEEDS_A_PERSON and found.closed_at is None
        return {
            "id": found.command_id,
            "seq": found.seq,
            "command": found.command,
            "sentence": self.sentence(found),
            "device": self.devices.get(found.device_id, ""),
            **self.when(found),
            "reached_at": instant(found.received_at),
            "outcome": found.outcome,
            "say": found.say,
            "waits": waits,
            "details": self.details(found, target),
            "purged": found.payload is None,
            "taken_back": found.command_id in self.back,
            "of": None if target is None else {"sentence": self.sentence(target), **self.when(target)},
        }

    def details(self, found: Any, target: Any) -> list[str]:
        """What was entered, as on a card; of a choice, what was chosen in the words of the card that offered it."""
        said = self.said.get(found.command_id)
        if said is None:
            return []
        offered = msgspec.json.decode(target.choices or "[]") if target is not None else []
        chosen = [self.say(one["label"]) for one in offered if one["code"] == said.fields.get("choice")]
        return chosen + changes(self.kinds, said, self.say)
