"""A process that has given up its powers, and then is in somebody else's hands."""

from __future__ import annotations

import subprocess
import sys

import pytest

from palyra_runtime.sandbox import spawn

#: tries one deed after giving up everything, and prints what the kernel says
PROGRAM = """
import ctypes, errno, os, signal, socket, sys
sys.path += sys.argv[2:]
import threading
from palyra_runtime.sandbox.confinement import enclose, seal
libc = ctypes.CDLL(None, use_errno=True)
open_file = open("/dev/null", "wb")
enclose()
deed = compile(sys.argv[1], "deed", "eval")
seal(processes=False, file_bytes=2**20, address_bytes=2**31)

def call(number, *arguments):
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")

try:
    eval(deed)
except OSError as error:
    print(errno.errorcode[error.errno])
except (MemoryError, RuntimeError) as error:
    print(type(error).__name__)
else:
    print("done")
"""

REFUSED = {"EPERM", "EACCES"}
DEEDS = {
    "read a file": "open('/etc/passwd')",
    "read its own memory map": "open('/proc/self/maps')",
    "write its own memory": "open('/proc/self/mem', 'r+b')",
    "make a file": "open('/tmp/made', 'w')",
    "remove a file": "os.unlink('/tmp/nothing')",
    "list a folder": "os.listdir('/')",
    "make a folder": "os.mkdir('/tmp/made')",
    "link": "os.symlink('/etc/passwd', '/tmp/made')",
    "change its root": "os.chroot('/')",
    "change its folder": "os.chdir('/')",
    "open a socket": "socket.socket()",
    "open a raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "open a local socket": "socket.socket(socket.AF_UNIX)",
    "make a pair of sockets": "socket.socketpair()",
    "have a child": "os.fork()",
    "run a program": "os.execv('/bin/true', ['true'])",
    "kill its parent": "os.kill(os.getppid(), signal.SIGKILL)",
    "kill everybody": "os.kill(-1, signal.SIGKILL)",
    "trace its parent": "call(101, 16, os.getpid(), 0, 0)",
    "read another's memory": "call(310, 1, 0, 0, 0, 0, 0)",
    "make a world of its own": "call(272, 0x10000000)",
    "mount": "call(165, 0, 0, 0, 0, 0)",
    "load a kernel module": "call(175, 0, 0, 0)",
    "use a kernel program": "call(321, 0, 0, 0)",
    "use a ring": "call(425, 1, 0)",
    "use keys": "call(250, 0, 0, 0)",
    "watch for page faults": "call(323, 0)",
    "change limits": "call(302, 0, 7, 0, 0)",
    "take its confinement off": "call(317, 0, 0, 0)",
    "become another user": "os.setuid(1)",
    "see the clock of the machine set": "call(227, 0, 0)",
    "talk to a device": "call(16, open_file.fileno(), 0x5401, 0)",
    "share memory": "call(29, 0, 4096, 0o600)",
    "pass a descriptor": "call(46, 0, 0, 0)",
    "change its name": "call(157, 15, 0, 0, 0, 0)",
}


def attempt(deed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROGRAM, deed, *spawn._roots()],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.stdout.strip() or f"ended with {done.returncode}: {done.stderr[-500:]}"


@pytest.mark.parametrize("name", DEEDS)
def test_the_kernel_refuses(name):
    """Code that has broken out of the engine finds that it can do nothing with it."""
    assert attempt(DEEDS[name]) in REFUSED


def test_no_thread_is_started():
    """A process in other hands stays as small as it is."""
    assert attempt("threading.Thread(target=print).start()") == "RuntimeError"


def test_memory_is_bounded():
    """It can fill its own address space, and not the machine."""
    assert attempt("bytearray(2**31)") == "MemoryError"


@pytest.mark.parametrize("deed", ["len(bytearray(2**20))", "os.getrandom(8)", "open_file.write(b'x')"])
def test_what_a_run_needs_is_left(deed):
    """Memory, and what was open before, are still there."""
    assert attempt(deed) == "done"


def test_the_calls_of_another_architecture_kill():
    """Numbers of the 32-bit world mean other calls, so nobody may use them."""
    assert attempt("call(0x40000000 | 39)").startswith("ended with -31")
