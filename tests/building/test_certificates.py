"""The office's own authority and what it signs: names, lifetimes, limits, renewal, and files for one pair of eyes."""

import ipaddress
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from backend.addresses import is_name, names_of_machine, told_by_linux
from backend.certificates import (
    Pair,
    make_authority,
    make_server,
    names_of,
    read_pair,
    serving_with,
    write_pair,
)
from backend.settings import Settings
from backend.validity import certificate_until, certificate_warning

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
OWN = ["localhost", "127.0.0.1", "desk", "desk.local", "192.168.1.20", "fd00::20"]


def verify(authority: Pair, server: Pair, name: str, now: datetime = NOW) -> None:
    try:
        subject: x509.DNSName | x509.IPAddress = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        subject = x509.DNSName(name)
    store = Store([authority.certificate])
    PolicyBuilder().store(store).time(now.replace(tzinfo=None)).build_server_verifier(subject).verify(
        server.certificate, []
    )


def open_tls(folder: Path, own: list[str] = OWN, given: list[str] = [], now: datetime = NOW) -> tuple[Pair, Pair]:  # noqa: B006
    certificate, _, authority = serving_with(Settings(data=folder), own, given, now)
    assert authority is not None
    return authority, read_pair(certificate)


@pytest.mark.parametrize("name", [*OWN, "office.example.org"])
def test_the_chain_verifies_for_every_name_and_address(tmp_path: Path, name: str) -> None:
    authority, server = open_tls(tmp_path, given=["office.example.org"])
    verify(authority, server, name)
    with pytest.raises(VerificationError):
        verify(authority, server, "elsewhere.example.org")
    with pytest.raises(VerificationError):
        verify(make_authority(OWN, NOW), server, name)


def test_a_server_has_about_a_year_and_the_authority_ten(tmp_path: Path) -> None:
    authority, server = open_tls(tmp_path)
    assert server.certificate.not_valid_after_utc - server.certificate.not_valid_before_utc <= timedelta(days=397)
    assert authority.certificate.not_valid_after_utc > NOW + timedelta(days=3640)
    verify(authority, server, "localhost", NOW + timedelta(days=390))
    with pytest.raises(VerificationError):
        verify(authority, server, "localhost", NOW + timedelta(days=398))


def test_a_stolen_authority_is_worth_nothing_outside_of_the_office(tmp_path: Path) -> None:
    authority, _ = open_tls(tmp_path)
    for name in ("bank.example", "203.0.113.5"):
        forged = make_server(authority, [name], NOW)
        with pytest.raises(VerificationError):
            verify(authority, forged, name)


def test_started_again_it_shows_the_same_certificate(tmp_path: Path) -> None:
    first, again = open_tls(tmp_path), open_tls(tmp_path, now=NOW + timedelta(days=300))
    assert [pair.certificate for pair in first] == [pair.certificate for pair in again]


def test_a_certificate_that_ends_within_a_month_is_made_again_by_the_same_authority(tmp_path: Path) -> None:
    authority, server = open_tls(tmp_path)
    later = NOW + timedelta(days=370)
    same, renewed = open_tls(tmp_path, now=later)
    assert same.certificate == authority.certificate
    assert renewed.certificate != server.certificate
    verify(authority, renewed, "desk.local", later + timedelta(days=390))


def test_a_new_address_is_taken_in_and_one_that_left_changes_nothing(tmp_path: Path) -> None:
    _, server = open_tls(tmp_path)
    authority, moved = open_tls(tmp_path, own=[*OWN, "10.0.0.7"])
    verify(authority, moved, "10.0.0.7")
    assert moved.certificate != server.certificate
    _, back = open_tls(tmp_path)
    assert back.certificate == moved.certificate


