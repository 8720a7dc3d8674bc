"""What can be wrong with a skill's artifact, its manifest, its signature and its publisher.

The class names are the kinds that the reference system reports, so that people who know it
recognise them.
"""

from __future__ import annotations

from palyra_events.errors import InvalidInput, NotAllowed


class InvalidArchive(InvalidInput):
    """The artifact is not a ZIP archive of the kind that we read."""

    code = "INVALID_ARCHIVE"
    advice = "Fetch the artifact again. If that does not help, ask its publisher to pack it anew."


class InvalidArtifactPath(InvalidInput):
    """A path in the artifact or in its manifest is not a plain relative path."""

    code = "INVALID_ARTIFACT_PATH"
    advice = "Use relative paths of plain names with slashes between them, such as modules/plugin.wasm."


class DuplicateArtifactEntry(InvalidInput):
    """The artifact holds two entries of one path."""

    code = "DUPLICATE_ARTIFACT_ENTRY"
    advice = "Keep one of the files; paths are compared after backslashes are turned into slashes."


class ArtifactTooLarge(InvalidInput):
    """The artifact is larger than is allowed, packed or unpacked."""

    code = "ARTIFACT_TOO_LARGE"
    advice = "Leave out assets that the skill does not need."


class ArtifactEntryTooLarge(InvalidInput):
    """One file of the artifact is larger than is allowed."""

    code = "ARTIFACT_ENTRY_TOO_LARGE"
    advice = "Split the file, or build the module without debug information."


class ArtifactTooManyEntries(InvalidInput):
    """The artifact holds more files than are allowed."""

    code = "ARTIFACT_TOO_MANY_ENTRIES"
    advice = "Bundle the assets into fewer files."


class MissingArtifactEntry(InvalidInput):
    """The artifact lacks a file that each artifact has."""

    code = "MISSING_ARTIFACT_ENTRY"
    advice = "This file is not complete: fetch it again, or ask its publisher to pack it anew."


class InvalidSbom(InvalidInput):
    """The software bill of materials is not a CycloneDX document."""

    code = "INVALID_SBOM"
    advice = 'sbom.cdx.json must be a JSON object with "bomFormat": "CycloneDX" and a "specVersion".'


class InvalidProvenance(InvalidInput):
    """The provenance does not say who built what."""

    code = "INVALID_PROVENANCE"
    advice = 'provenance.json must be a JSON object with a "builder" object and a non-empty "subject" list.'


class Serialization(InvalidInput):
    """A JSON document does not have the shape that it must have."""

    code = "SERIALIZATION"
    advice = "Correct the document, or restore it from the place it came from."


class ManifestParse(InvalidInput):
    """The manifest is not TOML, or it has fields that a manifest does not have."""

    code = "MANIFEST_PARSE"
    advice = "Correct skill.toml: fields that a manifest does not have are refused at every level."


class ManifestValidation(InvalidInput):
    """The manifest breaks a rule."""

    code = "MANIFEST_VALIDATION"
    advice = "Correct the field that the message names in skill.toml, then pack the skill again."


class InvalidSigningKeyLength(InvalidInput):
    """A signing key is not 32 bytes: raw, in hexadecimal or in base64."""

    code = "INVALID_SIGNING_KEY_LENGTH"
    advice = "Give 32 random bytes, or their text in hexadecimal or base64."


class InvalidPublicKey(InvalidInput):
    """A public key is not 32 bytes, in hexadecimal or in base64."""

    code = "INVALID_PUBLIC_KEY"
    advice = "Give 64 hexadecimal digits, or public_key_base64 of a signature.json."


class UnsupportedProtocolMajor(InvalidInput):
    """The skill needs a newer protocol than this host speaks."""

    code = "UNSUPPORTED_PROTOCOL_MAJOR"
    advice = "Upgrade Palyra, or install an older release of the skill."


class UnsupportedRuntimeVersion(InvalidInput):
    """The skill needs a newer host than this one."""

    code = "UNSUPPORTED_RUNTIME_VERSION"
    advice = "Upgrade Palyra, or install an older release of the skill."


class RuntimeVersionAboveSupportedMaximum(InvalidInput):
    """The skill was made for hosts older than this one."""

    code = "RUNTIME_VERSION_ABOVE_SUPPORTED_MAXIMUM"
    advice = "Install a newer release of the skill."


class PayloadHashMismatch(NotAllowed):
    """The artifact's content is not what was signed."""

    code = "PAYLOAD_HASH_MISMATCH"
    advice = "Do not use this file. Fetch the artifact again from its publisher."


class SignatureVerificationFailed(NotAllowed):
    """The artifact's signature is not valid."""

    code = "SIGNATURE_VERIFICATION_FAILED"
    advice = "Do not use this file. Fetch the artifact again from its publisher."


class UntrustedPublisher(NotAllowed):
    """Nobody has said that this publisher is to be trusted."""

    code = "UNTRUSTED_PUBLISHER"
    advice = "Compare the key with what the publisher says it is, then install with --trust-on-first-use."


class TrustedPublisherKeyMismatch(NotAllowed):
    """A trusted publisher's artifact is signed with a key that is not on its list."""

    code = "TRUSTED_PUBLISHER_KEY_MISMATCH"
    advice = "Ask the publisher, on another way than the download, whether the key has changed."


class TofuKeyMismatch(NotAllowed):
    """A publisher that was trusted on first use now signs with another key."""

    code = "TOFU_KEY_MISMATCH"
    advice = "Ask the publisher, on another way than the download, whether the key has changed."
