"""Every error that Palyra raises, as one tree.

    PalyraError                 exit 1   never raised itself
    ├── RunFailed               exit 1   a guest failed, where the caller asked for its result
    ├── InvalidInput            exit 2   the caller's words are off
    ├── NotFound                exit 3   the thing named does not exist
    ├── NotAllowed              exit 4   policy, audit or signature refuses
    ├── Conflict                exit 5   the state has moved on, or forbids this step
    ├── Findings                exit 6   a check found something wrong with the data
    └── Unavailable             exit 7   the world is in the way; try again later

Packages above this one add leaves, never a second root. To dispatch, a guest that traps, spins or
lies is no error: that is an outcome, and it is recorded.
"""

from __future__ import annotations

from typing import ClassVar


class PalyraError(Exception):
    """Palyra could not do what it was asked.

    The first line of a class's docstring is its default message, so every error is documented
    by construction. ``code`` is stable and for programs, ``advice`` is for people, and
    ``details`` carries the values that the message speaks of.
    """

    code: ClassVar[str] = "PALYRA_ERROR"
    advice: ClassVar[str] = "Run the command again with --help to see what it takes."
    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None, **details: object) -> None:
        self.message = message or (type(self).__doc__ or "").strip().partition("\n")[0]
        self.details = details
        super().__init__(self.message)


class RunFailed(PalyraError):
    """The module did not run to its end."""

    code = "RUN_FAILED"
    advice = "The module's author can mend this; the message says what the engine saw."


class InvalidInput(PalyraError):
    """The input does not have the form that was asked for."""

    code = "INVALID_INPUT"
    exit_code = 2


class InvalidIdentifier(InvalidInput):
    """An identifier has characters or a length that are not allowed."""

    code = "INVALID_IDENTIFIER"
    advice = "Use 1 to 128 characters of a-z, 0-9, dot, underscore and hyphen."


class EventTooLarge(InvalidInput):
    """An event would be larger than 64 KiB."""

    code = "EVENT_TOO_LARGE"
    advice = "Shorten the lists in the input; big values belong into blobs."


class InvalidDatabaseUrl(InvalidInput):
    """The database URL is neither a SQLite file nor a PostgreSQL database."""

    code = "INVALID_DATABASE_URL"
    advice = "Use sqlite:///path/to/palyra.db or postgresql://user@host/database."


class ReasonTooLong(InvalidInput):
    """A reason has more than 4,000 characters."""

    code = "REASON_TOO_LONG"
    advice = "Say it in fewer words, and link to the rest."


class NotFound(PalyraError):
    """What was named does not exist."""

    code = "NOT_FOUND"
    exit_code = 3


class UnknownSkill(NotFound):
    """No such skill is installed."""

    code = "UNKNOWN_SKILL"
    advice = "List the installed skills with: palyra skill list"


class UnknownRelease(NotFound):
    """The skill is installed, but not in this version."""

    code = "UNKNOWN_RELEASE"
    advice = "List a skill's releases with: palyra skill show SKILL"


class UnknownPublisher(NotFound):
    """No key of this publisher is known."""

    code = "UNKNOWN_PUBLISHER"
    advice = "List the publishers with: palyra trust list"


class UnknownPublisherKey(NotFound):
    """The publisher is known, but not by this key."""

    code = "UNKNOWN_PUBLISHER_KEY"
    advice = "List a publisher's keys with: palyra trust list PUBLISHER"


class UnknownToken(NotFound):
    """No such token was issued."""

    code = "UNKNOWN_TOKEN"
    advice = "List the tokens with: palyra token list"


class UnknownPlugin(NotFound):
    """No such plugin is bound."""

    code = "UNKNOWN_PLUGIN"
    advice = "List the bound plugins with: palyra plugin list"


class UnknownHook(NotFound):
    """No such hook is bound."""

    code = "UNKNOWN_HOOK"
    advice = "List the bound hooks with: palyra hook list"


class UnknownDelivery(NotFound):
    """No such delivery was scheduled."""

    code = "UNKNOWN_DELIVERY"
    advice = "List the deliveries with: palyra delivery list"


class UnknownEvent(NotFound):
    """The log has no event at this position."""

    code = "UNKNOWN_EVENT"
    advice = "List the events with: palyra event list"


class UnknownBlob(NotFound):
    """The bytes are not kept any more, or never were."""

    code = "UNKNOWN_BLOB"
    advice = "Bytes can be erased by retention or on request; the event that names them stays."


class NotAllowed(PalyraError):
    """A rule refuses this."""

    code = "NOT_ALLOWED"
    exit_code = 4


class AuditFailed(NotAllowed):
    """The release did not pass its security audit."""

    code = "AUDIT_FAILED"
    advice = (
        "Read the failed checks with: palyra skill show SKILL. To enable it anyway: --override --reason TEXT"
    )


class KeyRevoked(NotAllowed):
    """The key was revoked, and so was everything that it ever signed."""

    code = "KEY_REVOKED"
    advice = "A revoked key stays revoked. Ask the publisher for a release that another key has signed."


class SkillOfAnotherPublisher(NotAllowed):
    """The skill belongs to another publisher than the one who signed this release."""

    code = "SKILL_OF_ANOTHER_PUBLISHER"
    advice = "If it really changed hands, say so with: palyra trust add PUBLISHER KEY --skills SKILL"


