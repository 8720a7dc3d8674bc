"""From a built project to a signed artifact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from palyra_events.errors import InvalidInput
from palyra_runtime.authoring.bill import bill_of_materials
from palyra_runtime.authoring.build import read_build
from palyra_runtime.authoring.project import Project, digest
from palyra_runtime.authoring.provenance import provenance
from palyra_runtime.skills import SigningKey, build_artifact, key_id

#: what reproducible builds call the time to write into what they make, in seconds since 1970
EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"

#: 1980-01-01, the earliest time that a ZIP archive can say, and what the entries of an artifact say:
#: without a wish of the author's, an artifact does not tell when it was packed
_UNTOLD = datetime(1980, 1, 1, tzinfo=UTC)

#: seconds; the year 9999 ends there
_SECONDS_MAX = 253_402_300_799


class InvalidEpoch(InvalidInput):
    """SOURCE_DATE_EPOCH is not a number of seconds since 1970."""

    code = "INVALID_EPOCH"
    advice = "Unset SOURCE_DATE_EPOCH, or set it to whole seconds, such as 1767225600."


@dataclass(frozen=True, slots=True)
class Packed:
    """An artifact that was packed: what it is called, and by whom it is signed."""

    artifact: bytes
    skill_id: str
    version: str
    publisher: str
    key_id: str
    sha256: str
    modules: tuple[str, ...]


def pack_project(project: Project, key: SigningKey, *, signed_at: datetime | None = None) -> Packed:
    """Return the signed artifact of a project that was built; the same project gives the same bytes.

    Raises:
        NotBuilt: the modules are not those that the sources build.
        PalyraError: as `build_artifact`: what could not be opened is not packed.
    """
    record, modules = read_build(project)
    assets = project.assets()
    artifact = build_artifact(
        project.document,
        modules=modules.items(),
        assets=assets.items(),
        sbom=bill_of_materials(project.manifest, record, assets),
        provenance=provenance(project.manifest, record),
        key=key,
        signed_at_unix_ms=int((signed_at or _UNTOLD).timestamp() * 1000),
    )
    return Packed(
        artifact=artifact,
        skill_id=project.manifest.skill_id,
        version=project.manifest.version,
        publisher=project.manifest.publisher,
        key_id=key_id(key.public_key),
        sha256=digest(artifact),
        modules=tuple(sorted(modules)),
    )


def epoch(text: str | None) -> datetime | None:
    """Return the time that ``SOURCE_DATE_EPOCH`` says, None where it is not set.

    Raises:
        InvalidEpoch: it is no number of seconds.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= _SECONDS_MAX):
        raise InvalidEpoch(f"{EPOCH_VARIABLE} is {text[:40]!r}, and not a number of seconds.")
    return datetime.fromtimestamp(int(text), UTC)
