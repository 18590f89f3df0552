"""Assets: every file of the front end under the name of its build, so that an update is all or nothing."""

import gzip
import hashlib
import json
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.house import Room
from backend.manifest import manifest_of, offline_templates
from backend.templates import Templates

SERVED = {".js", ".css", ".svg", ".png", ".webmanifest"}
# The few files of other people's packages that are served; nothing else of node_modules is.
LIBRARIES = {
    "lib/htmx.js": "htmx.org/dist/htmx.min.js",
    "lib/idb.js": "idb/build/index.js",
    "lib/hashes/sha2.js": "@noble/hashes/sha2.js",
    "lib/hashes/_md.js": "@noble/hashes/_md.js",
    "lib/hashes/_u64.js": "@noble/hashes/_u64.js",
    "lib/hashes/utils.js": "@noble/hashes/utils.js",
    "lib/argon2.js": "hash-wasm/dist/argon2.umd.min.js",
    "lib/zxing_reader.js": "zxing-wasm/dist/iife/reader/index.js",
    "lib/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
}
TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".wasm": "application/wasm"}


@dataclass(frozen=True)
class Asset:
    """One served file, packed once at start-up where that helps."""

    body: bytes
    packed: bytes | None
    media_type: str


class Assets:
    """All files by their path under `/w/<build>/`. `build` is the hash of everything in them."""

    def __init__(self, web: Path, rooms: Sequence[Room], templates: Templates) -> None:
        files = {path: source.read_bytes() for path, source in sources(web)}
        files["worker/templates.js"] = templates.javascript(offline_templates(rooms)).encode()
        declared = json.dumps(manifest_of(rooms, "", sorted(files)), sort_keys=True)
        whole = hashlib.sha256(declared.encode())
        for path in sorted(files):
            whole.update(path.encode() + b"\0" + files[path])
        self.build = whole.hexdigest()[:16]
        addresses = [f"/w/{self.build}/{path}" for path in sorted([*files, "worker/manifest.js"])]
        self.manifest = manifest_of(rooms, self.build, addresses)
        text = json.dumps(self.manifest, ensure_ascii=False, separators=(",", ":"))
        files["worker/manifest.js"] = f"export const manifest = {text};\n".encode()
        self.files = {path: asset(path, body) for path, body in files.items()}


def sources(web: Path) -> list[tuple[str, Path]]:
    """The front end's own files, and the libraries that set-up has fetched."""
    own = [
        (path.relative_to(web).as_posix(), path)
        for path in sorted(web.rglob("*"))
        if path.suffix in SERVED and "node_modules" not in path.parts
    ]
    libraries = [(name, web / "node_modules" / source) for name, source in LIBRARIES.items()]
    missing = [source for _, source in libraries if not source.exists()]
    if missing:
        raise SystemExit(f"{missing[0]} is not there. Run ./daysheet setup, which fetches the front-end packages.")
    return own + libraries


def asset(path: str, body: bytes) -> Asset:
    """Text is packed; pictures are already."""
    suffix = Path(path).suffix
    media_type = TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(body, 9) if suffix in (".js", ".css", ".svg", ".webmanifest", ".wasm") else None
    return Asset(body, packed, media_type)
