"""Names of things: our own ids made from another system's, and what its references point to."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from backend.commands import Command, tag_of
from backend.feed import encode
from backend.fhir.elements import many, resource_id
from backend.fhir.reading import Record

NPI = "http://hl7.org/fhir/sid/us-npi"
_OURS = uuid.UUID("6f1f5d4e-0c86-5a53-9d5e-2b8d6a3f7c10")
# These are known by an identifier rather than by the id of one export, so that both kinds of reference meet.
BY_IDENTIFIER = frozenset({"Practitioner", "Location"})
# So few in any office that all their names are kept; of the others, only those that something points to.
FEW = BY_IDENTIFIER | {"PractitionerRole"}


def identifiers(resource: dict[str, Any]) -> list[tuple[str, str]]:
    """(system, value) of each identifier that has a value; an NPI before all others."""
    found = [
        (str(one.get("system") or ""), one["value"].strip())
        for one in many(resource.get("identifier"))
        if isinstance(one.get("value"), str) and one["value"].strip()
    ]
    return sorted(found, key=lambda one: one[0] != NPI)


def conditional(type: str, system: str, value: str) -> str:
    """`Practitioner?identifier=system|value`."""
    return f"{type}?identifier={system}|{value}"


def key_of(resource: dict[str, Any]) -> str:
    """What a resource's id is made from here."""
    type, id = resource["resourceType"], resource_id(resource)
    known = identifiers(resource)
    return conditional(type, *known[0]) if known and type in BY_IDENTIFIER else f"{type}/{id}"


def spelled(reference: dict[str, Any], type: str) -> str | None:
    """A Reference in one spelling: `Type/id`, `Type?identifier=system|value` or an URN; None when it names nothing."""
    said = reference.get("reference")
    if not isinstance(said, str) or not said or said.startswith("#"):
        known = identifiers({"identifier": reference.get("identifier")})
        return conditional(str(reference.get("type") or type), *known[0]) if known else None
    if said.startswith("urn:"):
        return said
    path, _, query = said.partition("?")
    if query.startswith("identifier="):
        return f"{path.rsplit('/', 1)[-1]}?{query}"
    parts = path.partition("/_history/")[0].split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else None


class Names:
    """Our ids for one other system's records. `source` tells apart systems that count from 1 alike."""

    def __init__(self, source: str, site_id: str) -> None:
        self.source, self.site_id = source, site_id
        self.wanted: set[str] = set()
        self.known: dict[str, str] = {}
        self.types: dict[str, str] = {}  # of what URNs stand for, which they do not say themselves

    def own_id(self, key: str) -> str:
        """The id that this key always gets."""
        return str(uuid.uuid5(_OURS, f"{self.source}\n{key}"))

    def command_id(self, kind: type[Command], fields: dict[str, Any]) -> str:
        """The same record with the same content is the same command, however often it is handed in."""
        content = encode([self.source, self.site_id, tag_of(kind), kind.v, fields]).decode()
        return str(uuid.uuid5(_OURS, content))

    def source_of(self, resource: dict[str, Any]) -> str:
        """`fhir/Patient/123`: where a record of ours came from."""
        return f"{self.source}/{resource['resourceType']}/{resource_id(resource)}"

    def want(self, references: Iterable[str | None]) -> None:
        """Note what is pointed to by anything but an id."""
        self.wanted.update(said for said in references if said and ("?" in said or said.startswith("urn:")))

    def learn(self, record: Record, own_id: str) -> None:
        """Keep by which names a record may be pointed to, where its id alone does not tell."""
        for alias in aliases(record):
            if record.type in FEW or alias in self.wanted:
                self.known[alias] = own_id
                if alias.startswith("urn:"):
                    self.types[alias] = record.type

    def resolve(self, said: str | None) -> str | None:
        """Our id of what is pointed to; None when that cannot be told."""
        if said is None:
            return None
        return self.known.get(said) or (None if said.startswith("urn:") else self.own_id(said))


def aliases(record: Record) -> Iterator[str]:
    """Every name by which other records may point to this one."""
    type = record.type
    yield f"{type}/{record.resource['id']}"
    if record.full_url:
        yield record.full_url if record.full_url.startswith("urn:") else "/".join(record.full_url.split("/")[-2:])
    for system, value in identifiers(record.resource):
        yield conditional(type, system, value)
        yield f"{type}?identifier={value}"
