"""The gateway: schedules, carries out, sends and folds for as long as it runs."""

from palyra_runtime.gateway.bystander import Bystander, GatewayStuck, Told
from palyra_runtime.gateway.checkpointing import CheckpointSchedule
from palyra_runtime.gateway.run import GATEWAY, GatewayParts, GatewayReport, GatewayRun
from palyra_runtime.gateway.service import Service
from palyra_runtime.gateway.signals import stopped_by_signals
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.structured_log import LogFormat, logging_to

__all__ = [
    "GATEWAY",
    "Bystander",
    "CheckpointSchedule",
    "GatewayParts",
    "GatewayReport",
    "GatewayRun",
    "GatewayStuck",
    "LogFormat",
    "Service",
    "Stop",
    "Told",
    "logging_to",
    "stopped_by_signals",
]
