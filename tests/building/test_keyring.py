"""What is sealed opens only with the office's own secrets, for the same purpose and thing; old secrets still open."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from backend.keyring import Keyring, Unsealable, fresh_secret, open_keyring, write_ring
from backend.settings import Settings
from tests.tablets import envelope

OLD, NEW = b"o" * 32, b"n" * 32


def test_what_is_kept_opens_again_for_its_own_purpose_and_thing_only() -> None:
    ring = Keyring([OLD])
    sealed = ring.seal("share", b"a secret", "tablet 1")
    assert ring.open("share", sealed, "tablet 1") == b"a secret"
    assert b"a secret" not in sealed
    for purpose, bound in (("totp", "tablet 1"), ("share", "tablet 2")):
        with pytest.raises(Unsealable):
            ring.open(purpose, sealed, bound)
    for damaged in (b"", sealed[:10], sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"x" * len(sealed)):
        with pytest.raises(Unsealable):
            ring.open("share", damaged, "tablet 1")


def test_after_a_rotation_old_things_still_open_and_new_ones_are_under_the_new_secret() -> None:
    old = Keyring([OLD])
    sealed, handed_in = old.seal("share", b"a secret"), envelope(old, "command", b"an arrival")
    ring = Keyring([OLD, NEW])
    assert ring.open("share", sealed) == b"a secret"
    assert ring.unseal("command", handed_in) == b"an arrival"
    assert not ring.is_current(sealed)
    assert ring.is_current(ring.seal("share", b"a secret"))
    assert ring.office_key.id != old.office_key.id
    with pytest.raises(Unsealable):
        Keyring([NEW]).open("share", sealed)


def test_an_envelope_opens_for_its_own_kind_and_not_once_it_was_changed() -> None:
    ring = Keyring([OLD])
    sealed = envelope(ring, "command", b"an arrival")
    assert ring.unseal("command", sealed) == b"an arrival"
    with pytest.raises(Unsealable):
        ring.unseal("access", sealed)
    for at in (0, 1, 9, 20, 80, len(sealed) - 1):
        with pytest.raises(Unsealable):
            ring.unseal("command", sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
    for short in (b"", b"\x01", sealed[:40], sealed[:86]):
        with pytest.raises(Unsealable):
            ring.unseal("command", short)


def test_the_first_start_makes_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")
    ring = open_keyring(settings)
    assert stat.S_IMODE(settings.key_path.stat().st_mode) == 0o600
    assert open_keyring(settings).current == ring.current
    write_ring(settings.key_path, [*ring.secrets.values(), fresh_secret()])
    rotated = open_keyring(settings)
    assert next(iter(rotated.secrets)) == ring.current
    assert rotated.current != ring.current


def test_a_secret_may_be_given_instead_of_a_file(tmp_path: Path) -> None:
    given = " ".join(base64.b64encode(secret).decode() for secret in (OLD, NEW))
    ring = open_keyring(Settings(data=tmp_path, key=given))
    assert list(ring.secrets.values()) == [OLD, NEW]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", '{"secrets": []}', '{"secrets": ["short"]}', '{"other": []}'])
def test_a_key_file_that_is_none_stops_the_start_with_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "daysheet.key"
    path.write_text(text)
    with pytest.raises(SystemExit, match=r"key"):
        open_keyring(Settings(data=tmp_path))


def test_nodes_that_start_together_in_a_new_folder_have_one_secret(tmp_path: Path) -> None:
    settings, together = Settings(data=tmp_path), Barrier(8)

    def start(_: int) -> bytes:
        together.wait()
        return open_keyring(settings).office_key.id

    with ThreadPoolExecutor(8) as nodes:
        assert len(set(nodes.map(start, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [settings.key_path.name]
