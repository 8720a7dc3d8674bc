"""``palyra projection``: the views of the log, where they stand, and their upkeep."""

from __future__ import annotations

from palyra_runtime.cli.command import group
from palyra_runtime.cli.projection_build import drop, rebuild, rollback
from palyra_runtime.cli.projection_check import diff, query, verify
from palyra_runtime.cli.projection_dead import DEAD
from palyra_runtime.cli.projection_status import list_views, pause, resume, show, status, wait

PROJECTION = group(
    "projection",
    "See where the views of the log stand, check them, and build them anew.",
    [
        list_views,
        status,
        show,
        wait,
        pause,
        resume,
        rebuild,
        verify,
        diff,
        rollback,
        query,
        DEAD,
        drop,
    ],
    plural="projections",
)
