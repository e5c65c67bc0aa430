"""Structured logs of ids and verbs. A processor drops every field that could carry a person's data."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

ALLOWED_FIELDS = frozenset(
    [
        "event",
        "level",
        "logger",
        "timestamp",
        "request_id",
        "user_id",
        "code",
        "request_id",
        "parent_task_id",
        "task_id",
        "task",
        "count",
        "deadline",
        "notice",
        "message",
        "meeting",
        "case_file",
        "seconds",
        "state",
        "stage",
        "name",
        "exc_type",
        "rule",
        "verb",
    ]
)


def keep_known_fields(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Default deny for log fields: what is not listed does not leave the process."""
    kept = {key: value for key, value in event.items() if key in ALLOWED_FIELDS or key.startswith("_")}
    exception = event.get("exc_info")
    if exception:
        if exception is True:
            exception = sys.exc_info()
        kind = exception[0] if isinstance(exception, tuple) else type(exception)
        kept["exc_type"] = getattr(kind, "__name__", "Exception")
    return kept


class NameOnlyFormatter(logging.Formatter):
    """Foreign log lines keep their message template and the name of the exception, never arguments or a traceback's values."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        problem = f" {record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        return f"{self.formatTime(record)} {record.levelname} {record.name} {message}{problem}"


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    keep_known_fields,
]

structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        },
        "names": {"()": "cseccase.logs.NameOnlyFormatter"},
    },
    "handlers": {
        "ours": {"class": "logging.StreamHandler", "formatter": "json"},
        "foreign": {"class": "logging.StreamHandler", "formatter": "names"},
    },
    "root": {"handlers": ["foreign"], "level": "WARNING"},
    "loggers": {
        "cseccase": {"handlers": ["ours"], "level": "INFO", "propagate": False},
        "django": {
            "handlers": [],
            "level": "WARNING",
        },  # Django's own would mail what was typed with every error
        "django_structlog": {"handlers": ["ours"], "level": "WARNING", "propagate": False},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}


def logger(name: str) -> Any:
    """The house's logger; give it ids and verbs."""
    return structlog.get_logger(f"cseccase.{name}")
