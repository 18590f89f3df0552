"""Everything that a browser holds of the office, opened with the keys that the office's database gives."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.devices.models import DeviceRecord, DeviceSecret
from tests.browser.office import OfficeServer
from tests.browser.secrets_of import SLOTS, decoded, opened
from tests.browser.tablet import Tablet

SEALED = """() => new Promise((done, failed) => {
    const text = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    const opening = indexedDB.open("daysheet");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
        const found = [];
        const names = ["sheets", "blocks", "deltas", "outbox"];
        const tx = opening.result.transaction(names);
        for (const name of names) {
            const reading = tx.objectStore(name).openCursor();
            reading.onsuccess = () => {
                const at = reading.result;
                if (!at) return;
                const { seq = null, v = null, command_id = null, sealed } = at.value;
                const place = { store: name, key: at.key, seq, v, command_id };
                if (sealed) found.push({ ...place, iv: text(sealed.iv), data: text(sealed.data) });
                at.continue();
            };
        }
        tx.oncomplete = () => { opening.result.close(); done(found); };
    };
})"""


def held(office: OfficeServer, tablet: Tablet, name: str) -> dict[str, list[Any]]:
    """What the device of this name keeps, in clear: store -> its records."""
    with office.read() as session:
        device = session.query(DeviceRecord).filter_by(name=name).one()
        secret = session.query(DeviceSecret).filter_by(device_id=device.id).one()
        share, device_id = decoded(secret.share), device.id
    key = AESGCM(opened(f"{device_id}/server", share, tablet.page.evaluate(SLOTS))["data"])
    found: dict[str, list[Any]] = {"sheets": [], "blocks": [], "deltas": [], "outbox": []}
    for record in tablet.page.evaluate(SEALED):
        bound = json.dumps([device_id, record["store"], *place_of(record)], separators=(",", ":")).encode()
        iv, data = (base64.b64decode(record[part]) for part in ("iv", "data"))
        found[record["store"]].append(json.loads(key.decrypt(iv, data, bound)))
    return found


def place_of(record: dict[str, Any]) -> tuple[str, int]:
    """The name and the version to which a record is bound."""
    key = record["key"]
    return {
        "sheets": lambda: (key, record["seq"]),
        "blocks": lambda: (f"{key[0]}/{key[2]}", record["seq"]),
        "deltas": lambda: (f"{key[0]}/{key[1]}", record["seq"]),
        "outbox": lambda: (record["command_id"], record["v"]),
    }[record["store"]]()
