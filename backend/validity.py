"""How long the certificate that this server shows is good for: told to devices, and to whoever starts the server."""

import datetime
from functools import cache
from pathlib import Path

from cryptography import x509

from backend.clock import instant
from backend.settings import Settings

# Public authorities renew by themselves a month ahead; two weeks mean that nobody does.
CERTIFICATE_SOON = datetime.timedelta(days=14)


def read_given(path: Path) -> x509.Certificate:
    """The certificate in a file that the settings name; a sentence at start-up for anything else."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SystemExit(f"DAYSHEET_CERTIFICATE: {path} is not a certificate in PEM that can be read.") from error


def certificate_warning(settings: Settings, now: datetime.datetime) -> str | None:
    """A sentence when the certificate has ended or soon will.

    No reason not to start: devices name what is wrong, and without a server they would only say that they are offline.
    """
    if not settings.certificate:
        return None
    until = read_given(settings.certificate_path).not_valid_after_utc
    if until - now > CERTIFICATE_SOON:
        return None
    ends = "ended" if until <= now else "ends"
    return (
        f"The certificate {settings.certificate_path} {ends} on {until.date()}. Put a new one there, and start again."
    )


@cache
def certificate_until(settings: Settings) -> str | None:
    """The instant at which the certificate that this process shows ends; None where it speaks plain HTTP.

    Read once: the listener took the file at its start, whatever lies there since.
    """
    if not settings.certificate:
        return None
    return instant(read_given(settings.certificate_path).not_valid_after_utc)
