"""One line per request and per command: ids and durations, never patient data."""

import logging
import sys
from typing import Any

import structlog

# The only keys a line may carry. A value under any other key is dropped, so that a careless
# `log.info("x", patient=row)` cannot put a name into a file that is kept for years.
ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "method",
        "route",
        "status",
        "ms",
        "outcome",
        "code",
        "command",
        "command_id",
        "device",
        "replica",
        "actor",
        "n",
        "error",
        "error_id",
        "where",
        "job",
        "port",
        "count",
        "version",
        "seconds",
        "bytes",
    ]
)


def drop_unknown_keys(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Keep what is known to be free of patient data."""
    return {key: value for key, value in entry.items() if key in ALLOWED}


def set_up(level: str = "INFO", stream: Any = None) -> None:
    """Write JSON lines to `stream` (standard error unless told)."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_unknown_keys,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


log = structlog.get_logger()


def where(error: BaseException) -> str:
    """The chain of file:line of an error, without its message: messages quote values, and values are patients'."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-6:])
