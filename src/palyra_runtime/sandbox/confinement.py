"""Taking a process's powers away, for good, before it meets a stranger's bytes.

Everything here goes through Linux's own calls, so that no package is needed, and a layer that the
kernel does not have is left out: the names of those that hold are returned, for whoever wants to
know. None is needed for a guest to be contained; they are for the day on which the engine is broken.

Sources: linux/landlock.h, linux/seccomp.h, linux/filter.h, and the kernel's documentation of them.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct

_LIBC = ctypes.CDLL(None, use_errno=True)

_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x1000_0000, 0x4000_0000, 0x0800_0000

_CAPABILITY_VERSION = 0x2008_0522

_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_LANDLOCK_VERSION = 1
#: rights over files that each version of Landlock knows; a right that is named and not given is taken
_LANDLOCK_FILE_RIGHTS = {1: 2**13 - 1, 2: 2**14 - 1, 3: 2**15 - 1, 4: 2**15 - 1, 5: 2**16 - 1}
_LANDLOCK_NETWORK_RIGHTS, _LANDLOCK_SCOPES = 3, 3

_SECCOMP, _SECCOMP_SET_FILTER, _SECCOMP_ALL_THREADS = 317, 1, 1
_AUDIT_ARCH_X86_64 = 0xC000_003E
_X32_BIT = 0x4000_0000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_AT_NUMBER, _AT_ARCH = 0, 4
_ALLOW, _KILL, _NOT_PERMITTED = 0x7FFF_0000, 0x8000_0000, 0x0005_0001
_FILTER = struct.Struct("=HBBI")

#: calls of x86-64 that a running guest's process makes: memory, its one socket, waiting, ending
_CALLS = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10,
    "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "pwrite64": 18,
    "sched_yield": 24, "mremap": 25, "madvise": 28, "nanosleep": 35, "getpid": 39, "sendto": 44,
    "recvfrom": 45, "exit": 60, "fcntl": 72, "ftruncate": 77, "sigaltstack": 131, "gettid": 186,
    "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228,
    "clock_nanosleep": 230, "exit_group": 231, "set_robust_list": 273, "ppoll": 271, "getrandom": 318,
    "memfd_create": 319, "membarrier": 324, "rseq": 334,
}  # fmt: skip

#: what a process needs beyond that to have children, and to make them smaller than itself
_CALLS_FOR_CHILDREN = {
    "select": 23, "clone": 56, "wait4": 61, "kill": 62, "prctl": 157, "setrlimit": 160, "pselect6": 270,
    "pipe2": 293, "prlimit64": 302, "seccomp": 317, "clone3": 435, "close_range": 436,
}  # fmt: skip


def enclose() -> list[str]:
    """Take network, new privileges and all files from this thread and those that it starts later.

    Files and sockets that are open stay open. Call it while the process has one thread.
    """
    held = []
    # A process that is not root may leave the network only for a world in which it is nobody.
    if not _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC):
        held.append("network")
    if not _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        held.append("privileges")
    _LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if not _LIBC.capset(struct.pack("=Ii", _CAPABILITY_VERSION, 0), bytes(24)):
        held.append("capabilities")
    return held + _close_files()


def seal(*, processes: bool, file_bytes: int, address_bytes: int | None = None) -> list[str]:
    """Bound what is left, and forbid every call to the kernel that is not needed, on all threads.

    ``processes`` tells whether it may have children, ``file_bytes`` bounds files in memory (there are
    no others), and ``address_bytes`` what it may map.
    """
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: 128, resource.RLIMIT_FSIZE: file_bytes}
    if not processes:
        limits[resource.RLIMIT_NPROC] = 0
    if address_bytes is not None:
        limits[resource.RLIMIT_AS] = address_bytes
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lowered, lowered))
    return ["limits", *_close_calls(_CALLS | _CALLS_FOR_CHILDREN if processes else _CALLS)]


def _close_files() -> list[str]:
    version = _LIBC.syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)
    if version < 1:
        return []
    attributes = struct.pack(
        "=QQQ",
        _LANDLOCK_FILE_RIGHTS[min(version, max(_LANDLOCK_FILE_RIGHTS))],
        _LANDLOCK_NETWORK_RIGHTS,
        _LANDLOCK_SCOPES,
    )
    # Version 4 brought the second field, version 6 the third.
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = _LIBC.syscall(_LANDLOCK_CREATE_RULESET, attributes, size, 0)
    if rules < 0:
        return []
    done = _LIBC.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0)
    os.close(rules)
    return [] if done else ["files"]


def _close_calls(allowed: dict[str, int]) -> list[str]:
    if platform.machine() != "x86_64":
        return []
    instructions = b"".join(_FILTER.pack(*step) for step in _filter(sorted(allowed.values())))
    buffer = ctypes.create_string_buffer(instructions)
    program = struct.pack("=HxxxxxxQ", len(instructions) // _FILTER.size, ctypes.addressof(buffer))
    done = _LIBC.syscall(_SECCOMP, _SECCOMP_SET_FILTER, _SECCOMP_ALL_THREADS, program)
    return [] if done else ["calls"]


def _filter(allowed: list[int]) -> list[tuple[int, int, int, int]]:
    """Return the filter: allowed numbers pass, all others fail as not permitted, foreign ones kill."""
    steps = [
        (_LOAD, 0, 0, _AT_ARCH),
        (_EQUAL, 1, 0, _AUDIT_ARCH_X86_64),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_AT_LEAST, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _KILL),
    ]
    for number in allowed:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    return [*steps, (_RETURN, 0, 0, _NOT_PERMITTED)]
