"""An office that speaks TLS itself, and a browser that trusts an authority of a test's choosing."""

import ctypes
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from backend.certificates import Pair, write_pair
from tests.browser.office import OfficeServer

NSS = "libnss3.so"
# What `certutil -A -t C,, -n office` does, by the library that Chromium on Linux loads anyway; so nothing is installed.
# In a process of its own, because NSS can be started once only. CERTDB_VALID_CA | CERTDB_TRUSTED_CA (certdb.h).
TRUST = """
import ctypes, sys
nss = ctypes.CDLL("libnss3.so")
class Item(ctypes.Structure): _fields_ = [("type", ctypes.c_int), ("data", ctypes.c_char_p), ("len", ctypes.c_uint)]
class Trust(ctypes.Structure): _fields_ = [("ssl", ctypes.c_uint), ("email", ctypes.c_uint), ("objects", ctypes.c_uint)]
folder, der = sys.argv[1], open(sys.argv[2], "rb").read()
for name in ("PK11_GetInternalKeySlot", "CERT_NewTempCertificate", "CERT_GetDefaultCertDB"):
    getattr(nss, name).restype = ctypes.c_void_p
assert nss.NSS_Initialize(("sql:" + folder).encode(), b"", b"", b"secmod.db", ctypes.c_uint32(0)) == 0
slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
if nss.PK11_NeedUserInit(slot):
    assert nss.PK11_InitPin(slot, None, b"") == 0
known = ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
made = nss.CERT_NewTempCertificate(known, ctypes.byref(Item(0, der, len(der))), None, 0, 1)
certificate = ctypes.c_void_p(made)
assert made and nss.PK11_ImportCert(slot, certificate, ctypes.c_ulong(0), b"office", 0) == 0
assert nss.CERT_ChangeCertTrust(known, certificate, ctypes.byref(Trust(0x8 | 0x10, 0, 0))) == 0
nss.NSS_Shutdown()
"""


def can_trust() -> bool:
    """Whether a test may tell the browser here whom to trust without touching what the machine's owner trusts."""
    try:
        ctypes.CDLL(NSS)
    except OSError:
        return False
    return True


def trust(home: Path, authority: Pair) -> dict[str, str]:
    """A home whose Chromium trusts the authority; returns the environment to start it in."""
    folder = home / ".pki/nssdb"
    folder.mkdir(parents=True)
    (home / "authority.der").write_bytes(authority.certificate.public_bytes(serialization.Encoding.DER))
    subprocess.run([sys.executable, "-c", TRUST, str(folder), str(home / "authority.der")], check=True)
    return {**os.environ, "HOME": str(home)}


class LanServer(OfficeServer):
    """The office over HTTPS, with the certificate that a test puts into its folder."""

    def __init__(self, prepared: Path, folder: Path, *options: str) -> None:
        super().__init__(prepared, folder, *options)
        self.url = f"https://localhost:{self.port}"

    def show(self, pair: Pair) -> None:
        """Start again with this certificate."""
        self.stop()
        write_pair(self.folder / "given.pem", pair)
        self.settings = {"DAYSHEET_CERTIFICATE": str(self.folder / "given.pem")}
        self.start()

    def answers(self) -> bool:
        """Whatever it shows: a test may want it to be wrong."""
        blind = ssl.create_default_context()
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5, context=blind):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
