from __future__ import annotations

import shutil
import signal

import pytest

from tests.browser.operator import address_of
from tests.interop.client import Client
from tests.interop.project import pages
from tests.running_gateway import gateway_process
from tests.shell import Shell

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_a_page_goes_on_when_the_gateway_was_killed(renderer, set_up_home, tmp_path, chromium):
    """What happened while it was away is shown by the same page, which nobody has loaded again."""
    shell = Shell(shutil.copytree(set_up_home, tmp_path / "home"))
    secret = shell("token", "create", "--role", "viewer", "-o", "json").json["secret"]
    with gateway_process(shell) as first:
        address = address_of(first)
        with pages(address, secret) as site, Client.at(site, renderer, "approvals", chromium) as client:
            client.reads("1 release waits for a decision.")
            client.is_patient = True
            first.end(signal.SIGKILL)
            shell("--yes", "skill", "quarantine", "acme.notifier", "--reason", "while nobody listened")
            with gateway_process(shell, "--port", address.rpartition(":")[2]):
                client.reads("2 releases wait for a decision.")
                client.reads("while nobody listened")
