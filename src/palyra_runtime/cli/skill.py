"""``palyra skill``: where each of its commands is."""

from __future__ import annotations

from palyra_runtime.cli.command import lazy_group

SKILL = lazy_group(
    "skill",
    "Install skills, and say which may run.",
    {
        "install": "palyra_runtime.cli.skill_release:install",
        "update": "palyra_runtime.cli.skill_release:update",
        "enable": "palyra_runtime.cli.skill_release:enable",
        "rollback": "palyra_runtime.cli.skill_release:rollback",
        "quarantine": "palyra_runtime.cli.skill_standing:quarantine",
        "disable": "palyra_runtime.cli.skill_standing:disable",
        "remove": "palyra_runtime.cli.skill_standing:remove",
        "reaudit": "palyra_runtime.cli.skill_standing:reaudit",
        "inspect": "palyra_runtime.cli.skill_check:inspect",
        "verify": "palyra_runtime.cli.skill_check:verify",
        "audit": "palyra_runtime.cli.skill_check:audit",
        "sbom": "palyra_runtime.cli.skill_check:sbom",
        "provenance": "palyra_runtime.cli.skill_check:provenance",
        "list": "palyra_runtime.cli.skill_list:list_skills",
        "show": "palyra_runtime.cli.skill_list:show",
        "history": "palyra_runtime.cli.skill_list:history",
        "diff": "palyra_runtime.cli.skill_list:diff",
        "new": "palyra_runtime.cli.skill_project:new",
        "build": "palyra_runtime.cli.skill_project:build",
        "test": "palyra_runtime.cli.skill_rehearsal:test",
        "bench": "palyra_runtime.cli.skill_rehearsal:bench",
        "pack": "palyra_runtime.cli.skill_project:pack",
    },
    plural="skills",
)
