"""Whether a skill was made for a host like this one."""

from __future__ import annotations

from palyra_runtime.skills.errors import (
    RuntimeVersionAboveSupportedMaximum,
    UnsupportedProtocolMajor,
    UnsupportedRuntimeVersion,
)
from palyra_runtime.skills.manifest import Compatibility
from palyra_runtime.skills.version import Version, parse_version

#: the newest protocol that this host speaks
PROTOCOL_MAJOR_MAX = 1
#: the version of the host contract, which manifests compare with; not the version of this package
HOST_VERSION: Version = (0, 1, 0)


def check_compatibility(compat: Compatibility) -> None:
    """Refuse a skill that was made for other hosts.

    Raises:
        UnsupportedProtocolMajor: it needs a newer protocol.
        UnsupportedRuntimeVersion: it needs a newer host.
        RuntimeVersionAboveSupportedMaximum: it needs an older host.
    """
    host = ".".join(str(part) for part in HOST_VERSION)
    if compat.required_protocol_major > PROTOCOL_MAJOR_MAX:
        raise UnsupportedProtocolMajor(
            f"The skill needs protocol {compat.required_protocol_major}; "
            f"this host speaks {PROTOCOL_MAJOR_MAX}."
        )
    if parse_version(compat.min_palyra_version) > HOST_VERSION:
        raise UnsupportedRuntimeVersion(
            f"The skill needs host version {compat.min_palyra_version} or newer; this is {host}."
        )
    newest = compat.max_palyra_version
    if newest is not None and parse_version(newest) < HOST_VERSION:
        raise RuntimeVersionAboveSupportedMaximum(
            f"The skill needs host version {newest} or older; this is {host}."
        )
