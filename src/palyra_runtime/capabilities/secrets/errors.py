"""What can go wrong with the operator's secrets. No message holds a value."""

from __future__ import annotations

from palyra_events.errors import InvalidInput, NotAllowed, NotFound, Unavailable


class InvalidSecret(InvalidInput):
    """The name or the value cannot be that of a secret."""

    code = "INVALID_SECRET"
    advice = "Names have 1 to 128 characters of a-z 0-9 . _ / -, values 8 to 65536 bytes."


class UnknownSecret(NotFound):
    """No secret of this name is kept here."""

    code = "UNKNOWN_SECRET"
    advice = "List the names that are kept before you delete one."


class WrongSecretKey(NotAllowed):
    """The file of secrets does not open with this pass phrase or key."""

    code = "WRONG_SECRET_KEY"
    advice = "Use the pass phrase or key file that the file was made with. Without it nothing opens it."


class UnsafeKeyFile(NotAllowed):
    """The key file can be read by others, or is not a key."""

    code = "UNSAFE_KEY_FILE"
    advice = "The file has 32 bytes, belongs to you, and nobody else can read it: chmod 600 FILE."


class SecretFileDamaged(Unavailable):
    """The file of secrets is not what this program writes."""

    code = "SECRET_FILE_DAMAGED"
    advice = "Restore the file from a backup; nothing was changed."
    retryable = False


class SecretFileUnreadable(Unavailable):
    """The file of secrets cannot be read or written."""

    code = "SECRET_FILE_UNREADABLE"
    advice = "Check the owner and mode of the file and of its folder; nothing was changed."
    retryable = False


class KeyringUnavailable(Unavailable):
    """The system's keyring cannot be asked."""

    code = "KEYRING_UNAVAILABLE"
    advice = "Install it with: pip install 'palyra[keyring]', and unlock it. Or keep secrets in a file."
    retryable = False
