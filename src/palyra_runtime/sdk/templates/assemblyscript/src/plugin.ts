/** Greets what an event, or an agent's tool call, is about. */

import { Exit, Json, Level, log, readInput, succeed } from "../kit/palyra";

export function palyra_plugin_main(): i32 {
  const input = readInput();
  if (input === null) return Exit.UnreadableInput;
  const name = subject(input);
  if (name.length == 0) return Exit.UnreadableInput;
  const greeting = "hello " + name;
  log(Level.Info, greeting);
  return succeed(Json.object().set("greeting", Json.string(greeting)));
}

/** The name in a tool call; of an event, the skill that it is about, or else its kind. */
function subject(input: Json): string {
  if (input.has("tool")) return input.get("tool").get("input").get("name").text;
  const event = input.get("event");
  const skill = event.get("payload").get("skill_id").text;
  return skill.length > 0 ? skill : event.get("kind").text;
}
