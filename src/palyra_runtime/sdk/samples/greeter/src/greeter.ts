/** Greets what a lifecycle event, or an agent's tool call, is about. */

import { Exit, Json, Kind, Level, log, readInput, succeed } from "../kit/palyra";

export function palyra_plugin_main(): i32 {
  const input = readInput();
  if (input === null) return Exit.UnreadableInput;
  const result = input.has("tool") ? greetByName(input.get("tool")) : greetByEvent(input.get("event"));
  if (result === null) return Exit.UnreadableInput;
  log(Level.Info, result.get("greeting").text);
  return succeed(result);
}

function greetByName(tool: Json): Json | null {
  const name = tool.get("input").get("name").text;
  return name.length > 0 ? Json.object().set("greeting", Json.string("hello " + name)) : null;
}

function greetByEvent(event: Json): Json | null {
  const kind = event.get("kind");
  const position = event.get("position");
  if (kind.kind != Kind.String || position.kind != Kind.Number) return null;
  const payload = event.get("payload");
  const skill = payload.get("skill_id");
  const version = payload.get("version");
  return Json.object()
    .set("greeting", Json.string(greeting(kind.text, skill.text, version.text)))
    .set("skill", skill)
    .set("version", version)
    .set("kind", kind)
    .set("position", position);
}

/** `skill:enabled` becomes "now enabled"; an event that is about no skill is greeted by its kind. */
function greeting(kind: string, skill: string, version: string): string {
  if (skill.length == 0) return "hello, " + kind;
  return "hello " + skill + " " + version + ", now " + kind.substring(kind.indexOf(":") + 1);
}
