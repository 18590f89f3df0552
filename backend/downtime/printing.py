"""Printing: a page of ours as a PDF, only where the optional package is installed."""

from importlib.util import find_spec

from backend.errors import Missing
from backend.serving import Office

NOT_HERE = "This office’s server makes no PDF files. Print the page from the browser; it can also save it as a PDF."


def can_print() -> bool:
    """Whether the package of the extra `pdf` is here; it needs Pango, which the operating system brings."""
    return find_spec("weasyprint") is not None


def as_pdf(html: str, office: Office) -> bytes:
    """The page with the sheet of styles for paper. Nothing is fetched for it, from nowhere."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise Missing(NOT_HERE) from error
    styles = (office.settings.web / "downtime" / "paper.css").read_text()
    written = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf(
        stylesheets=[CSS(string=styles)]
    )
    assert isinstance(written, bytes)
    return written
