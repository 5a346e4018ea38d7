"""One record, many readers: a renderer is a function from a record to text, one file each."""

from __future__ import annotations

from siteverify.render import json_record
from siteverify.render import junit
from siteverify.render import nagios
from siteverify.render import text

RENDERERS = {
    "text": text.render,
    "json": json_record.render,
    "junit": junit.render,
    "nagios": nagios.render,
}

__all__ = ["RENDERERS"]
