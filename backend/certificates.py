"""Certificates: the one that this server shows, given in the settings or made by an authority of the office's own.

Both are kept in `data/tls`, each in one file with its key, so that a key never stands beside another's certificate.
"""

import datetime
import ipaddress
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend.settings import Settings
from backend.validity import read_given
from backend.writing import write_whole

AUTHORITY_DAYS = 3650
# Apple's longest for a server, also under an authority that a person installed: 825; under a public one: 398.
SERVER_DAYS = 397
RENEWED_WITHIN = datetime.timedelta(days=30)
# What the authority can speak for at all: if its key is ever stolen, it is worth nothing outside of the office.
LOCAL_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
LOCAL_NETWORKS = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128")
LOCAL_NETWORKS_6 = ("fc00::/7", "fe80::/10")
# A device's clock may be some minutes behind, and would call a certificate of this moment not valid yet.
SLACK = datetime.timedelta(days=1)
Key = ec.EllipticCurvePrivateKey


class Pair(NamedTuple):
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: Key


def serving_with(
    settings: Settings, own: Sequence[str], given: Sequence[str], now: datetime.datetime
) -> tuple[Path, Path, Pair | None]:
    """The files of the certificate and its key, and the authority that made it if it was ours.

    `own` are the machine's names and addresses, of which one may be left out; `given` are what somebody asked for.
    """
    if settings.certificate:
        certificate, key = settings.certificate_path, settings.certificate_key_path
        read_given(certificate)
        return certificate, key, None
    folder = settings.data / "tls"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = the_authority(folder / "authority.pem", own, given, now)
    # A machine that moved to another public network must still start: its new address is reached by name.
    names = [name for name in dict.fromkeys([*own, *given]) if may_speak_for(authority.certificate, name)]
    server = the_server(folder / "server.pem", authority, names, now)
    return server, server, authority


def the_authority(path: Path, own: Sequence[str], given: Sequence[str], now: datetime.datetime) -> Pair:
    """The office's authority, made when there is none. Never replaced by itself: every device would have to come."""
    if not path.exists():
        write_pair(path, make_authority([*own, *given], now))
    authority = read_pair(path)
    foreign = [name for name in given if not may_speak_for(authority.certificate, name)]
    if foreign:
        raise SystemExit(
            f"The office’s own authority was made without the name {foreign[0]}. Start without it; or delete {path}, "
            "start again, and let every device trust the new authority."
        )
    if authority.certificate.not_valid_after_utc <= now + datetime.timedelta(days=SERVER_DAYS):
        raise SystemExit(
            f"The office’s own authority ends on {authority.certificate.not_valid_after_utc.date()}. Delete {path}, "
            "start again, and let every device trust the new authority."
        )
    return authority


def the_server(path: Path, authority: Pair, names: Iterable[str], now: datetime.datetime) -> Path:
    """The server's file, made again when it ends soon, lacks a name, or was made by another authority."""
    if not path.exists() or is_stale(read_pair(path).certificate, authority.certificate, names, now):
        write_pair(path, make_server(authority, names, now))
    return path


def is_stale(
    certificate: x509.Certificate, authority: x509.Certificate, names: Iterable[str], now: datetime.datetime
) -> bool:
    """Whether a new one is due. A name too many is none: an address comes and goes with every lease."""
    ends_soon = certificate.not_valid_after_utc - now < RENEWED_WITHIN
    try:
        certificate.verify_directly_issued_by(authority)
    except Exception:  # of several unrelated kinds: another name, another kind of key, a wrong signature
        return True
    return ends_soon or not {*names} <= {*names_of(certificate)}


def make_authority(names: Iterable[str], now: datetime.datetime) -> Pair:
    """An authority that can speak for this office's names and for private networks, and for nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Daysheet"),
            # Two authorities of one name would be taken for each other on a device that knows both.
            x509.NameAttribute(NameOID.COMMON_NAME, f"Daysheet of this office {os.urandom(3).hex()}"),
        ]
    )
    made = begin(name, name, key.public_key(), now, AUTHORITY_DAYS)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(key_usage(signs_certificates=True), critical=True)
    permitted = [x509.DNSName(name) for name in LOCAL_NAMES]
    networks = [x509.IPAddress(ipaddress.ip_network(network)) for network in (*LOCAL_NETWORKS, *LOCAL_NETWORKS_6)]
    others = [constraint(name) for name in names if not is_local(name)]
    limits = x509.NameConstraints([*permitted, *networks, *others], None)
    made = made.add_extension(limits, critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return Pair(made.sign(key, hashes.SHA256()), key)


def make_server(
    authority: Pair, names: Iterable[str], now: datetime.datetime, days: int = SERVER_DAYS, key: Key | None = None
) -> Pair:
    """A certificate for these names and addresses, signed by the authority."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Daysheet")])
    made = begin(subject, authority.certificate.subject, key.public_key(), now, days)
    made = made.add_extension(x509.SubjectAlternativeName([alternative(name) for name in names]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(key_usage(signs_certificates=False), critical=True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    known_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    made = made.add_extension(known_by, critical=False)
    return Pair(made.sign(authority.key, hashes.SHA256()), key)


def begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime.datetime, days: int
) -> x509.CertificateBuilder:
    """What every certificate says."""
    until = now - SLACK + datetime.timedelta(days=days)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return made.serial_number(x509.random_serial_number()).not_valid_before(now - SLACK).not_valid_after(until)


def key_usage(signs_certificates: bool) -> x509.KeyUsage:
    """Of an authority, or of a server."""
    never = dict.fromkeys(
        ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"], False
    )
    signs = {"key_cert_sign": signs_certificates, "crl_sign": signs_certificates}
    return x509.KeyUsage(digital_signature=not signs_certificates, decipher_only=False, **never, **signs)


def alternative(name: str) -> x509.GeneralName:
    """A name or an address as a certificate spells it."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def constraint(name: str) -> x509.GeneralName:
    """The same as a limit: an address is a network of one."""
    try:
        return x509.IPAddress(ipaddress.ip_network(name))
    except ValueError:
        return x509.DNSName(name)


def is_local(name: str) -> bool:
    """Whether every authority of ours can speak for it."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return any(name == local or name.endswith(f".{local}") for local in LOCAL_NAMES)
    networks = map(ipaddress.ip_network, (*LOCAL_NETWORKS, *LOCAL_NETWORKS_6))
    return any(address in network for network in networks if network.version == address.version)


def may_speak_for(authority: x509.Certificate, name: str) -> bool:
    """Whether this authority's limits let it speak for the name."""
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    return is_local(name) or constraint(name) in (limits.permitted_subtrees or [])


def names_of(certificate: x509.Certificate) -> list[str]:
    """The names and addresses that a certificate is for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def read_pair(path: Path) -> Pair:
    """What `write_pair` wrote; a file that cannot be read is a sentence at start-up."""
    try:
        text = path.read_bytes()
        key = serialization.load_pem_private_key(text, None)
        certificate = x509.load_pem_x509_certificate(text)
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path} cannot be read. Put it back from a backup, or delete it to have it made.") from error
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Pair(certificate, key)


def write_pair(path: Path, pair: Pair) -> None:
    """The key and its certificate in one file, whole or not at all, for its owner's eyes only."""
    private = serialization.PrivateFormat.PKCS8
    key = pair.key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    write_whole(path, key + pair.certificate.public_bytes(serialization.Encoding.PEM))
