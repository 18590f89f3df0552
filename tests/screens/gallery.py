"""Shows every screen with invented rows in Chromium, and has axe-core look at each.

Run .venv/bin/python -m tests.screens.gallery, with part of a name such as board-phone to see only some.
"""

import sys
import threading
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from backend.devices.inviting import UNKNOWN
from backend.templates import Templates
from backend.words import words
from tests import chromium
from tests.screens.invented import (
    BLANK,
    CODE,
    COMMON,
    DAY,
    DEVICE,
    DEVICES,
    FIGURES,
    FORM,
    INVITATION,
    INVITED,
    LOCK,
    PATIENTS,
    VISITS,
    id_of,
)
from tests.screens.invented_approvals import SCREENS as APPROVALS
from tests.screens.invented_counts import SCREENS as COUNTING
from tests.screens.invented_downtime import SCREENS as DOWNTIME
from tests.screens.invented_history import SCREENS as HISTORIES
from tests.screens.invented_supplies import SCREENS as SUPPLIES
from tests.screens.invented_today import SCREENS as TODAY

WEB = Path(__file__).parents[2] / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
OUT = Path("/tmp/gallery")
# Zoomed to 200 %, a tablet has half as many pixels each way.
SIZES = {"tablet": (1180, 820), "phone": (390, 844), "desk": (1440, 900), "zoomed": (590, 410)}
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
TYPES = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript", "png": "image/png",
         "webmanifest": "application/manifest+json"}  # fmt: skip

BY_ID = {visit["id"]: visit for visit in VISITS}
WRONG = FORM | {
    "command": "checkin.register_walk_in", "values": {"family": "Ruiz", "birth_date": "13/45/1990", "phone": "555"},
    "complaints": {"given": "Please fill in First name.", "birth_date": "Birth date is not a date of the calendar.",
                   "phone": "Phone needs ten digits.", "sex": "Please choose Sex."},
}  # fmt: skip
DONE = BY_ID[id_of(103)] | {
    "identity_at": VISITS[0]["starts_at"], "identity_by": id_of(802), "checked_in_at": VISITS[1]["starts_at"],
    "checked_in_by": id_of(801), "arrived_by": id_of(801), "status": "checked_in", "next_action": "",
}  # fmt: skip
ALONE = dict.fromkeys(DEVICE, "") | {"online": True, "offline_since": None, "copy_at": None, "persisted": None,
                                       "waiting": 0, "attention": 0, "hides_at": None, "certificate": None,
                                       "too_old": False, "clock_ahead": 0, "clock_behind": 0, "news": 0}  # fmt: skip
HERE_ANYWAY = DONE | {"cancelled_at": VISITS[1]["starts_at"], "cancelled_by": id_of(801), "cancel_called": "patient",
                      "cancel_reason": "feels_better", "slot_given": True, "identity_at": None, "checked_in_at": None,
                      "status": "arrived", "next_action": "identify"}  # fmt: skip
NEW = BLANK | {"id": id_of(199), "patient_id": id_of(999), "provider_id": None, "status": "booked",
               "next_action": "arrive", "starts_at": VISITS[0]["starts_at"]}  # fmt: skip

WRITTEN = {"visits": VISITS[-2:], "found": list(PATIENTS.values())[:2], "visits_of": {}, "visit_by_id": BY_ID,
           "typed": [HERE_ANYWAY | {"paper_by": "Cleo", "is_walk_in": True, "can_undo": True,
                                    "last_command": "checkin.type_in_walk_in", "last_command_id": id_of(901)},
                     DONE | {"paper_by": "Cleo", "arrived_about": True, "is_walk_in": False,
                             "can_undo": False}]}  # fmt: skip

TABLE = [
    {"name": "Front desk tablet", "idle_seconds": 120, "others": ["Clinical", "Supplies"], "roles": [
        {"word": "Front desk", "pages": ["Check-in", "Visit", "This device"], "files": [],
         "commands": ["Arrived", "Identified", "Checked in"],
         "sheets": ["office/{site}", "visits/{site}/{window}", "patients/{site}"]}]},
]  # fmt: skip

