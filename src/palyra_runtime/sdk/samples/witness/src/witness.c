/* Says what it was told and when: the sample of a component. Built with the C kit. */
#include "palyra.h"

PALYRA_MAIN {
  palyra_text input = palyra_input();
  palyra_text kind = palyra_get(palyra_get(input, "event"), "kind");
  palyra_text saw = kind.at ? kind : palyra_get(palyra_get(palyra_get(input, "tool"), "input"), "what");
  if (saw.at == 0) return PALYRA_UNREADABLE_INPUT;

  palyra_buffer report = {0};
  palyra_add_all(&report, "{\"saw\":");
  palyra_add(&report, saw);
  palyra_add_all(&report, ",\"at\":");
  palyra_add(&report, palyra_get(palyra_get(palyra_clock_now(), "ok"), "timestamp"));
  palyra_add_all(&report, "}");
  palyra_log(PALYRA_INFO, palyra_string(saw));
  return palyra_succeed(palyra_text_in(report));
}
