"""The keys of an enrolled device as whoever held the office's database and the open browser could work them out."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_private_key

from backend.devices.models import DeviceSecret, PersonShare
from tests.browser.office import OfficeServer
from tests.browser.tablet import Tablet

SLOTS = """() => new Promise((done, failed) => {
    const opening = indexedDB.open("daysheet");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
        const found = {};
        const reading = opening.result.transaction("slots").objectStore("slots").openCursor();
        reading.onsuccess = () => {
            const at = reading.result;
            if (!at) { opening.result.close(); return done(found); }
            const { salt, iv, data } = at.value;
            if (data) found[at.key] = { salt: [...salt], iv: [...iv], data: [...data] };
            at.continue();
        };
    };
})"""


def keys_of(office: OfficeServer, tablet: Tablet) -> dict[str, bytes]:
    """The shares, the data key and the signing keys of the one device here, by name."""
    with office.read() as session:
        device = session.query(DeviceSecret).one()
        device_id, share = device.device_id, decoded(device.share)
        people = {person.staff_id: decoded(person.share) for person in session.query(PersonShare)}
    slots = tablet.page.evaluate(SLOTS)
    secrets = {"the device's share": share, "the data key": opened(f"{device_id}/server", share, slots)["data"]}
    for staff_id, personal in people.items():
        pkcs8 = opened(f"{device_id}/{staff_id}/share", personal, slots)["signing"]
        key = load_der_private_key(pkcs8, None)
        assert isinstance(key, EllipticCurvePrivateKey)
        secrets[f"the share of {staff_id}"] = personal
        secrets[f"the signing key of {staff_id}"] = key.private_numbers().private_value.to_bytes(32)
    assert {len(secret) for secret in secrets.values()} == {32}
    return secrets


def opened(name: str, secret: bytes, slots: dict[str, Any]) -> dict[str, bytes]:
    """As the worker opens a slot."""
    salt, iv, data = (bytes(slots[name][part]) for part in ("salt", "iv", "data"))
    key = HKDF(SHA256(), 32, salt, f"daysheet slot {name}".encode()).derive(secret)
    return {of: decoded(text) for of, text in json.loads(AESGCM(key).decrypt(iv, data, name.encode())).items()}


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
