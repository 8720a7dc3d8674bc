"""What is asked of every artifact before it may come in or run: who signed it, and what its audit says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from palyra_events.application import Application, PublisherKey
from palyra_events.blob import Blob, keep
from palyra_events.errors import PalyraError
from palyra_events.ownership import Signer, check_signer
from palyra_events.publisher import Publisher, SigningKeyRecord
from palyra_events.release import AuditVerdict
from palyra_runtime.capabilities.secrets import SecretSource
from palyra_runtime.clock import Clock
from palyra_runtime.skills import (
    Artifact,
    AuditHost,
    AuditPolicy,
    AuditReport,
    Manifest,
    TrustDecision,
    audit_artifact,
    decide_trust,
    trust_store_of,
)
from projections import TrustRow, Views


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why an artifact's signature is accepted.

    ``takes_over`` tells that the operator has given the skill to this publisher by name.
    """

    decision: TrustDecision
    takes_over: bool
    key: PublisherKey

    @property
    def new_key(self) -> PublisherKey | None:
        """The key to pin, where it is accepted because nobody knew the publisher."""
        return self.key if self.decision is TrustDecision.TOFU_NEWLY_PINNED else None


@dataclass(frozen=True, slots=True)
class FreshAudit:
    """An audit of this moment, as a report and as the commands take it."""

    report: AuditReport
    verdict: AuditVerdict
    blob: Blob


class Vetting:
    """Judges artifacts by the trust that the log tells and by the operator's policy."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        application: Application,
        views: Views,
        host: AuditHost,
        policy: AuditPolicy,
        secrets: SecretSource,
        now: Clock,
    ) -> None:
        self._application = application
        self._views = views
        self._host = host
        self._policy = policy
        self._secrets = secrets
        self._now = now

    def trust(
        self, artifact: Artifact, *, trust_on_first_use: bool = False, is_installed: bool = False
    ) -> Acceptance:
        """Return why the artifact's signature is accepted.

        Raises:
            KeyRevoked, UntrustedPublisher, TrustedPublisherKeyMismatch, TofuKeyMismatch: its key is not.
            SkillOfAnotherPublisher: the key may not sign this skill.
        """
        manifest, signature = artifact.manifest, artifact.signature
        publishers = publishers_of(self._views.trust())
        verdict = decide_trust(
            trust_store_of(publishers),
            manifest.publisher,
            signature.public_key,
            trust_on_first_use=trust_on_first_use,
            is_installed=is_installed,
        )
        key = PublisherKey(manifest.publisher, signature.key_id, signature.public_key.hex())
        signer = Signer(manifest.skill_id, key.publisher, key.public_key)
        takes_over = check_signer(signer, publishers, self._application.owner(manifest.skill_id))
        return Acceptance(verdict.decision, takes_over, key)

    def audit(self, artifact: Artifact, decision: TrustDecision) -> FreshAudit:
        """Return what every check says about the artifact now."""
        report = audit_artifact(
            artifact, self._policy, self._host, trust_decision=decision, generated_at=self._now()
        )
        reference, blob = keep(report.model_dump_json().encode())
        return FreshAudit(report, AuditVerdict(report.passed, report.quarantine_reasons, reference), blob)

    def missing_secrets(self, manifest: Manifest) -> tuple[str, ...]:
        """Return the secrets that a skill declares and that no plugin could use here, as ``scope/name``."""
        needs = manifest.capabilities.secrets
        wanted = {f"{need.scope}/{name}": name for need in needs for name in need.key_names}
        return tuple(sorted(label for label, name in wanted.items() if self._is_missing(name)))

    def _is_missing(self, name: str) -> bool:
        try:
            return self._secrets.read(name) is None
        except PalyraError:
            # No secret can have this name or this value, or the place of secrets is locked: a plugin
            # would get nothing either.
            return True


def publishers_of(rows: Iterable[TrustRow]) -> list[Publisher]:
    """Return publishers with the keys that the rows tell of."""
    keys: dict[str, dict[str, SigningKeyRecord]] = {}
    for row in rows:
        record = SigningKeyRecord(row.key_id, row.public_key, row.standing, row.skills)
        keys.setdefault(row.publisher, {})[row.public_key] = record
    return [Publisher(name, MappingProxyType(found)) for name, found in keys.items()]
