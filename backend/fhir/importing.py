"""An import: the files are looked through once, and then taken by kind, so that their order does not matter."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tqdm import tqdm

from backend.clock import office_day
from backend.fhir import shifting
from backend.fhir.appointments import appointment
from backend.fhir.elements import Bad, Skip, many, resource_id
from backend.fhir.encounters import classes, encounter
from backend.fhir.kinds import R4, TAKEN, VISITS
from backend.fhir.locations import location
from backend.fhir.naming import Names, spelled
from backend.fhir.patients import patient
from backend.fhir.practitioners import practitioner, role
from backend.fhir.reading import Record, read
from backend.fhir.reporting import Report
from backend.fhir.shifting import Candidate
from backend.fhir.taking import Taken, shown, take_all
from backend.fhir.visits import Books, Told, visit
from backend.giving import Giver
from backend.scheduling import provider_by_source
from backend.work import Site

# Where the taken kinds of resource point to others.
POINTERS = ("subject", "practitioner", "individual", "actor", "location", "appointment")


@dataclass
class Survey:
    """What the first look through the files found."""

    files: dict[Path, set[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)


def survey(paths: Sequence[Path], names: Names, site: Site, report: Report) -> Survey:
    """Look through all files, report what is wrong with their shape, and note what the second look needs."""
    found, zone = Survey(), ZoneInfo(site.zone_name)
    for path in tqdm(paths, desc="Reading", unit="file", disable=None):
        kinds = found.files.setdefault(path, set())
        for record in unbroken(path, None, report):
            why = record.problem or misshapen(record)
            if why:
                report.spoiled(record, why)
            elif record.type not in TAKEN:
                report.untaken[record.type] += 1
            else:
                kinds.add(record.type)
                found.counts[record.type] += 1
                names.want(pointed_to(record.resource))
                if record.type == "Encounter":
                    report.classes.update(classes(record.resource) or ["without a class"])
                if day := board_day(record, names, zone):
                    found.days[day] += 1
    return found


def misshapen(record: Record) -> str | None:
    """What keeps a record from being a FHIR resource at all."""
    if record.type not in R4:
        return "a resourceType that FHIR R4 does not have" if record.type else "without a resourceType"
    if record.type in TAKEN:
        try:
            resource_id(record.resource)
        except Bad as bad:
            return str(bad)
    return None


def pointed_to(resource: dict[str, Any]) -> Iterator[str | None]:
    """Every reference that will have to be followed, in one spelling."""
    for name in POINTERS:
        for value in many(resource.get(name)):
            yield spelled(value, "")
    for name in ("participant", "location"):
        for part in many(resource.get(name)):
            for value in (*many(part.get("individual")), *many(part.get("actor")), *many(part.get("location"))):
                yield spelled(value, "")


def unbroken(path: Path, only: frozenset[str] | None, report: Report) -> Iterator[Record]:
    """The file's records as far as they can be read."""
    try:
        yield from read(path, only)
    except OSError as error:
        sentence = f"{path.name}: {error.strerror or 'it is damaged'}"
        if sentence not in report.damaged:
            report.damaged.append(sentence)


def told_by(resource: dict[str, Any], names: Names) -> Told:
    """What a resource says of a visit."""
    return (encounter if resource["resourceType"] == "Encounter" else appointment)(resource, names)


def board_day(record: Record, names: Names, zone: ZoneInfo) -> date | None:
    """The local day of a visit that may be moved."""
    if record.type not in VISITS or not shifting.belongs_on_a_board(record.resource):
        return None
    try:
        return told_by(record.resource, names).start.astimezone(zone).date()
    except (Bad, Skip):
        return None


@dataclass
class Import:
    """The second look: every kind in its turn."""

    giver: Giver
    names: Names
    survey: Survey
    report: Report
    providers: dict[str, str | None] = field(default_factory=dict)

    def run(self, shift_to_today: bool) -> None:
        """Those who are pointed to before those who point to them."""
        today = office_day(self.giver.clock.now(), self.giver.site.zone_name)
        with tqdm(total=self.survey.counts.total(), desc="Taking", unit="record", disable=None) as bar:
            self.take("Patient", lambda resource: patient(resource, self.names, today), bar)
            self.take("Practitioner", self.practitioner, bar)
            self.take("PractitionerRole", lambda resource: role(resource, self.names), bar)
            self.take("Location", lambda resource: location(resource, self.names), bar)
            with self.giver.house.database.read() as session:
                providers = set(shown(session, "provider"))
            books = Books(self.names, providers, self.provider_by_source)
            if shift_to_today:
                books.moved = self.moved(today)
            self.take("Appointment", lambda resource: visit(appointment(resource, self.names), books), bar)
            self.take("Encounter", lambda resource: visit(encounter(resource, self.names), books), bar)

    def take(self, type: str, mapping: Callable[[dict[str, Any]], Taken], bar: Any) -> None:
        """All records of one kind, from all files that hold any."""
        take_all(self.mapped(type, mapping, bar), self.giver, self.names, self.report)

    def mapped(self, type: str, mapping: Callable[[dict[str, Any]], Taken], bar: Any) -> Iterator[tuple[Record, Taken]]:
        """The records that have something to give."""
        for record in self.sound(frozenset({type})):
            bar.update()
            try:
                taken = mapping(record.resource)
                taken.check()
            except Bad as bad:
                self.report.spoiled(record, str(bad))
            except Skip as skip:
                self.report.skip(type, str(skip), record)
            else:
                self.names.learn(record, taken.own_id)
                yield record, taken

    def sound(self, types: frozenset[str]) -> Iterator[Record]:
        """The records of some kinds that the first look found no fault with."""
        for path, kinds in self.survey.files.items():
            if kinds & types:
                for record in unbroken(path, types, self.report):
                    if not record.problem and not misshapen(record):
                        yield record

    def practitioner(self, resource: dict[str, Any]) -> Taken:
        """Under the id of an earlier import, if it had them: an NPI may have been added or put right since."""
        return practitioner(resource, self.names, self.provider_by_source(self.names.source_of(resource)))

    def provider_by_source(self, source: str) -> str | None:
        """Who that is here, asked once."""
        if source not in self.providers:
            with self.giver.house.database.read() as session:
                self.providers[source] = provider_by_source(session, source)
        return self.providers[source]

    def moved(self, today: date) -> dict[str, Any]:
        """The new starts of the visits that move to today; only of patients who are still the office's."""
        zone, days = ZoneInfo(self.giver.site.zone_name), shifting.pool(self.survey.days)
        candidates = []
        for record in self.sound(VISITS):
            if board_day(record, self.names, zone) in days:
                told = told_by(record.resource, self.names)
                begins, patient_id = told.start.astimezone(zone), self.names.resolve(told.patient) or ""
                candidates.append(Candidate(begins.date(), begins.time(), told.visit_id, patient_id))
        with self.giver.house.database.read() as session:
            people = shown(session, "patient", {one.patient_id for one in candidates})
        chosen = [one for one in candidates if people.get(one.patient_id, {}).get("active")]
        moved = shifting.move(chosen, today, zone)
        gone = [one for one in chosen if one.visit_id in moved]
        patients, left = len({one.patient_id for one in gone}), len({one.day for one in gone})
        self.report.said.append(f"Moved to {today}: {len(moved)} visits of {patients} patients, from {left} day(s).")
        return moved
