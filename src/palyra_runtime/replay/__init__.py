"""Replay: derives anew what the log implies, and runs again what ran, with no effect on the world."""

from palyra_runtime.replay.explanation import Explainer, Explanation
from palyra_runtime.replay.finding import Aspect, Difference, Finding
from palyra_runtime.replay.material import NotComparable
from palyra_runtime.replay.reading import Stretch
from palyra_runtime.replay.recorded import RecordedRun, RunKind, Selection
from palyra_runtime.replay.replayer import Replayer
from palyra_runtime.replay.report import NotCompared, ReplayReport
from palyra_runtime.replay.trial import (
    AmbiguousTrial,
    NothingToTry,
    Trial,
    TrialReport,
    TrialVerdict,
    Tried,
)

__all__ = [
    "AmbiguousTrial",
    "Aspect",
    "Difference",
    "Explainer",
    "Explanation",
    "Finding",
    "NotComparable",
    "NotCompared",
    "NothingToTry",
    "RecordedRun",
    "ReplayReport",
    "Replayer",
    "RunKind",
    "Selection",
    "Stretch",
    "Trial",
    "TrialReport",
    "TrialVerdict",
    "Tried",
]
