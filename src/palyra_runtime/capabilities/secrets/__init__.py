"""Secrets for guests: used on their behalf, and never shown to them."""

from __future__ import annotations

from palyra_runtime.capabilities.secrets.environment import EnvironmentSecrets
from palyra_runtime.capabilities.secrets.errors import (
    InvalidSecret,
    KeyringUnavailable,
    SecretFileDamaged,
    SecretFileUnreadable,
    UnknownSecret,
    UnsafeKeyFile,
    WrongSecretKey,
)
from palyra_runtime.capabilities.secrets.file import SecretFile
from palyra_runtime.capabilities.secrets.sealing import KeyFile, Passphrase
from palyra_runtime.capabilities.secrets.service import SecretService
from palyra_runtime.capabilities.secrets.source import SecretChain, SecretSource
from palyra_runtime.capabilities.secrets.system_keyring import KeyringSecrets
from palyra_runtime.capabilities.secrets.use import SecretUse

__all__ = [
    "EnvironmentSecrets",
    "InvalidSecret",
    "KeyFile",
    "KeyringSecrets",
    "KeyringUnavailable",
    "Passphrase",
    "SecretChain",
    "SecretFile",
    "SecretFileDamaged",
    "SecretFileUnreadable",
    "SecretService",
    "SecretSource",
    "SecretUse",
    "UnknownSecret",
    "UnsafeKeyFile",
    "WrongSecretKey",
]
