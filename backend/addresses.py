"""Addresses: by which names and numbers other devices of the office reach this machine."""

import ipaddress
import re
import socket
from collections.abc import Iterator
from pathlib import Path

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
# Routed nowhere (RFC 5737, RFC 3849): asking the way there sends nothing, and tells our own address.
ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def names_of_machine(given: list[str]) -> list[str]:
    """Every name and address for a certificate: this machine's own, then those that were given."""
    host = socket.gethostname().lower()
    short = host.partition(".")[0]
    names = ["localhost", "127.0.0.1", "::1", short, f"{short}.local", host, *sorted(lan_addresses()), *given]
    return list(dict.fromkeys(name.lower() for name in names if is_name(name.lower())))


def is_name(name: str) -> bool:
    """Whether it can stand in a certificate: a host name in letters, digits and hyphens, or an address."""
    return bool(HOST_NAME.fullmatch(name)) or is_address(name)


def is_address(name: str) -> bool:
    """Whether it is a number rather than a name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def lan_addresses() -> set[str]:
    """The addresses of this machine on its networks; none that only this machine can reach."""
    found = set(map(ipaddress.ip_address, [*told_by_linux(), *told_by_routes(), *told_by_name()]))
    return {str(one) for one in found if not (one.is_loopback or one.is_link_local or one.is_unspecified)}


def first_address() -> str | None:
    """The IPv4 address towards the network, for people to type; else any."""
    towards = [address for address in told_by_routes() if not ipaddress.ip_address(address).is_loopback]
    return next(iter([*towards, *sorted(lan_addresses(), key=len)]), None)


def told_by_linux(proc: Path = Path("/proc/net")) -> Iterator[str]:
    """Every local address as the kernel lists them."""
    try:
        lines = (proc / "fib_trie").read_text().splitlines()
        before = ""
        for line in lines:
            if line.strip() == "/32 host LOCAL":
                yield before.rpartition(" ")[2]
            before = line
        for line in (proc / "if_inet6").read_text().splitlines():
            yield str(ipaddress.IPv6Address(int(line.split()[0], 16)))
    except OSError:
        return


def told_by_routes() -> Iterator[str]:
    """The address from which this machine would speak to others."""
    for family, address in ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asking:
                asking.connect((address, 9))
                yield str(asking.getsockname()[0])
        except OSError:
            continue


def told_by_name() -> Iterator[str]:
    """What this machine's own name stands for."""
    try:
        for *_, where in socket.getaddrinfo(socket.gethostname(), None):
            yield str(where[0]).partition("%")[0]
    except OSError:
        return
