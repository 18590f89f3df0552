"""The office over HTTPS: devices keep a copy there, and one that cannot trust it knows why."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from playwright.sync_api import BrowserContext, Playwright

from backend.certificates import Pair, make_authority, make_server, read_pair
from tests import chromium
from tests.browser.conftest import FLAGS, TABLET
from tests.browser.lan import LanServer, can_trust, trust
from tests.browser.tablet import Tablet
from tests.tablets import PASSWORD

NAMES = ["localhost", "127.0.0.1", "::1"]
ASK = """async (until) => {
    const { certificateTrouble } = await import(
        document.querySelector("link[rel=stylesheet]").href.replace(/shell.*/, "worker/certificate.js"));
    const workers = navigator.serviceWorker;
    const world = { now: () => Date.now(), register: (...given) => workers.register(...given) };
    const before = (await workers.getRegistrations()).length;
    const says = await certificateTrouble(world, { certificate_until: until });
    const registration = await workers.ready;
    const update = await registration.update().then(() => "no error", (error) => error.name);
    return { says, update, registered: (await workers.getRegistrations()).length - before };
}"""


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Iterator[LanServer]:
    """An office that made its own authority at its start."""
    office = LanServer(prepared, tmp_path / "office", "--lan")
    office.start()
    yield office
    office.kill()


@pytest.fixture
def authority(office: LanServer) -> Pair:
    return read_pair(office.folder / "tls/authority.pem")


def verifying(authority: Pair) -> ssl.SSLContext:
    """What a client that trusts this authority alone checks by."""
    pem = authority.certificate.public_bytes(serialization.Encoding.PEM).decode()
    return ssl.create_default_context(cadata=pem)


def test_who_trusts_the_authority_is_answered_and_told_to_come_by_https(office: LanServer, authority: Pair) -> None:
    with httpx.Client(verify=verifying(authority)) as client:
        answer = client.get(f"{office.url}/healthz")
        assert answer.status_code == 200
        assert "strict-transport-security" not in answer.headers, "it would bind every program on localhost"
        answer = client.get(f"https://127.0.0.1:{office.port}/signin", headers={"accept": "text/html"})
        assert answer.headers["strict-transport-security"] == "max-age=86400"
    stranger = verifying(make_authority([], datetime.now(UTC)))
    with httpx.Client(verify=stranger) as client, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        client.get(f"{office.url}/healthz")


def test_a_device_is_enrolled_over_https_and_its_cookies_never_leave_it_in_the_open(
    office: LanServer, authority: Pair
) -> None:
    with httpx.Client(verify=verifying(authority), base_url=office.url) as client:
        assert client.post("/signin", data={"username": "maria", "password": PASSWORD}).status_code == 303
        form = {"name": "Tablet 1", "place": "Front desk", "purpose": "front_desk"}
        answer = client.post("/devices/enrol", data=form)
        assert answer.status_code == 200
        assert {cookie.name: cookie.secure for cookie in client.cookies.jar} == {
            f"__Host-daysheet_{name}": True for name in ("device", "known", "session")
        }
        assert "Secure" in answer.headers["set-cookie"]


def test_the_second_origin_knows_nothing_of_the_office(office: LanServer) -> None:
    there = f"http://127.0.0.1:{office.port + 1}"
    with httpx.Client() as client:
        assert client.get(f"{there}/daysheet.crt").content
        for path in ("/signin", "/healthz", "/checkin", "/worker.js", "/../../daysheet.key"):
            assert client.get(f"{there}{path}", headers={"accept": "text/html"}).status_code == 404
        assert client.post(f"{there}/signin", data={"username": "maria", "password": PASSWORD}).status_code == 404
        with pytest.raises(httpx.TransportError):
            client.get(f"http://127.0.0.1:{office.port}/healthz")


@pytest.fixture
def context(playwright: Playwright, tmp_path: Path, authority: Pair) -> Iterator[BrowserContext]:
    """A browser that trusts the office's authority, as a device does after its second origin."""
    if not can_trust():
        pytest.skip("this system's browsers trust what its owner trusts, which is nothing for a test to change")
    environment = trust(tmp_path / "home", authority)
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=chromium.find(), args=FLAGS, env=environment, viewport=TABLET
    )
    yield context
    context.close()


def test_a_device_tells_an_expired_and_an_untrusted_certificate_from_a_dead_server(
    office: LanServer, authority: Pair, context: BrowserContext
) -> None:
    complaints: list[str] = []
    tablet = Tablet(context, office, complaints)
    tablet.enrol()
    now = datetime.now(UTC)
    future, past = f"{now + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}", f"{now - timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"

    def asked(until: str) -> dict[str, object]:
        return tablet.page.evaluate(ASK, until)  # type: ignore[no-any-return]

    assert asked(future) == {"says": None, "update": "no error", "registered": 0}
    assert asked(past)["says"] is None, "the office answers, whatever its old certificate's date was"

    office.stop()
    assert asked(future) == {"says": None, "update": "TypeError", "registered": 0}

    office.start()
    office.show(make_server(authority, NAMES, now - timedelta(days=400)))
    assert asked(past) == {"says": "expired", "update": "TypeError", "registered": 0}
    assert asked(future)["says"] == "untrusted", "the device's clock may be the one that is wrong"

    office.show(make_server(make_authority([], now), NAMES, now))
    assert asked(future) == {"says": "untrusted", "update": "TypeError", "registered": 0}

    office.show(make_server(authority, ["elsewhere.local"], now))
    assert asked(future)["says"] == "untrusted"

    office.show(make_server(authority, NAMES, now))
    assert asked(future)["says"] is None