class ReasonRequired(NotAllowed):
    """An override must say why."""

    code = "REASON_REQUIRED"
    advice = "Add --reason TEXT: it is kept in the log."


class CapabilityDenied(NotAllowed):
    """A capability was requested that is not declared or not allowed."""

    code = "CAPABILITY_DENIED"
    advice = "Ask only for what the skill's manifest declares and the policy allows."


class UnsafeEnvironment(NotAllowed):
    """The environment would load foreign code into this process."""

    code = "UNSAFE_ENVIRONMENT"
    advice = "Unset the variable, then start again."


class Conflict(PalyraError):
    """The state of the thing does not allow this step."""

    code = "CONFLICT"
    exit_code = 5


class IllegalTransition(Conflict):
    """This step is not allowed from the present state."""

    code = "ILLEGAL_TRANSITION"
    advice = "Look at the present state with the matching show or list command."


class AlreadyExists(Conflict):
    """A thing of this name exists already."""

    code = "ALREADY_EXISTS"
    advice = "Choose another name, or change the one that exists."


class VersionReused(Conflict):
    """This version was installed before, with another content."""

    code = "VERSION_REUSED"
    advice = "A version stands for one thing: ask the publisher for a release with a version of its own."


class ReleaseNotNewer(Conflict):
    """The release is not newer than what is installed."""

    code = "RELEASE_NOT_NEWER"
    advice = "To go back, use: palyra skill rollback SKILL. To have it beside the other: palyra skill install"


class NothingToRollBack(Conflict):
    """There is no older release to go back to."""

    code = "NOTHING_TO_ROLL_BACK"
    advice = "List the releases with: palyra skill show SKILL. Any of them can be enabled."


class PluginInUse(Conflict):
    """Hooks still use the plugin."""

    code = "PLUGIN_IN_USE"
    advice = "Unbind these hooks first, with: palyra hook unbind HOOK; or bind them to another plugin."


class StaleVersion(Conflict):
    """Somebody else changed this at the same time."""

    code = "STALE_VERSION"
    advice = "Nothing was changed by you. Look at the new state, then try again."
    retryable = True


class StalePosition(Conflict):
    """Another consumer has already recorded this position."""

    code = "STALE_POSITION"
    advice = "A second dispatcher or projector is at work; this one stands back."
    retryable = True


class Findings(PalyraError):
    """A check found something wrong."""

    code = "FINDINGS"
    exit_code = 6


class LogDamaged(Findings):
    """The log does not hold what it must hold."""

    code = "LOG_DAMAGED"
    advice = "Stop writing, keep a copy of the database, and restore from a backup that verifies."


class UnknownEventType(LogDamaged):
    """The log holds an event of a type or version that this program does not know."""

    code = "UNKNOWN_EVENT_TYPE"
    advice = "The database was written by a newer Palyra, or it was tampered with. Upgrade first."


class Unavailable(PalyraError):
    """Something that is needed is not there at the moment."""

    code = "UNAVAILABLE"
    exit_code = 7
    retryable = True


class DatabaseUnavailable(Unavailable):
    """The database cannot be opened or reached."""

    code = "DATABASE_UNAVAILABLE"
    advice = "Check the URL (--db), that the server runs, and that its folder exists."


class DatabaseMissing(DatabaseUnavailable):
    """There is no database of Palyra's at this place."""

    code = "DATABASE_MISSING"
    advice = "Make it with: palyra init. Or name another one with --db or --home."
    retryable = False


class DriverMissing(Unavailable):
    """PostgreSQL needs a driver that is not installed."""

    code = "DRIVER_MISSING"
    advice = "Install it with: pip install 'palyra[postgres]'"
    retryable = False


class DatabaseLocked(Unavailable):
    """Another process holds the database for longer than we wait."""

    code = "DATABASE_LOCKED"
    advice = "Nothing was written. Wait for the other process, then try again."


class DatabaseReadOnly(Unavailable):
    """The database cannot be written."""

    code = "DATABASE_READ_ONLY"
    advice = "Nothing was written. Check the owner and mode of the file and of its folder."
    retryable = False


class DiskFull(Unavailable):
    """The disk is full."""

    code = "DISK_FULL"
    advice = "Nothing was written. Free some space, then try again."


class DatabaseTooNew(Unavailable):
    """The database was written by a newer version of Palyra."""

    code = "DATABASE_TOO_NEW"
    advice = "Nothing was changed. Upgrade Palyra, or open another database."
    retryable = False


class DatabaseTooOld(Unavailable):
    """The database was written by an older version of Palyra."""

    code = "DATABASE_TOO_OLD"
    advice = "Nothing was changed. Stop its gateways, then bring it up to date with: palyra db migrate"
    retryable = False


class DatabaseDamaged(Unavailable):
    """The database file is not a database, or it is damaged."""

    code = "DATABASE_DAMAGED"
    advice = "Nothing was written. Keep a copy of the file and restore a backup."
    retryable = False


class StorageFailed(Unavailable):
    """The disk refused to read or to keep the bytes."""

    code = "STORAGE_FAILED"
    advice = "Stop this process, check the disk, and start it again: what was acknowledged is kept."
    retryable = False