# name of the screen: (template, page name, path, parameters, other context)
SCREENS = {
    "board": ("checkin/board.html", "checkin.board", "/checkin", {}, {}),
    "board-es": ("checkin/board.html", "checkin.board", "/checkin", {}, {"language": "es", "words": words("es")}),
    "board-nobody": ("checkin/board.html", "checkin.board", "/checkin", {"q": "zz"}, {"visits": []}),
    "board-empty": ("checkin/board.html", "checkin.board", "/checkin", {}, {"visits": [], "counts": {}}),
    "board-filtered": ("checkin/board.html", "checkin.board", "/checkin", {"status": "arrived"},
                       {"visits": [visit for visit in VISITS if visit["status"] == "arrived"]}),
    "visit-new": ("checkin/visit.html", "checkin.visit", "/v", {}, {"visit": NEW}),
    "visit-identify": ("checkin/visit.html", "checkin.visit", "/v", {}, {"visit": BY_ID[id_of(101)]}),
    "visit-check-in": ("checkin/visit.html", "checkin.visit", "/v", {}, {"visit": BY_ID[id_of(103)]}),
    "visit-done": ("checkin/visit.html", "checkin.visit", "/v", {}, {"visit": DONE}),
    "visit-booked": ("checkin/visit.html", "checkin.visit", "/v", {}, {"visit": BY_ID[id_of(109)],
                     "form": FORM | {"command": "scheduling.cancel_visit",
                                     "values": {"called": "patient", "reason": ""},
                                     "complaints": {"reason": "Please choose Why."}}}),
    "visit-cancelled": ("checkin/visit.html", "checkin.visit", "/v", {}, {"visit": BY_ID[id_of(110)]}),
    "visit-here-anyway": ("checkin/visit.html", "checkin.visit", "/v", {}, {"visit": HERE_ANYWAY}),
    "slot": ("checkin/slot.html", "checkin.slot", "/s", {"q": "gar", "slot_of": id_of(110)}, {"slot": BY_ID[id_of(110)],
             "found": list(PATIENTS.values())[:3]}),
    "paper": ("checkin/paper.html", "checkin.paper", "/p", {"q": "gar", "sheet": "log"}, WRITTEN),
    "paper-nobody": ("checkin/paper.html", "checkin.paper", "/p", {"q": "zzz", "sheet": "log"},
                     WRITTEN | {"visits": [], "found": []}),
    "paper-wrong": ("checkin/paper.html", "checkin.paper", "/p", {"sheet": "log"}, WRITTEN | {"form": FORM | {
        "command": "checkin.type_in_arrival", "complaint": "Some fields need another look.",
        "values": {"visit_id": id_of(109), "time": "8:75", "written_by": "CB", "about": "true"},
        "complaints": {"time": "Time must be a time such as 8:05 or 2:10 pm."}}}),
    "paper-registration": ("checkin/paper.html", "checkin.paper", "/p", {"sheet": "registrations"}, WRITTEN),
    "visit-missing": ("checkin/visit.html", "checkin.visit", "/v", {}, {}),
    "walk-in": ("checkin/walk_in.html", "checkin.walk_in", "/w", {}, {}),
    "walk-in-found": ("checkin/walk_in.html", "checkin.walk_in", "/w", {"q": "gar"},
                      {"found": list(PATIENTS.values())[:3], "form": WRONG}),
    "walk-in-nobody": ("checkin/walk_in.html", "checkin.walk_in", "/w", {"q": "zzz"}, {}),
    "device": ("devices/device.html", "devices.device", "/device", {}, {}),
    "device-alone": ("devices/device.html", "devices.device", "/device", {}, {"state": ALONE, "entries": []}),
    "devices": ("devices/devices.html", "devices.devices", "/devices", {}, {}),
    "devices-figures": ("devices/figures.html", "devices.devices", "/devices", {}, {"devices": FIGURES}),
    "record": ("devices/record.html", "devices.record", f"/devices/{id_of(301)}", {}, {}),
    "record-lost": ("devices/record.html", "devices.record", f"/devices/{id_of(302)}", {}, {"device": DEVICES[1]}),
    "record-wiped": ("devices/record.html", "devices.record", f"/devices/{id_of(303)}", {}, {"device": DEVICES[2]}),
    "enrol": ("devices/enrol.html", "devices.enrol", "/devices/enrol", {},
              {"form": FORM | {"complaints": {"name": "Please fill in Name of the device."}}}),
    "enrolled": ("devices/enrolled.html", "devices.enrolled", "/devices/enrol", {}, {}),
    "code-shown": ("devices/invitation.html", "devices.invitation", "/devices", {}, {"invitation": INVITATION, **CODE}),
    "code-used": ("devices/invitation.html", "devices.invitation", "/devices", {},
                  {"invitation": INVITATION | {"state": "enrolled"}, **CODE}),
    "code-es": ("devices/invitation.html", "devices.invitation", "/devices", {},
                {"invitation": INVITATION | {"state": "expired"}, **CODE, "language": "es", "words": words("es")}),
    "arrive": ("devices/code.html", "", "/enrol", {}, {"form": FORM | {"complaint": UNKNOWN}}),
    "arriving": ("devices/arriving.html", "", "/enrol", {}, {"invited": INVITED}),
    "arriving-es": ("devices/arriving.html", "", "/enrol", {},
                    {"invited": INVITED, "language": "es", "words": words("es")}),
    "arrived": ("devices/arrived.html", "", "/enrol", {}, {}),
    "table": ("devices/table.html", "devices.table", "/devices/table", {}, {"table": TABLE}),
    "attention": ("sync/attention.html", "sync.attention", "/attention", {}, {}),
    "attention-none": ("sync/attention.html", "sync.attention", "/attention", {}, {"cases": []}),
    **APPROVALS,
    **SUPPLIES,
    **COUNTING,
    **TODAY,
    **HISTORIES,
    **DOWNTIME,
    "signin": ("shell/signin.html", "staff.signin", "/signin", {},
               {"form": FORM | {"complaint": "That name and password do not go together."}}),
    "locked": ("shell/locked.html", "", "/", {}, {"lock": LOCK}),
    "needs-office": ("shell/needs_office.html", "", "/", {}, {}),
    "missing": ("shell/missing.html", "", "/", {}, {}),
    "error": ("shell/error.html", "", "/", {}, {}),
}  # fmt: skip


