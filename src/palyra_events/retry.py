"""When a failed attempt is made again."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

#: milliseconds until the second attempt, before jitter
FIRST_DELAY_MS = 1_000
#: milliseconds; an operator who mended something does not wait longer than this
DELAY_MS_MAX = 3_600_000


def retry_at(failed_at: datetime, delivery_id: str, attempt: int) -> datetime:
    """Return when the attempt after ``attempt``, counted from 1 within its round, is due.

    The delay doubles each time, up to an hour. Half of it is jitter, so that a burst of failures
    does not come back as a burst; the jitter is drawn from the delivery's id and attempt, so that
    replaying the log gives the same times.
    """
    delay_ms = min(FIRST_DELAY_MS * 2 ** (attempt - 1), DELAY_MS_MAX)
    digest = hashlib.sha256(f"{delivery_id}/{attempt}".encode()).digest()
    fraction = int.from_bytes(digest[:4]) / 2**32
    return failed_at + timedelta(milliseconds=delay_ms // 2 + int(delay_ms // 2 * fraction))
