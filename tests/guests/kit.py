"""Makes each call that the kit has, and answers with all answers."""

import palyra
from palyra import channel, clock, http, random, secret, storage


def main(request):
    asked = (request["tool"] or {}).get("input") if isinstance(request["tool"], dict) else None
    if not asked:
        raise palyra.Exit(palyra.UNREADABLE_INPUT)
    words, second = asked["words"], asked["list"][1]
    palyra.log(palyra.WARN, words)
    notes = storage.handles()[0]
    # The grants in the order of their names: "key", then "token".
    key, token = secret.handles()
    headers = {"Authorization": secret.header(key, "Bearer ")}
    return [
        clock.now(),
        random.bytes(8),
        http.request(http.handles()[0], "POST", "https://api.example.com/x", headers, words),
        secret.hmac(token, words),
        storage.put(notes, 'a"b', second),
        storage.get(notes, 'a"b'),
        storage.list(notes, "a", "a0"),
        storage.delete(notes, "old"),
        channel.send(channel.handles()[0], second),
        storage.get(-1, "none"),
    ]