def test_an_address_that_the_authority_cannot_speak_for_is_left_out_and_a_name_is_refused(tmp_path: Path) -> None:
    open_tls(tmp_path)
    _, server = open_tls(tmp_path, own=[*OWN, "203.0.113.5"])
    assert "203.0.113.5" not in names_of(server.certificate)
    with pytest.raises(SystemExit, match=r"without the name office\.example\.org"):
        open_tls(tmp_path, given=["office.example.org"])


def test_after_its_authority_was_made_anew_so_is_the_certificate(tmp_path: Path) -> None:
    _, server = open_tls(tmp_path)
    (tmp_path / "tls/authority.pem").unlink()
    authority, renewed = open_tls(tmp_path)
    assert renewed.certificate != server.certificate
    verify(authority, renewed, "localhost")


def test_an_authority_near_its_end_stops_the_start_with_what_to_do(tmp_path: Path) -> None:
    open_tls(tmp_path)
    with pytest.raises(SystemExit, match="let every device trust the new authority"):
        open_tls(tmp_path, now=NOW + timedelta(days=3300))


def test_keys_are_for_the_servers_account_only(tmp_path: Path) -> None:
    open_tls(tmp_path)
    for name in ("authority.pem", "server.pem"):
        assert stat.S_IMODE((tmp_path / "tls" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


def test_a_damaged_file_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    open_tls(tmp_path)
    (tmp_path / "tls/server.pem").write_text("nothing")
    with pytest.raises(SystemExit, match="cannot be read"):
        open_tls(tmp_path)


def test_a_given_certificate_is_used_as_it_is_and_no_authority_made(tmp_path: Path) -> None:
    authority = make_authority(["office.example.org"], NOW)
    pair = make_server(authority, ["office.example.org"], NOW)
    write_pair(tmp_path / "both.pem", pair)
    settings = Settings(data=tmp_path, certificate=str(tmp_path / "both.pem"))
    assert serving_with(settings, OWN, [], NOW) == (tmp_path / "both.pem", tmp_path / "both.pem", None)
    assert not (tmp_path / "tls").exists()
    assert certificate_until(settings) == "2027-12-24T13:30:00.000Z"
    assert certificate_warning(settings, NOW + timedelta(days=380)) is None
    assert "ends on 2027-12-24" in str(certificate_warning(settings, NOW + timedelta(days=390)))
    assert "ended on 2027-12-24" in str(certificate_warning(settings, NOW + timedelta(days=400)))
    assert serving_with(settings, OWN, [], NOW + timedelta(days=400)), "devices name it; a dead server they cannot"


def test_a_given_file_that_is_no_certificate_stops_the_start(tmp_path: Path) -> None:
    key = make_authority([], NOW).key
    private = serialization.PrivateFormat.PKCS8
    text = key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(text)
    for name in ("key.pem", "missing.pem"):
        with pytest.raises(SystemExit, match="not a certificate"):
            serving_with(Settings(data=tmp_path, certificate=str(tmp_path / name)), OWN, [], NOW)


def test_plain_http_has_no_end() -> None:
    assert certificate_until(Settings()) is None
    assert certificate_warning(Settings(), NOW) is None


def test_the_machine_knows_itself_as_localhost_and_by_the_names_given() -> None:
    names = names_of_machine(["Office.Example.org", "not a name"])
    assert {"localhost", "127.0.0.1", "::1", "office.example.org"} <= set(names)
    assert all(map(is_name, names))
    assert not any(name.startswith("fe80:") for name in names)


def test_linux_lists_every_address_of_its_cards(tmp_path: Path) -> None:
    (tmp_path / "fib_trie").write_text(
        "Main:\n  +-- 192.168.1.0/24 2 0 2\n     |-- 192.168.1.20\n        /32 host LOCAL\n"
        "     |-- 192.168.1.255\n        /32 link BROADCAST\n"
    )
    (tmp_path / "if_inet6").write_text("fd000000000000000000000000000020 02 40 00 00 eth0\n")
    assert list(told_by_linux(tmp_path)) == ["192.168.1.20", "fd00::20"]
