"""Greets what an event, or an agent's tool call, is about."""

import palyra


def main(request):
    name = subject(request)
    if not name:
        raise palyra.Exit(palyra.UNREADABLE_INPUT)
    greeting = "hello " + name
    palyra.log(palyra.INFO, greeting)
    return {"greeting": greeting}


def subject(request):
    """The name in a tool call; of an event, the skill that it is about, or else its kind."""
    if "tool" in request:
        return request["tool"]["input"].get("name")
    event = request["event"]
    return event["payload"].get("skill_id") or event["kind"]
