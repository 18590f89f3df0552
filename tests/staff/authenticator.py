"""A security key in software: it makes passkeys and signs with them, truly or in every way that must be noticed."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://testserver.local"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    """Base64 as WebAuthn spells it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One key of one person; `count` rises with each use unless a test sets it back."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(32))
    handle: str = ""
    count: int = 0

    def make(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED, **wrong: Any) -> dict[str, Any]:
        """What `navigator.credentials.create` gives; attestation "none"."""
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(cose)
        said = self._said(wrong.get("rp", options["rp"]["id"]), flags | ATTESTED) + attested
        told = self._told("webauthn.create", options, wrong)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said})
        return self._credential({"clientDataJSON": text(told), "attestationObject": text(attestation)})

    def sign(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED, **wrong: Any) -> dict[str, Any]:
        """What `navigator.credentials.get` gives."""
        self.count = wrong.get("count", self.count + 1)
        said = self._said(wrong.get("rp", options["rpId"]), flags)
        told = self._told("webauthn.get", options, wrong)
        signature = wrong.get("signed_with", self.key).sign(
            said + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256())
        )
        response = {"clientDataJSON": text(told), "authenticatorData": text(said), "signature": text(signature)}
        return self._credential({**response, "userHandle": wrong.get("handle", self.handle)})

    def _said(self, rp: str, flags: int) -> bytes:
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _told(self, type: str, options: dict[str, Any], wrong: dict[str, Any]) -> bytes:
        told = {"type": wrong.get("type", type), "challenge": wrong.get("challenge", options["challenge"])}
        return json.dumps({**told, "origin": wrong.get("origin", ORIGIN), **wrong.get("told", {})}).encode()

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
