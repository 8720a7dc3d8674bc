"""Documents in the form of Google's A2UI, version 0.9, for everybody who can show that."""

from palyra_events.a2ui.google.action import SUBMIT_EVENT, ActionRefused, Submission, values_of
from palyra_events.a2ui.google.changes import changes, deletion
from palyra_events.a2ui.google.view import BASIC_CATALOG, MEDIA_TYPE, VERSION, messages

__all__ = [
    "BASIC_CATALOG",
    "MEDIA_TYPE",
    "SUBMIT_EVENT",
    "VERSION",
    "ActionRefused",
    "Submission",
    "changes",
    "deletion",
    "messages",
    "values_of",
]
