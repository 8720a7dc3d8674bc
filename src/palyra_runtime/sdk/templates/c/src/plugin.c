/* Greets what an event, or an agent's tool call, is about. */

#include "palyra.h"

/* The name in a tool call; of an event, the skill that it is about, or else its kind. */
static palyra_text subject(palyra_text input) {
  palyra_text tool = palyra_get(input, "tool"), event = palyra_get(input, "event");
  if (tool.at) return palyra_string(palyra_get(palyra_get(tool, "input"), "name"));
  palyra_text skill = palyra_string(palyra_get(palyra_get(event, "payload"), "skill_id"));
  return skill.at ? skill : palyra_string(palyra_get(event, "kind"));
}

PALYRA_MAIN {
  palyra_text name = subject(palyra_input());
  if (name.size == 0) return PALYRA_UNREADABLE_INPUT;

  palyra_buffer greeting = {0}, result = {0};
  palyra_add_all(&greeting, "hello ");
  palyra_add(&greeting, name);
  palyra_log(PALYRA_INFO, palyra_text_in(greeting));

  palyra_add_all(&result, "{\"greeting\":");
  palyra_add_string(&result, palyra_text_in(greeting));
  palyra_add_all(&result, "}");
  return palyra_succeed(palyra_text_in(result));
}
