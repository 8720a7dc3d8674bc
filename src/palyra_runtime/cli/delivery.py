"""``palyra delivery``: where each of its commands is."""

from __future__ import annotations

from palyra_runtime.cli.command import lazy_group

DELIVERY = lazy_group(
    "delivery",
    "Carry out what hooks asked for, see how it went, and change its course.",
    {
        "drain": "palyra_runtime.cli.delivery_drain:drain",
        "list": "palyra_runtime.cli.delivery_list:list_deliveries",
        "show": "palyra_runtime.cli.delivery_show:show",
        "attempts": "palyra_runtime.cli.delivery_attempts:attempts",
        "stats": "palyra_runtime.cli.delivery_stats:stats",
        "tail": "palyra_runtime.cli.delivery_tail:tail",
        "redeliver": "palyra_runtime.cli.delivery_course:redeliver",
        "retry": "palyra_runtime.cli.delivery_course:retry",
        "recover": "palyra_runtime.cli.delivery_course:recover",
        "cancel": "palyra_runtime.cli.delivery_course:cancel",
        "discard": "palyra_runtime.cli.delivery_course:discard",
    },
    plural="deliveries",
)
