"""Skills: manifests, signed artifacts, whom to trust, and the audit before anything runs."""

from palyra_runtime.skills.admission import denied_capabilities, denied_values
from palyra_runtime.skills.artifact import Artifact, open_artifact
from palyra_runtime.skills.attestation import PROVENANCE_PATH, SBOM_PATH
from palyra_runtime.skills.audit import audit_artifact
from palyra_runtime.skills.audit_report import (
    AuditPolicy,
    AuditReport,
    Check,
    CheckStatus,
    RunLimits,
    Severity,
    failed_checks,
)
from palyra_runtime.skills.endorsement import check_endorsement, endorse
from palyra_runtime.skills.grants import (
    PolicyBinding,
    ReferenceGrants,
    declared_capabilities,
    policy_bindings,
    reference_grants,
)
from palyra_runtime.skills.inspection import AuditHost, MinimumSizes, ModuleInspector
from palyra_runtime.skills.manifest import Manifest
from palyra_runtime.skills.manifest_file import MANIFEST_PATH, format_manifest, parse_manifest
from palyra_runtime.skills.manifest_warnings import ManifestWarning, manifest_warnings
from palyra_runtime.skills.module_selection import (
    AmbiguousModule,
    InvalidModulePath,
    UnknownModule,
    normalize_module_path,
    select_module,
)
from palyra_runtime.skills.packaging import build_artifact
from palyra_runtime.skills.signature import Signature, key_id, parse_public_key
from palyra_runtime.skills.signing_key import SigningKey, parse_signing_key
from palyra_runtime.skills.trust import (
    TrustDecision,
    TrustStore,
    TrustVerdict,
    decide_trust,
    parse_trust_store,
    trust_store_document,
    trust_store_of,
)

__all__ = [
    "MANIFEST_PATH",
    "PROVENANCE_PATH",
    "SBOM_PATH",
    "AmbiguousModule",
    "Artifact",
    "AuditHost",
    "AuditPolicy",
    "AuditReport",
    "Check",
    "CheckStatus",
    "InvalidModulePath",
    "Manifest",
    "ManifestWarning",
    "MinimumSizes",
    "ModuleInspector",
    "PolicyBinding",
    "ReferenceGrants",
    "RunLimits",
    "Severity",
    "Signature",
    "SigningKey",
    "TrustDecision",
    "TrustStore",
    "TrustVerdict",
    "UnknownModule",
    "audit_artifact",
    "build_artifact",
    "check_endorsement",
    "decide_trust",
    "declared_capabilities",
    "denied_capabilities",
    "denied_values",
    "endorse",
    "failed_checks",
    "format_manifest",
    "key_id",
    "manifest_warnings",
    "normalize_module_path",
    "open_artifact",
    "parse_manifest",
    "parse_public_key",
    "parse_signing_key",
    "parse_trust_store",
    "policy_bindings",
    "reference_grants",
    "select_module",
    "trust_store_document",
    "trust_store_of",
]
