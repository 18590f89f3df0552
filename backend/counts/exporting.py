"""Exporting: a count as a file for another system, for whoever reviews counts."""

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from backend import paths
from backend.counts.models import StockCount
from backend.counts.reporting import KINDS, inventory_report
from backend.errors import Missing, NotAllowed
from backend.ids import is_id
from backend.serving import caller_of, office_of

# What the office thinks is there must not come onto a device for counting by another door.
NOT_YOURS = "Only managers take a count along as a file, and not on a device for counting."


# Not below /counts: the router looks no further for the pages there once a route of its own begins alike.
@get("/inventory-reports/{count_id:str}", sync_to_thread=True)
def report(request: Request, count_id: FromPath[str]) -> Response[bytes]:
    """FHIR R5 `InventoryReport`: `kind=snapshot` is what was found, `kind=difference` what was put right."""
    office = office_of(request)
    kind = paths.form_of(request.url.query).get("kind", ["snapshot"])[-1]
    with office.database.read() as session:
        caller = caller_of(request, session)
        if not caller.may_read(["counted/{site}"]):
            raise NotAllowed(NOT_YOURS)
        count = session.get(StockCount, count_id) if is_id(count_id) else None
        if count is None or count.site_id != caller.site.id or kind not in KINDS:
            raise Missing("There is no such count.")
        told = inventory_report(session, count, kind, caller.site.zone_name)
    headers = {"Content-Disposition": f'attachment; filename="inventory-{kind}.json"', "Cache-Control": "no-store"}
    body = msgspec.json.format(msgspec.json.encode(told), indent=2)
    return Response(body, headers=headers, media_type="application/fhir+json; fhirVersion=5.0")