def context(page: str, path: str, parameters: dict, other: dict) -> dict:
    param = {"day": DAY, "q": "", "status": "", "provider": "", "written_by": ""} | parameters
    return COMMON | {"page": {"name": page, "path": path}, "param": param} | other


class Gallery(SimpleHTTPRequestHandler):
    """Serves /screen/<name>, the pill and the files of web/, under the policy that the product has."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/device":
            self.answer(TEMPLATES.render("devices/_pill.html", context("devices.device", "/device", {}, {})).encode())
        elif path.startswith("/screen/"):
            template, *rest = SCREENS[path.removeprefix("/screen/")]
            self.answer(TEMPLATES.render(template, context(*rest)).encode())
        elif path == "/w/gallery/lib/htmx.js":
            self.answer((WEB / "node_modules/htmx.org/dist/htmx.js").read_bytes(), "text/javascript")
        else:
            file = WEB / path.removeprefix("/w/gallery/")
            kind = TYPES.get(file.suffix[1:], "text/plain")
            self.answer(file.read_bytes() if file.is_file() else b"", kind, 200 if file.is_file() else 404)

    def answer(self, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        # A page that is closed no longer wants what it asked for.
        with suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, format, *args):
        pass


def look(page: Page, name: str, url: str, complaints: list[str]) -> None:
    def hear(said) -> None:
        if "Content Security" in said.text:
            complaints.append(f"{name}: {said.text}")

    page.on("console", hear)
    page.goto(url)
    page.wait_for_timeout(150)
    page.screenshot(path=OUT / f"{name}.png", full_page="desk" not in name)
    # A bar that stays at the foot of the screen covers whatever has not been scrolled up yet.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height + 80})
    page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
    complaints.extend(
        f"{name}: {violation['id']}: {node['html'][:140]} {node['failureSummary'][:300]}"
        for violation in found["violations"] for node in violation["nodes"][:3]
    )  # fmt: skip
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        complaints.append(f"{name}: {wide}px wider than the screen")
    small = page.evaluate("""[...document.querySelectorAll("button, .button, summary, .input, nav a, .tile")]
        .filter(each => {
            const box = each.getBoundingClientRect();
            return box.height && (box.height < 47.5 || box.width < 47.5);
        })
        .map(each => each.outerHTML.slice(0, 80))""")
    complaints.extend(f"{name}: smaller than 48 px: {each}" for each in small)


def show(word: str) -> int:
    if not AXE.is_file():
        sys.exit("axe-core is not there: run npm ci in web/")
    OUT.mkdir(exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gallery)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                for screen in SCREENS:
                    name = f"{screen}-{size}-{scheme}"
                    if word in name:
                        tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                        look(tab, name, f"http://127.0.0.1:{server.server_port}/screen/{screen}", complaints)
                        tab.close()
        browser.close()
    server.shutdown()
    print("\n".join(complaints) or "Nothing to complain about.")
    return 1 if complaints else 0


TEMPLATES = Templates(WEB)

if __name__ == "__main__":
    sys.exit(show(sys.argv[1] if len(sys.argv) > 1 else ""))
