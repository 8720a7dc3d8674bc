from __future__ import annotations

import os
import signal

import pytest

from palyra_runtime.cli.interruption import interruptible


def press() -> None:
    """Do what Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGINT)


def test_nobody_has_pressed_anything():
    """Work that is not interrupted goes to its end, and the program ends as before afterwards."""
    before = signal.getsignal(signal.SIGINT)

    with interruptible() as is_stopped:
        assert is_stopped() is False

    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_is_asked_for_and_not_thrown():
    """The page that is under way comes to its end."""
    with interruptible() as is_stopped:
        press()
        assert is_stopped() is True


def test_ctrl_c_pressed_twice_ends_at_once():
    """Who is in a hurry need not wait for the page."""
    with interruptible() as is_stopped:
        press()
        assert is_stopped() is True
        with pytest.raises(KeyboardInterrupt):
            press()
