"""A push service on this machine, and a phone's browser that subscribes to it and opens what it is sent."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.base64url import to_base64url
from backend.ids import new_id


class PushService:
    """Takes messages for its browsers, in the order in which they come; `answers` says how, by path."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, int] = {}

    def browser(self) -> "Subscription":
        """A browser that subscribes here."""
        return Subscription(self, f"/push/{new_id()}")


class Subscription:
    """What one browser was given when it subscribed, and how it reads what it is sent."""

    def __init__(self, service: PushService, path: str) -> None:
        self.service, self.path = service, path
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), b"sixteen-of-bytes"

    @property
    def form(self) -> dict[str, str]:
        """What the page fills into its form."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": to_base64url(point), "auth": to_base64url(self.secret)}
        return {"endpoint": self.service.origin + self.path, **keys}

    @property
    def bodies(self) -> list[bytes]:
        """What came for it, as it came."""
        return [body for path, _, body in self.service.taken if path == self.path]

    @property
    def read(self) -> list[Any]:
        """What came for it, opened."""
        opened = [http_ece.decrypt(one, private_key=self.key, auth_secret=self.secret) for one in self.bodies]
        return [json.loads(one) for one in opened]


@contextmanager
def push_service() -> Iterator[PushService]:
    """It runs until the block is left."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            service.taken.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(service.answers.get(self.path, 201))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *said: Any) -> None:
            """The test's own output stays readable."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    service = PushService(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
