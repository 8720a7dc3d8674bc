"""``palyra gateway``: the process that carries out what hooks asked for."""

from __future__ import annotations

from palyra_runtime.cli.command import lazy_group

GATEWAY = lazy_group(
    "gateway",
    "Run the gateway, and see what gateways do.",
    {
        "run": "palyra_runtime.cli.gateway_run:run",
        "login": "palyra_runtime.cli.gateway_login:login",
        "openapi": "palyra_runtime.cli.gateway_openapi:openapi",
        "status": "palyra_runtime.cli.gateway_status:status",
    },
)
