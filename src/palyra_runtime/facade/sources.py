"""Where the bytes of an artifact come from: a file, or a URL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from palyra_events.errors import InvalidInput
from palyra_runtime.capabilities.egress import Client, EgressRules, check_digest, download, is_url
from palyra_runtime.skills.archive import ARTIFACT_BYTES_MAX


class UnreadableArtifact(InvalidInput):
    """The artifact cannot be read."""

    code = "UNREADABLE_ARTIFACT"
    advice = "Name a file that ends in .palyra-skill and that you may read."


class ArtifactSources:
    """Reads artifacts from files and from URLs, and never more of one than an artifact may have."""

    def __init__(self, client: Callable[[], Client], rules: EgressRules) -> None:
        self._client = client
        self._rules = rules

    def read(self, place: str | Path | bytes, sha256: str | None = None) -> bytes:
        """Return the bytes at a path or URL, or those given; with ``sha256``, only if that is their digest.

        Raises:
            UnreadableArtifact: there is no such file.
            InvalidUrl, DownloadRefused, DownloadTooLarge, DownloadFailed: see `download`.
            InvalidInput, DigestMismatch: see `check_digest`.
        """
        if isinstance(place, bytes):
            content = place
        elif isinstance(place, str) and is_url(place):
            content = download(place, self._client(), self._rules, size_max=ARTIFACT_BYTES_MAX)
        else:
            content = _file(Path(place))
        check_digest(content, sha256)
        return content


def _file(path: Path) -> bytes:
    """Return a file's bytes, one more at most than an artifact may have."""
    try:
        with path.open("rb") as file:
            return file.read(ARTIFACT_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        # A path with a NUL in it is no path: that is a ValueError, and it has no strerror.
        cause = getattr(error, "strerror", None) or error
        raise UnreadableArtifact(f"{str(path)!r} cannot be read: {cause}.", path=str(path)) from error
