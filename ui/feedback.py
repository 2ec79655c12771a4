"""Feedback: whether replies helped, one JSON line each in a file, without texts."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from ui.api_models import Feedback

__all__ = ["FeedbackFile"]


class FeedbackFile:
    """A file that only grows, and that its owner alone may read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, feedback: Feedback) -> None:
        """Appends one line.

        Raises:
            OSError: if it can't be written.
        """
        record = {"at": datetime.now(UTC).isoformat(timespec="seconds")} | feedback.model_dump()
        line = (json.dumps(record) + "\n").encode()
        with self._lock:
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, line)
            finally:
                os.close(file)
