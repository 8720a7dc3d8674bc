/* Makes each host call that the kit has, and answers with what it was told. */
#include "palyra.h"

static palyra_buffer answers = {0};

static void keep(palyra_text answer) {
  palyra_add_all(&answers, answers.size ? "," : "[");
  palyra_add(&answers, answer);
}

PALYRA_MAIN {
  palyra_text asked = palyra_get(palyra_get(palyra_input(), "tool"), "input");
  palyra_text words = palyra_string(palyra_get(asked, "words"));
  palyra_text second = palyra_item(palyra_get(asked, "list"), 1);
  if (words.at == 0 || palyra_get(asked, "absent").at) return PALYRA_UNREADABLE_INPUT;
  palyra_log(PALYRA_WARN, words);

  keep(palyra_clock_now());
  keep(palyra_random_bytes(8));
  keep(palyra_http_request(palyra_http_handle(0), "POST", palyra_text_of("https://api.example.com/x"),
                           palyra_text_of("{\"Authorization\":{\"secret\":20000,\"prefix\":\"Bearer \"}}"), words));
  keep(palyra_secret_hmac(palyra_secret_handle(palyra_secret_count() - 1), words));
  int notes = palyra_storage_handle(0);
  keep(palyra_storage_put(notes, palyra_text_of("a\"b"), second));
  keep(palyra_storage_get(notes, palyra_text_of("a\"b")));
  keep(palyra_storage_list(notes, palyra_text_of("a"), palyra_text_of("a0")));
  keep(palyra_storage_delete(notes, palyra_text_of("old")));
  keep(palyra_channel_send(palyra_channel_handle(0), second));
  keep(palyra_channel_send(palyra_channel_handle(palyra_channel_count()), second));
  palyra_add_all(&answers, "]");
  return palyra_succeed(palyra_text_in(answers));
}
