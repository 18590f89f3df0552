"""Who talks to the office in tests: a person at a browser without a worker, and a tablet as the server knows it."""

import base64
import gzip
import os
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.clock import instant
from backend.ids import new_id
from backend.keyring import Keyring

if TYPE_CHECKING:
    from tests.practice import Practice

PASSWORD = "a quiet morning"


class Signer:
    """A person's key on one device."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        info = serialization.PublicFormat.SubjectPublicKeyInfo
        self.spki = base64url(self.key.public_key().public_bytes(serialization.Encoding.DER, info))

    def sign(self, text: bytes) -> str:
        r, s = decode_dss_signature(self.key.sign(text, ec.ECDSA(hashes.SHA256())))
        return base64url(r.to_bytes(32) + s.to_bytes(32))

    def entry(self, command: dict[str, Any]) -> dict[str, Any]:
        """As it goes over the wire: the text that was signed, and its number beside it. One written by hand stays."""
        if "said" in command or "sealed" in command:
            return command
        said = msgspec.json.encode({name: value for name, value in command.items() if name != "n"})
        return {"n": command["n"], "said": said.decode(), "sig": self.sign(b"daysheet command\n" + said)}

    def proof(self, batch: dict[str, Any]) -> str:
        """What the acting person signs to be given rows."""
        named = (batch.get(name) for name in ("request_id", "device_id", "replica_id", "actor"))
        return self.sign("\n".join(["daysheet sync", *map(str, named)]).encode())


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def envelope(ring: Keyring, kind: str, plain: bytes) -> bytes:
    """As a device seals, written from the description alone."""
    ours = ec.generate_private_key(ec.SECP256R1())
    theirs = serialization.load_der_public_key(ring.office_key.public)
    point = ours.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = HKDF(hashes.SHA256(), 32, salt=point, info=f"daysheet hand-in {kind}".encode()).derive(shared)
    nonce = os.urandom(12)
    id = ring.office_key.id
    return b"\x01" + id + point + nonce + AESGCM(secret).encrypt(nonce, plain, id)


class Browser:
    """A person at a browser without a worker: pages and plain forms, or pieces of pages as htmx asks for them."""

    def __init__(self, practice: "Practice") -> None:
        self.practice = practice
        self.cookies: dict[str, str] = {}

    def sign_in(self, who: str, password: str = PASSWORD) -> Any:
        return self.post("/signin", {"username": who, "password": password})

    def get(self, path: str, **headers: str) -> Any:
        return self._send("GET", path, headers=headers)

    def post(self, path: str, form: dict[str, Any] | None = None, partial: bool = False, **headers: str) -> Any:
        if partial:
            headers |= {"hx-request": "true", "hx-request-type": "partial"}
        return self._send("POST", path, data=form or {}, headers=headers)

    def _send(self, method: str, path: str, headers: dict[str, str], **more: Any) -> Any:
        client = self.practice.client
        client.cookies.clear()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"accept": "text/html", "sec-fetch-site": "same-origin", "cookie": cookie, **headers}
        answer = client.request(method, path, headers=sent, follow_redirects=False, **more)
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        return answer


class Tablet(Browser):
    """A device as the server knows it: it hands in batches and keeps what it is sent. No effects, no paint."""

    def __init__(self, practice: "Practice", name: str, who: str, purpose: str) -> None:
        super().__init__(practice)
        self.sign_in("maria")
        answer = self.post("/devices/enrol", {"name": name, "place": "Front desk", "purpose": purpose})
        assert answer.status_code == 200, answer.text
        self.name, self.replica_id, self.n, self.epoch = name, new_id(), 0, None
        self.sheets: dict[str, dict[str, Any]] = {}
        self.cursors: dict[str, str] = {}
        self.signers: dict[str, Signer] = {}
        self.sign_in(who)
        self.unlock()

    def unlock(self) -> Any:
        answer = self._send("POST", "/devices/unlock", {"x-daysheet": "unlock"}, json={"replica_id": self.replica_id})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        self.device_id, self.actor, self.epoch = told["device"]["id"], told["actor"]["id"], told["epoch"]
        if self.actor not in self.signers:
            self.signers[self.actor] = Signer()
            key = {"public_key": self.signer.spki}
            assert self._send("POST", "/devices/key", {"x-daysheet": "unlock"}, json=key).status_code == 200
        return told

    @property
    def signer(self) -> Signer:
        """The key of who acts."""
        return self.signers[self.actor]

    def command(self, command: str, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The next entry of this device's outbox."""
        self.n += 1
        entry = {"n": self.n, "command_id": new_id(), "command": command, "actor": self.actor, "fields": fields}
        return {**entry, "v": self.practice.version_of(command), "made": self.reading(), **more}

    def reading(self) -> dict[str, Any]:
        now = self.practice.clock.now()
        return {"wall": instant(now), "mono": now.timestamp() * 1000, "boot": self.name}

    def send(self, commands: list[dict[str, Any]] = (), packed: bool = False, **changes: Any) -> Any:  # type: ignore[assignment]
        """One request of the sync protocol; the raw answer."""
        body = {
            "proto": 1, "app": "2026.11.0", "request_id": new_id(), "device_id": self.device_id,
            "replica_id": self.replica_id, "epoch": self.epoch, "actor": self.actor, "clock": self.reading(),
            "commands": [self.signers.get(one.get("actor"), self.signer).entry(one) for one in commands],
            "sheets": self.cursors, **changes,
        }  # fmt: skip
        body = {"proof": self.signers.get(body["actor"], self.signer).proof(body), **body}
        content = msgspec.json.encode(body)
        headers = {"x-daysheet": "sync", "content-type": "application/json"}
        if packed:
            content, headers["content-encoding"] = gzip.compress(content), "gzip"
        return self._send("POST", "/sync", headers, content=content)

    def sync(self, commands: list[dict[str, Any]] = (), **changes: Any) -> dict[str, Any]:  # type: ignore[assignment]
        """Hand in, and take over what changed, until there is no more."""
        while True:
            answer = self.send(commands, **changes)
            assert answer.status_code == 200, answer.text
            told = answer.json()
            self.take(told)
            if not told["more"]:
                return told
            commands = []

    def take(self, told: dict[str, Any]) -> None:
        """Keep the rows and the cursors of an answer."""
        for name, page in told["sheets"].items():
            rows = {} if page.get("fresh") else self.sheets.setdefault(name, {})
            self.sheets[name] = rows
            for kind, id, version, body in page["rows"]:
                if body is None:
                    rows.pop((kind, id), None)
                else:
                    rows[kind, id] = (version, body)
            self.cursors[name] = page["cursor"]
        for name in told["drop"]:
            self.sheets.pop(name, None)
            self.cursors.pop(name, None)

    def receipt(self, command: dict[str, Any]) -> dict[str, Any]:
        """What this device was told became of a command."""
        return self.sheets[f"receipts/{self.replica_id}"]["receipt", command["command_id"]][1]

    def row(self, kind: str, id: str) -> dict[str, Any] | None:
        """The row as this device holds it."""
        return next((rows[kind, id][1] for rows in self.sheets.values() if (kind, id) in rows), None)
