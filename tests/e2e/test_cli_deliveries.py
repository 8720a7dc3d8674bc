from __future__ import annotations

import json
import signal
import subprocess

import pytest

from tests.e2e.test_cli_terminal import terminal
from tests.shell import COMMAND, Shell


def only(shell: Shell, *filters: str) -> list[str]:
    """Return the ids of the deliveries that a listing with these filters shows."""
    return [row["delivery_id"] for row in shell("delivery", "list", *filters, "-o", "json").json]


def spin(shell: Shell) -> str:
    """Return the id of the delivery that died."""
    (delivery_id,) = only(shell, "--dead")
    return delivery_id


def test_a_dead_letter_says_why_and_what_to_do(reader):
    """The outcome, and the command that tries it once more."""
    done = reader("delivery", "show", spin(reader))

    assert "given up after 1 attempt: out_of_fuel" in " ".join(done.out.split())
    assert f"palyra delivery retry {spin(reader)}" in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("filters", "hooks"),
    [
        (["--hook", "greet"], {"greet"}),
        (["--plugin", "spinner"], {"spin"}),
        (["--state", "succeeded", "--state", "dead"], {"greet", "spin"}),
        (["--event", "skill:enabled"], {"greet", "spin"}),
        (["--event", "gateway:startup"], set()),
        (["--since", "1h", "--until", "2100-01-01"], {"greet", "spin"}),
        (["--until", "1"], set()),
    ],
    ids=" ".join,
)
def test_deliveries_are_listed_by_what_is_asked(reader, filters, hooks):
    """Filters for hook, plugin, state, event and time."""
    assert {delivery_id.partition(":")[2] for delivery_id in only(reader, *filters)} == hooks


def test_the_newest_delivery_can_come_first(reader):
    """And the way on leads back in time."""
    assert only(reader, "--newest") == only(reader)[::-1]
    assert "go on with --until" in reader("delivery", "list", "--newest", "--limit", "1").err


def test_an_attempt_is_shown_with_what_is_asked_for(reader):
    """What the plugin was told, and its log lines; without them, a line for each attempt."""
    (greet, *_) = only(reader, "--hook", "greet")

    brief = reader("delivery", "attempts", greet, "-o", "json").json
    full = reader("delivery", "attempts", greet, "--with", "input", "--with", "logs", "-o", "json").json

    assert "input" not in brief[0]
    assert full[0]["input"]["delivery_id"] == greet
    assert full[0]["logs"][0]["level"] == "info"
    assert "ATTEMPT  ROUND  OUTCOME" in reader("delivery", "attempts", greet).out


def test_figures_are_of_hooks_plugins_or_outcomes(reader):
    """One row each; the rate of success is a number for programs."""
    by_hook = {row["key"]: row for row in reader("delivery", "stats", "-o", "json").json}
    by_outcome = {row["key"] for row in reader("delivery", "stats", "--by", "outcome", "-o", "json").json}

    assert (by_hook["greet"]["success_rate"], by_hook["spin"]["success_rate"]) == (1.0, 0.0)
    assert by_outcome == {"ok", "out_of_fuel"}
    assert reader("delivery", "stats").out.splitlines()[0].split()[:3] == ["HOOK", "ALL", "WAIT"]


def test_the_tail_shows_what_happened_last(reader):
    """One line for each event; with ndjson, one object."""
    lines = reader("delivery", "tail", "--limit", "2", "-o", "ndjson").lines

    assert len(lines) == 2
    assert {"position", "delivery_id", "event", "summary"} <= lines[0].keys()
    assert spin(reader) in reader("delivery", "tail", "--troubles").out
    assert reader("delivery", "tail", "-f", "-o", "json").code == 2


def test_the_tail_follows_until_it_is_interrupted(shell):
    """What another process does is told as it happens; Ctrl-C ends it without a word."""
    process = subprocess.Popen(
        [*COMMAND, "delivery", "tail", "-f", "--limit", "1", "-o", "ndjson"],
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        process.stdout.readline()
        shell("delivery", "retry", spin(shell), "--reason", "patched")
        change = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)

    assert (change["event"], change["actor"]) == ("DeliveryRequeued", "operator:ada")
    assert (process.returncode, err) == (130, "")


def test_a_dead_letter_is_retried_and_carried_out(shell):
    """In a new round, with as many attempts as at first."""
    delivery_id = spin(shell)

    done = shell("delivery", "retry", delivery_id, "--reason", "patched")
    shell("delivery", "drain")

    assert done.out == f"Delivery {delivery_id} is scheduled again, in round 2.\n"
    shown = shell("delivery", "show", delivery_id, "-o", "json").json
    assert [(each["attempt"], each["round"]) for each in shown["attempts"]] == [(1, 1), (2, 2)]
    assert [each["reason"] for each in shown["history"] if each["topic"].startswith("DeliveryRequeued")] == [
        "patched"
    ]


