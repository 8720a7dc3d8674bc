"""``palyra outbox``: where each of its commands is."""

from __future__ import annotations

from palyra_runtime.cli.command import lazy_group

OUTBOX = lazy_group(
    "outbox",
    "See the messages of plugins on their way out, and change their course.",
    {
        "list": "palyra_runtime.cli.outbox_list:list_messages",
        "show": "palyra_runtime.cli.outbox_list:show",
        "retry": "palyra_runtime.cli.outbox_course:retry",
        "discard": "palyra_runtime.cli.outbox_course:discard",
    },
)
