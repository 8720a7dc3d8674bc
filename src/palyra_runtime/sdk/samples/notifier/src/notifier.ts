/** Says in one line, and as data, that a release was quarantined and why. */

import { Exit, Json, Kind, Level, log, readInput, succeed } from "../kit/palyra";

export function palyra_plugin_main(): i32 {
  const input = readInput();
  if (input === null) return Exit.UnreadableInput;
  const quarantined = input.has("tool") ? input.get("tool").get("input") : input.get("event").get("payload");
  const result = notice(quarantined);
  if (result === null) return Exit.UnreadableInput;
  log(Level.Warn, result.get("notice").text);
  return succeed(result);
}

function notice(quarantined: Json): Json | null {
  const skill = quarantined.get("skill_id");
  const version = quarantined.get("version");
  const reasons = reasonTexts(quarantined.get("reasons"));
  if (skill.text.length == 0 || version.text.length == 0 || reasons === null) return null;
  return Json.object()
    .set("notice", Json.string(skill.text + " " + version.text + " was quarantined"))
    .set("skill", skill)
    .set("version", version)
    .set("reasons", reasons);
}

/** The list itself where it is one of texts only: a notice must not claim what it cannot show. */
function reasonTexts(reasons: Json): Json | null {
  if (reasons.kind != Kind.Array) return null;
  for (let i = 0; i < reasons.length; i++) {
    if (reasons.at(i).kind != Kind.String) return null;
  }
  return reasons;
}
