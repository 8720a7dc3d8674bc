"""``palyra surface``: where each of its commands is."""

from __future__ import annotations

from palyra_runtime.cli.command import lazy_group

SURFACE = lazy_group(
    "surface",
    "See the pages that plugins show, and fill in their forms.",
    {
        "list": "palyra_runtime.cli.surface_list:list_surfaces",
        "show": "palyra_runtime.cli.surface_show:show",
        "history": "palyra_runtime.cli.surface_list:history",
        "problems": "palyra_runtime.cli.surface_list:problems",
        "submit": "palyra_runtime.cli.surface_course:submit",
        "close": "palyra_runtime.cli.surface_course:close",
        "validate": "palyra_runtime.cli.surface_file:validate",
        "convert": "palyra_runtime.cli.surface_file:convert",
    },
    plural="surfaces",
)
