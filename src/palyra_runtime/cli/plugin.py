"""``palyra plugin``: where each of its commands is."""

from __future__ import annotations

from palyra_runtime.cli.command import lazy_group

PLUGIN = lazy_group(
    "plugin",
    "Give modules of skills names, for hooks and for runs as a tool.",
    {
        "bind": "palyra_runtime.cli.plugin_binding:bind",
        "list": "palyra_runtime.cli.plugin_binding:list_plugins",
        "run": "palyra_runtime.cli.plugin_binding:run",
        "rebind": "palyra_runtime.cli.plugin_standing:rebind",
        "enable": "palyra_runtime.cli.plugin_standing:enable",
        "disable": "palyra_runtime.cli.plugin_standing:disable",
        "unbind": "palyra_runtime.cli.plugin_standing:unbind",
        "import": "palyra_runtime.cli.plugin_file:import_plugins",
        "export": "palyra_runtime.cli.plugin_file:export_plugins",
        "grants": "palyra_runtime.cli.plugin_grants:GRANTS",
        "config": "palyra_runtime.cli.plugin_config:CONFIG",
        "storage": "palyra_runtime.cli.plugin_storage:STORAGE",
    },
    plural="plugins",
)
