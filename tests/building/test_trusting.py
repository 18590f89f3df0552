"""The second origin: what a device needs to trust the office's authority, and nothing else at all."""

import asyncio
import hashlib
import plistlib
import ssl
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from backend.certificates import make_authority
from backend.greeting import Addresses, greeting
from backend.trusting import fingerprint, second_origin, shown
from tests.forms import read, text_of
from tests.practice import Practice

HERE, THERE = "http://192.168.1.20:8001/", "https://desk.local:8000/"
AUTHORITY = make_authority([], datetime.now(UTC)).certificate
DER = AUTHORITY.public_bytes(serialization.Encoding.DER)
FILES = {"/", "/es", "/trust.css", "/mark.svg", "/here.svg", "/daysheet.crt", "/daysheet.pem", "/daysheet.mobileconfig"}
Answer = tuple[int, dict[str, str], bytes]


def ask(practice: Practice, path: str, method: str = "GET") -> Answer:
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    app = second_origin(shown(practice.office, AUTHORITY, HERE, THERE))
    asyncio.run(app({"type": "http", "method": method, "path": path, "headers": []}, None, send))  # type: ignore[arg-type]
    headers = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], headers, said[1]["body"]


def test_it_serves_these_files_and_no_other(practice: Practice) -> None:
    assert set(shown(practice.office, AUTHORITY, HERE, THERE)) == FILES
    for path in ("/signin", "/checkin", "/worker.js", "/healthz", "/sync", "/../daysheet.key", "/w/x/shell/base.css"):
        status, _, body = ask(practice, path)
        assert (status, body) == (404, b"")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(practice, "/", method)[0] == 405
    assert ask(practice, "/", "HEAD")[2] == b""


@pytest.mark.parametrize("path", sorted(FILES))
def test_every_file_has_a_strict_policy_and_no_cookie(practice: Practice, path: str) -> None:
    status, headers, _ = ask(practice, path)
    assert status == 200
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers
    assert "strict-transport-security" not in headers


def test_the_page_shows_what_to_compare_and_where_to_go_in_both_languages(practice: Practice) -> None:
    for path, words in (("/", "Let this device trust the office"), ("/es", "Permita que este dispositivo confíe")):
        page = ask(practice, path)[2].decode()
        assert words in text_of(page)
        assert fingerprint(AUTHORITY) in text_of(page)
        assert f'href="{THERE}"' in page
        for inline in ("<script", "style=", "onclick"):
            assert inline not in page


def test_every_sentence_of_the_page_is_there_in_spanish(practice: Practice) -> None:
    english, spanish = (read_sentences(ask(practice, path)[2].decode()) for path in ("/", "/es"))
    left = (english & spanish) - {"Daysheet", "Windows", "Mac", fingerprint(AUTHORITY), HERE, THERE}
    assert left == set()


def read_sentences(page: str) -> set[str]:
    return {" ".join(words.split()) for words in read(page).words if words.strip()}


def test_the_authority_comes_in_the_three_forms_that_systems_ask_for(practice: Practice) -> None:
    _, headers, der = ask(practice, "/daysheet.crt")
    assert (headers["content-type"], der) == ("application/x-x509-ca-cert", DER)
    assert headers["content-disposition"] == 'attachment; filename="daysheet.crt"'
    assert x509.load_pem_x509_certificate(ask(practice, "/daysheet.pem")[2]) == AUTHORITY
    _, headers, profile = ask(practice, "/daysheet.mobileconfig")
    assert headers["content-type"] == "application/x-apple-aspen-config"
    inner = plistlib.loads(profile)["PayloadContent"][0]
    assert (inner["PayloadType"], inner["PayloadContent"]) == ("com.apple.security.root", DER)
    assert profile == ask(practice, "/daysheet.mobileconfig")[2], "a second profile would stand beside the first"


def test_no_private_key_is_in_any_file(practice: Practice) -> None:
    for path in FILES:
        assert b"PRIVATE" not in ask(practice, path)[2]


def test_the_fingerprint_is_the_one_that_systems_show() -> None:
    shown = fingerprint(AUTHORITY).replace(" ", "")
    pem = AUTHORITY.public_bytes(serialization.Encoding.PEM).decode()
    assert bytes.fromhex(shown) == hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest()


def test_the_greeting_says_where_new_devices_go_and_what_they_must_show() -> None:
    said = greeting(Addresses(THERE, HERE), demo=False, authority=AUTHORITY)
    assert THERE in said
    assert HERE in said
    assert " ".join(said.split()).count(fingerprint(AUTHORITY)) == 1
    assert "█" in said
    assert "SECURE" not in said


def test_the_greeting_warns_of_plain_http_and_of_an_open_disk() -> None:
    assert "SECURE" not in greeting(Addresses("http://localhost:8000/"), demo=False)
    assert "plain HTTP" in greeting(Addresses("http://192.168.1.20:8000/", exposed=True), demo=False)
    assert "who takes it" in greeting(Addresses(THERE), demo=False, warnings=["It is open: who takes it can read it."])