def test_what_ended_badly_is_recovered(shell):
    """All of it since a time, and once: a second time there is nothing."""
    first = shell("delivery", "recover", "--since", "1h", "--reason", "the disk was full", "-o", "json")
    second = shell("delivery", "recover", "--since", "1h")

    assert (first.json["done"], first.json["total"], first.code) == (1, 1, 0)
    assert (second.out, second.code) == ("There is no such delivery.\n", 0)


def test_a_dry_run_changes_nothing(shell):
    """It says what would be done."""
    done = shell("delivery", "recover", "--since", "0", "--dry-run")

    assert done.out == f"Redeliver 1 delivery: 1 of hook spin.\n  - {spin(shell)}\n"
    assert only(shell, "--dead") == [spin(shell)]


def test_deliveries_are_redelivered_cancelled_and_discarded(shell):
    """Each leaves its state, and each is refused from a state that it does not fit."""
    dead, (greet, *_) = spin(shell), only(shell, "--hook", "greet")

    redelivered = shell("delivery", "redeliver", greet)
    cancelled = shell("delivery", "cancel", greet, "--reason", "not needed")
    unfit = shell("delivery", "cancel", greet, "-o", "json")
    silent = shell("delivery", "discard", dead, "-o", "json")
    discarded = shell("delivery", "discard", dead, "--reason", "old")

    assert redelivered.out == f"Delivery {greet} is scheduled again, in round 2.\n"
    assert cancelled.out == f"Delivery {greet} is cancelled.\n"
    assert (unfit.code, unfit.error["code"]) == (5, "ILLEGAL_TRANSITION")
    assert (silent.code, silent.error["code"]) == (4, "REASON_REQUIRED")
    assert discarded.out == f"Delivery {dead} is discarded.\n"
    assert "operator:ada cancelled it: not needed." in shell("delivery", "show", greet).out


def test_a_bulk_action_is_done_as_far_as_it_can_be(shell):
    """One of those named does not fit: the others are done, and the exit code says so."""
    dead, (greet, *_) = spin(shell), only(shell, "--hook", "greet")
    shell("delivery", "redeliver", greet)

    done = shell("delivery", "redeliver", dead, greet, "-o", "json")

    assert (done.code, done.error["code"]) == (8, "PARTLY_DONE")
    assert (done.json["done"], done.json["left"]) == (1, 1)
    assert done.json["refusals"] == [f"Delivery {greet} is scheduled."]


@pytest.mark.parametrize(
    "line",
    [
        "retry",
        "retry 1:a --all",
        "cancel",
        "discard --reason x",
        "cancel 1:a --hook a",
        "recover",
        "redeliver",
    ],
)
def test_deliveries_are_named_or_chosen(reader, line):
    """One or the other: a slip must not change more than was meant."""
    assert reader("delivery", *line.split()).code == 2


def test_a_bulk_action_is_asked_about(shell):
    """A person sees the plan, and can say no."""
    with terminal(shell, "delivery", "recover", "--since", "1h", NO_COLOR="1") as screen:
        screen.read_until("Go on? [y/N]")
        screen.type("n\n")
        assert screen.finish() == 1

    assert "Redeliver 1 delivery: 1 of hook spin." in screen.screen
    assert len(only(shell, "--dead")) == 1


def test_why_there_is_no_delivery(reader):
    """Somebody who waits for one learns what was missing."""
    done = reader("delivery", "show", "1:greet", "-o", "json")

    assert (done.code, done.error["code"]) == (3, "UNKNOWN_DELIVERY")
    assert "no hook can react to" in done.error["message"]


def test_the_outbox_and_the_storage_of_a_gateway_without_effects_are_empty(reader):
    """That is said, and is no error; what is named and not there is one."""
    assert reader("outbox", "list").err == "There is no such message.\n"
    assert reader("outbox", "list", "-o", "json").json == []
    assert reader("plugin", "storage", "list", "greeter", "-o", "json").json == []
    assert reader("outbox", "show", "1.0", "-o", "json").error["code"] == "UNKNOWN_MESSAGE"
    assert (
        reader("plugin", "storage", "show", "greeter", "x", "-o", "json").error["code"]
        == "UNKNOWN_STORED_VALUE"
    )
    assert reader("outbox", "list", "--after", "x").code == 2
    assert reader("outbox", "retry").code == 2
