"""Structured logs: one JSON line per event, UTC, with the request's id and without what lets somebody in."""

import logging
import re
from typing import Any

import structlog

SECRET = re.compile(r"[\w-]{38,}", re.ASCII)
SHOWN = 4


def without_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Tokens stand in addresses of calendars and links of mails: whatever is as long as one keeps its start alone."""
    return {name: SECRET.sub(_start, value) if isinstance(value, str) else value for name, value in event.items()}


def _start(found: re.Match[str]) -> str:
    return f"{found[0][:SHOWN]}…"


def formatter() -> logging.Formatter:
    """The formatter named in LOGGING: whatever a record holds becomes one JSON line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.format_exc_info,
            without_secrets,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
