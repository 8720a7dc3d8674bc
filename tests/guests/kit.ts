/** Makes each host call that the kit has, and answers with what it was told. */

import { Exit, Json, Kind, Level, channel, clock, http, log, random, readInput, secret, storage, succeed } from "./palyra";

export function palyra_plugin_main(): i32 {
  const input = readInput();
  if (input === null) return Exit.UnreadableInput;
  const asked = input.get("tool").get("input");
  const words = asked.get("words").text;
  const second = asked.get("list").at(1);
  if (words.length == 0 || asked.get("absent").kind != Kind.Null) return Exit.UnreadableInput;
  log(Level.Warn, words);

  const notes = storage.handle(0);
  const bearer = Json.object().set("Authorization", secret.header(20000, "Bearer "));
  return succeed(
    Json.array()
      .push(clock.now())
      .push(random.bytes(8))
      .push(http.request(http.handle(0), "POST", "https://api.example.com/x", bearer, words))
      .push(secret.hmac(secret.handle(secret.count() - 1), words))
      .push(storage.put(notes, 'a"b', second))
      .push(storage.get(notes, 'a"b'))
      .push(storage.list(notes, "a", "a0"))
      .push(storage.remove(notes, "old"))
      .push(channel.send(channel.handle(0), second))
      .push(channel.send(channel.handle(channel.count()), second)),
  );
}
