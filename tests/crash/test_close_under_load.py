from __future__ import annotations

import subprocess
import sys

#: closes a log, again and again, while six threads read and append
CLOSER = """
import faulthandler, sys, threading
from itertools import count
from uuid import UUID
from palyra_events.errors import DatabaseUnavailable
from palyra_events.store import EventLog, NewEvent

faulthandler.enable()

def work(log, number):
    try:
        for version in count(1):
            log.read(0, 500)
            log.append([NewEvent(UUID(int=number), version, "SkillEnabled@1", b"{}")])
    except DatabaseUnavailable:
        return

for round_number in range(100):
    log = EventLog.open(f"sqlite:///{sys.argv[1]}/{round_number}.db")
    threads = [threading.Thread(target=work, args=(log, number)) for number in range(6)]
    for thread in threads:
        thread.start()
    log.wait(20, 30)
    log.close()
    for thread in threads:
        thread.join()
"""


def test_closing_while_others_read_and_append_ends_nobody(tmp_path):
    """A log that is closed under load refuses what comes then; it does not take the process with it."""
    command = [sys.executable, "-W", "error", "-c", CLOSER, tmp_path]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
