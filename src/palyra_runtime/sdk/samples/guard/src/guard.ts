/** Decides which tools an agent may use: its operator lists them in the plugin's configuration. */

import { Exit, Json, Kind, Level, log, readInput, succeed } from "../kit/palyra";

/** Exit codes that are decisions at a phase of a run. */
const enum Decision {
  Continue = 0,
  Annotate = 10,
  RequestApproval = 20,
  Block = 30,
}

export function palyra_plugin_main(): i32 {
  const input = readInput();
  if (input === null) return Exit.UnreadableInput;
  const asked = input.has("tool") ? input.get("tool").get("input") : input.get("event").get("payload");
  const tool = asked.get("tool");
  if (tool.kind != Kind.String) return Exit.UnreadableInput;
  return decide(tool.text, input.get("config"));
}

function decide(tool: string, config: Json): i32 {
  if (lists(config.get("blocked_tools"), tool)) return say(Decision.Block, tool + " is not allowed here");
  if (lists(config.get("approval_tools"), tool)) return say(Decision.RequestApproval, tool + " needs a person's yes");
  if (lists(config.get("known_tools"), tool)) return say(Decision.Continue, tool + " is known");
  return say(Decision.Annotate, tool + " is on no list");
}

function lists(tools: Json, tool: string): bool {
  for (let index = 0; index < tools.length; index++) {
    if (tools.at(index).text == tool) return true;
  }
  return false;
}

function say(decision: Decision, reason: string): i32 {
  log(Level.Info, reason);
  const exit = succeed(Json.object().set("reason", Json.string(reason)));
  return exit == Exit.Ok ? decision : exit;
}
