"""Builds: the front ends that the office's nodes have served, kept in the folder that they share.

While one node after the other is replaced, a page of one build asks whichever node is next for its files, and a
service worker is made of many. Any node serves any build whole, its own from memory and the others from here.
"""

import asyncio
import io
import re
import threading
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from litestar import Request, Response, get
from litestar.params import FromPath

from backend.assets import Asset, Assets, asset
from backend.errors import Missing
from backend.manifest import HEADERS
from backend.nodes import builds_served
from backend.serving import office_of
from backend.writing import write_whole

FOREVER = "public, max-age=31536000, immutable"
# Workers whose own policy lets them run WASM; no page and no other script may.
WITH_WASM = {"scripts/argon2.js", "scripts/decode.js"}
NAME = re.compile(r"[0-9a-f]{16}")
# Of an upgrade there are two; the others are for pages that stay open for weeks.
MOST_KEPT = 5


class Builds:
    """The builds in `folder`, one file each, and the one of this process."""

    def __init__(self, folder: Path, own: Assets) -> None:
        self.folder, self.own = folder, own
        self._read, self._reading = lru_cache(maxsize=2)(read_build), threading.Lock()

    def keep(self) -> None:
        """Write this process's build for the other nodes, and drop what is older than the last few."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._path(self.own.build).exists():
            write_whole(self._path(self.own.build), packed(self.own))
        others = [build for build in self.in_order() if build != self.own.build]
        for build in others[: 1 - MOST_KEPT]:
            self._path(build).unlink(missing_ok=True)

    def files(self, build: str) -> Mapping[str, Asset]:
        """Every file of another process's build, by its path; none of one that is not known here."""
        if NAME.fullmatch(build) is None or not self._path(build).exists():
            return {}
        # A page asks for all of them at once, and packing them takes a while: the others wait for the first.
        with self._reading:
            return self._read(self._path(build))

    def in_order(self) -> list[str]:
        """The builds that are kept, the one that was first served longest ago first."""
        kept = [path for path in self.folder.glob("*.zip") if NAME.fullmatch(path.stem)]
        return [path.stem for path in sorted(kept, key=lambda path: (path.stat().st_mtime_ns, path.stem))]

    def for_devices(self, served: Iterable[str]) -> str:
        """The build that devices shall have: the oldest one served, so that whichever node hears them knows it all."""
        wanted = {self.own.build, *served}
        return next((build for build in self.in_order() if build in wanted), self.own.build)

    def _path(self, build: str) -> Path:
        return self.folder / f"{build}.zip"


def packed(assets: Assets) -> bytes:
    """All files of a build in one."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, one in assets.files.items():
            archive.writestr(path, one.body)
    return whole.getvalue()


def read_build(path: Path) -> Mapping[str, Asset]:
    """The files of a build that was kept."""
    with zipfile.ZipFile(path) as archive:
        return {name: asset(name, archive.read(name)) for name in archive.namelist()}


def builds_of(request: Request) -> Builds:
    """The builds that this process can serve."""
    builds: Builds = request.app.state.builds
    return builds


@get("/w/{build:str}/{path:path}")
async def show_asset(request: Request, build: FromPath[str], path: FromPath[str]) -> Response[bytes]:
    """A file of a build, and never of another in its stead: a half-updated page must fail, not mix."""
    builds, name = builds_of(request), path.lstrip("/")
    # What lies in memory needs no thread; another node's build is read once.
    files = builds.own.files if build == builds.own.build else await asyncio.to_thread(builds.files, build)
    if name not in files:
        raise Missing("There is no such file.")
    found = files[name]
    # A worker's own policy is the one sent with its script.
    headers = {name: value for name, value in HEADERS.items() if name != "Cache-Control"}
    headers |= {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if name in WITH_WASM:
        policy = headers["Content-Security-Policy"]
        headers["Content-Security-Policy"] = policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)


@get("/worker.js", sync_to_thread=True)
def show_worker(request: Request) -> Response[bytes]:
    """The service worker's one line: it imports everything of one build, so an update is atomic."""
    with office_of(request).database.read() as session:
        served = builds_served(session)
    line = f'import "/w/{builds_of(request).for_devices(served)}/worker/main.js";\n'
    headers = {**HEADERS, "Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return Response(line.encode(), headers=headers, media_type="text/javascript")
