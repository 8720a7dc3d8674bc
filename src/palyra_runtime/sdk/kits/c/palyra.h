/* The host, as a guest written in C sees it: its input, its output, a log, and host calls.
 *
 * One header and no library. A guest includes it in its one source file and defines its entrypoint:
 *
 *     #include "palyra.h"
 *     PALYRA_MAIN { return palyra_succeed(palyra_get(palyra_input(), "event")); }
 *
 *     clang --target=wasm32 -Os -nostdlib -ffreestanding -fno-builtin \
 *       -Wl,--no-entry -Wl,--stack-first plugin.c -o plugin.wasm
 *
 * With -DPALYRA_COMPONENT the same source makes the module of a component, which wasm-tools puts
 * together: see docs/guest-contract.md.
 *
 * JSON is handled as text: a value is the range of its characters in a larger text, and is looked
 * into where it lies. Every run gets a new instance, so memory is only ever taken, and never freed.
 */

#ifndef PALYRA_H
#define PALYRA_H

#ifdef PALYRA_COMPONENT
#define PALYRA_IO_VERSION "0.3.0"
#define PALYRA_CAPABILITIES_VERSION "0.3.0"
#define PALYRA_ENTRYPOINT "palyra-plugin-main"
#else
#define PALYRA_IO_VERSION "0.2.0"
#define PALYRA_CAPABILITIES_VERSION "0.1.0"
#define PALYRA_ENTRYPOINT "palyra_plugin_main"
#endif

#define PALYRA_API static __attribute__((unused))
#define PALYRA_IO(name) \
  __attribute__((import_module("palyra:plugins/host-io@" PALYRA_IO_VERSION), import_name(name)))
#define PALYRA_CAPABILITY(name) \
  __attribute__((import_module("palyra:plugins/host-capabilities@" PALYRA_CAPABILITIES_VERSION), import_name(name)))

/* The function that the host calls; what it returns is the exit code. */
#define PALYRA_MAIN __attribute__((export_name(PALYRA_ENTRYPOINT))) int palyra_plugin_main(void)

/* Exit codes that the kits use; 0 to 49 are successes, the rest are failures. */
enum { PALYRA_OK = 0, PALYRA_UNREADABLE_INPUT = 64, PALYRA_OUTPUT_REFUSED = 65 };

enum { PALYRA_TRACE, PALYRA_DEBUG, PALYRA_INFO, PALYRA_WARN, PALYRA_ERROR };

typedef unsigned int palyra_size;

/* Some characters in UTF-8; `at` is 0 where there is nothing, not even an empty text. */
typedef struct {
  const char *at;
  palyra_size size;
} palyra_text;

/* A text that grows. Start with {0}. */
typedef struct {
  char *at;
  palyra_size size, room;
} palyra_buffer;

PALYRA_IO("log") void palyra_io_log(int level, const void *from, palyra_size size);
#ifdef PALYRA_COMPONENT
PALYRA_IO("input") void palyra_io_input(palyra_text *to);
PALYRA_IO("output") int palyra_io_output(const void *from, palyra_size size);
PALYRA_IO("call") void palyra_io_call(const void *from, palyra_size size, palyra_text *to);
#else
PALYRA_IO("input-size") int palyra_io_input_size(void);
PALYRA_IO("input-read") int palyra_io_input_read(void *to, palyra_size room);
PALYRA_IO("output-write") int palyra_io_output_write(const void *from, palyra_size size);
PALYRA_IO("call") int palyra_io_call(const void *from, palyra_size size);
PALYRA_IO("call-read") int palyra_io_call_read(void *to, palyra_size room);
#endif

/* How many grants of a class there are, and the handle of each: -1 where there is none. */
PALYRA_CAPABILITY("http-count") int palyra_http_count(void);
PALYRA_CAPABILITY("http-handle") int palyra_http_handle(int index);
PALYRA_CAPABILITY("secret-count") int palyra_secret_count(void);
PALYRA_CAPABILITY("secret-handle") int palyra_secret_handle(int index);
PALYRA_CAPABILITY("storage-count") int palyra_storage_count(void);
PALYRA_CAPABILITY("storage-handle") int palyra_storage_handle(int index);
PALYRA_CAPABILITY("channel-count") int palyra_channel_count(void);
PALYRA_CAPABILITY("channel-handle") int palyra_channel_handle(int index);

/* ---- texts ---- */

extern unsigned char __heap_base;

/* Memory for the rest of the run; traps where the host gives no more. */
PALYRA_API void *palyra_take(palyra_size size) {
  static palyra_size next;
  if (next == 0) next = (palyra_size)&__heap_base;
  palyra_size start = (next + 7) & ~7u;
  palyra_size end = start + size, have = (palyra_size)__builtin_wasm_memory_size(0) << 16;
  if (end < start) __builtin_trap();
  if (end > have && __builtin_wasm_memory_grow(0, ((end - have) + 65535) >> 16) == (palyra_size)-1)
    __builtin_trap();
  next = end;
  return (void *)start;
}

PALYRA_API palyra_text palyra_text_of(const char *characters) {
  palyra_size size = 0;
  while (characters[size]) size++;
  return (palyra_text){characters, size};
}

PALYRA_API int palyra_is(palyra_text text, const char *characters) {
  palyra_text other = palyra_text_of(characters);
  if (text.at == 0 || text.size != other.size) return 0;
  for (palyra_size i = 0; i < text.size; i++)
    if (text.at[i] != other.at[i]) return 0;
  return 1;
}

PALYRA_API void palyra_add(palyra_buffer *buffer, palyra_text text) {
  if (text.size > buffer->room - buffer->size) {
    palyra_size room = 2 * (buffer->size + text.size) + 64;
    char *at = palyra_take(room);
    for (palyra_size i = 0; i < buffer->size; i++) at[i] = buffer->at[i];
    buffer->at = at;
    buffer->room = room;
  }
  for (palyra_size i = 0; i < text.size; i++) buffer->at[buffer->size + i] = text.at[i];
  buffer->size += text.size;
}

PALYRA_API void palyra_add_all(palyra_buffer *buffer, const char *characters) {
  palyra_add(buffer, palyra_text_of(characters));
}

PALYRA_API void palyra_add_byte(palyra_buffer *buffer, unsigned byte) {
  char one = (char)byte;
  palyra_add(buffer, (palyra_text){&one, 1});
}

PALYRA_API palyra_text palyra_text_in(palyra_buffer buffer) { return (palyra_text){buffer.at, buffer.size}; }

PALYRA_API void palyra_add_number(palyra_buffer *buffer, long long number) {
  char digits[20];
  palyra_size first = sizeof digits;
  unsigned long long rest = number < 0 ? 0ull - (unsigned long long)number : (unsigned long long)number;
  do digits[--first] = (char)('0' + rest % 10);
  while (rest /= 10);
  if (number < 0) palyra_add_byte(buffer, '-');
  palyra_add(buffer, (palyra_text){digits + first, sizeof digits - first});
}

/* A JSON string of these characters (RFC 8259 section 7). */
PALYRA_API void palyra_add_string(palyra_buffer *buffer, palyra_text text) {
  palyra_add_byte(buffer, '"');
  for (palyra_size i = 0; i < text.size; i++) {
    unsigned char byte = (unsigned char)text.at[i];
    if (byte == '"' || byte == '\\') palyra_add_byte(buffer, '\\');
    if (byte >= 0x20) {
      palyra_add_byte(buffer, byte);
    } else {
      palyra_add_all(buffer, "\\u00");
      palyra_add_byte(buffer, (unsigned char)"0123456789abcdef"[byte >> 4]);
      palyra_add_byte(buffer, (unsigned char)"0123456789abcdef"[byte & 15]);
    }
  }
  palyra_add_byte(buffer, '"');
}

/* ---- reading JSON ----
 *
 * What the host gives is JSON, and is taken for it: these functions find values, they do not check
 * texts. What is absent or of another kind reads as nothing, so a path can be followed without a
 * check at each step. */

PALYRA_API palyra_size palyra_json_blanks(palyra_text json, palyra_size at) {
  while (at < json.size && (json.at[at] == ' ' || json.at[at] == '\n' || json.at[at] == '\r' || json.at[at] == '\t'))
    at++;
  return at;
}

/* The end of the string that begins at `at`. */
PALYRA_API palyra_size palyra_json_string_end(palyra_text json, palyra_size at) {
  for (at++; at < json.size && json.at[at] != '"'; at++)
    if (json.at[at] == '\\') at++;
  return at < json.size ? at + 1 : json.size;
}

/* The end of the value that begins at `at`: of a container, its last bracket. */
PALYRA_API palyra_size palyra_json_end(palyra_text json, palyra_size at) {
  int depth = 0;
  while (at < json.size) {
    char c = json.at[at];
    if (c == '"') {
      at = palyra_json_string_end(json, at);
    } else if (depth == 0 && (c == ',' || c == '}' || c == ']' || c <= ' ')) {
      return at;
    } else {
      if (c == '{' || c == '[') depth++;
      if (c == '}' || c == ']') depth--;
      at++;
      if (depth > 0 || (c != '}' && c != ']')) continue;
    }
    if (depth == 0) return at;
  }
  return json.size;
}

PALYRA_API palyra_text palyra_json_value(palyra_text json, palyra_size at) {
  return (palyra_text){json.at + at, palyra_json_end(json, at) - at};
}

/* A character by its number, in UTF-8; half of a surrogate pair becomes U+FFFD. */
PALYRA_API void palyra_add_character(palyra_buffer *buffer, unsigned code) {
  if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
  if (code < 0x80) {
    palyra_add_byte(buffer, code);
    return;
  }
  if (code >= 0x10000) {
    palyra_add_byte(buffer, 0xf0 | code >> 18);
    palyra_add_byte(buffer, 0x80 | (code >> 12 & 0x3f));
  } else if (code >= 0x800) {
    palyra_add_byte(buffer, 0xe0 | code >> 12);
  }
  palyra_add_byte(buffer, code >= 0x800 ? 0x80 | (code >> 6 & 0x3f) : 0xc0 | code >> 6);
  palyra_add_byte(buffer, 0x80 | (code & 0x3f));
}

/* The four hexadecimal digits at `at`. */
PALYRA_API unsigned palyra_json_unit(palyra_text json, palyra_size at) {
  unsigned unit = 0;
  for (palyra_size i = at; i < at + 4 && i < json.size; i++) {
    unsigned digit = (unsigned char)json.at[i];
    unit = unit << 4 | ((digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10) & 15);
  }
  return unit;
}

/* Adds what the escape means whose letter is at `at`, and returns where it ends. */
PALYRA_API palyra_size palyra_json_escape(palyra_buffer *text, palyra_text json, palyra_size at) {
  const char *letters = "\"\\/bfnrt", *meant = "\"\\/\b\f\n\r\t";
  for (palyra_size i = 0; letters[i] && at < json.size; i++)
    if (letters[i] == json.at[at]) {
      palyra_add_byte(text, (unsigned char)meant[i]);
      return at + 1;
    }
  unsigned code = palyra_json_unit(json, at + 1);
  int is_pair = code >= 0xd800 && code <= 0xdbff && at + 6 < json.size && json.at[at + 5] == '\\' &&
                json.at[at + 6] == 'u';
  if (is_pair) code = 0x10000 + ((code & 0x3ff) << 10) + (palyra_json_unit(json, at + 7) & 0x3ff);
  palyra_add_character(text, code);
  return at + (is_pair ? 11 : 5);
}

/* The characters of a JSON string; nothing for any other value. */
PALYRA_API palyra_text palyra_string(palyra_text json) {
  palyra_size at = palyra_json_blanks(json, 0);
  if (at >= json.size || json.at[at] != '"') return (palyra_text){0, 0};
  /* What it stands for is never longer than its JSON text. */
  palyra_buffer text = {palyra_take(json.size), 0, json.size};
  for (at++; at < json.size && json.at[at] != '"';) {
    if (json.at[at] == '\\') {
      at = palyra_json_escape(&text, json, at + 1);
    } else {
      palyra_add_byte(&text, (unsigned char)json.at[at++]);
    }
  }
  return palyra_text_in(text);
}

/* The JSON text of the member named `key`; nothing where this is no object or has no such member. */
PALYRA_API palyra_text palyra_get(palyra_text json, const char *key) {
  palyra_size at = palyra_json_blanks(json, 0);
  if (at >= json.size || json.at[at] != '{') return (palyra_text){0, 0};
  for (at = palyra_json_blanks(json, at + 1); at < json.size && json.at[at] == '"';) {
    palyra_size end = palyra_json_string_end(json, at);
    int found = palyra_is(palyra_string((palyra_text){json.at + at, end - at}), key);
    at = palyra_json_blanks(json, palyra_json_blanks(json, end) + 1);
    if (found) return palyra_json_value(json, at);
    at = palyra_json_blanks(json, palyra_json_end(json, at));
    at = palyra_json_blanks(json, at + 1);
  }
  return (palyra_text){0, 0};
}

/* The JSON text of the item at `index`; nothing where this is no array or is shorter. */
PALYRA_API palyra_text palyra_item(palyra_text json, palyra_size index) {
  palyra_size at = palyra_json_blanks(json, 0);
  if (at >= json.size || json.at[at] != '[') return (palyra_text){0, 0};
  at = palyra_json_blanks(json, at + 1);
  while (at < json.size && json.at[at] != ']') {
    if (index-- == 0) return palyra_json_value(json, at);
    at = palyra_json_blanks(json, palyra_json_end(json, at));
    at = palyra_json_blanks(json, at + 1);
  }
  return (palyra_text){0, 0};
}

/* ---- the run ---- */

#ifdef PALYRA_COMPONENT
/* Where the host puts what it gives; it never asks to move what is there already. */
__attribute__((export_name("cabi_realloc"))) void *palyra_room(
    void *old, palyra_size old_size, palyra_size align, palyra_size size) {
  (void)old, (void)old_size, (void)align;
  return palyra_take(size);
}

/* What this run is about: a JSON object. */
PALYRA_API palyra_text palyra_input(void) {
  palyra_text input;
  palyra_io_input(&input);
  return input;
}

/* Appends to the output; returns 0 where the host takes no more. */
PALYRA_API int palyra_output(palyra_text text) { return palyra_io_output(text.at, text.size); }

/* One host call, given and answered as JSON: {"ok": …} or {"error": …}; a refusal is an answer too. */
PALYRA_API palyra_text palyra_call(palyra_text request) {
  palyra_text answer;
  palyra_io_call(request.at, request.size, &answer);
  return answer;
}
#else
/* What this run is about: a JSON object. */
PALYRA_API palyra_text palyra_input(void) {
  palyra_size size = (palyra_size)palyra_io_input_size();
  char *at = palyra_take(size);
  return palyra_io_input_read(at, size) < 0 ? (palyra_text){0, 0} : (palyra_text){at, size};
}

/* Appends to the output; returns 0 where the host takes no more. */
PALYRA_API int palyra_output(palyra_text text) { return palyra_io_output_write(text.at, text.size) >= 0; }

/* One host call, given and answered as JSON: {"ok": …} or {"error": …}; a refusal is an answer too. */
PALYRA_API palyra_text palyra_call(palyra_text request) {
  palyra_size size = (palyra_size)palyra_io_call(request.at, request.size);
  char *at = palyra_take(size);
  palyra_io_call_read(at, size);
  return (palyra_text){at, size};
}
#endif

/* Hands {"result": RESULT} to the host, where RESULT is JSON, and says how the run ends. */
PALYRA_API int palyra_succeed(palyra_text result) {
  palyra_buffer output = {0};
  palyra_add_all(&output, "{\"result\":");
  palyra_add(&output, result.at ? result : palyra_text_of("null"));
  palyra_add_all(&output, "}");
  return palyra_output(palyra_text_in(output)) ? PALYRA_OK : PALYRA_OUTPUT_REFUSED;
}

/* Writes one log line; the operator sees it beside the outcome, also when the guest fails. */
PALYRA_API void palyra_log(int level, palyra_text line) { palyra_io_log(level, line.at, line.size); }

/* ---- host calls ----
 *
 * Each returns the host's answer. Arguments named `…_json` are JSON text; `at` 0 leaves them out. */

PALYRA_API palyra_buffer palyra_request(const char *operation, int handle) {
  palyra_buffer request = {0};
  palyra_add_all(&request, "{\"op\":");
  palyra_add_string(&request, palyra_text_of(operation));
  palyra_add_all(&request, ",\"handle\":");
  palyra_add_number(&request, handle);
  return request;
}

PALYRA_API void palyra_with_json(palyra_buffer *request, const char *key, palyra_text json) {
  if (json.at == 0) return;
  palyra_add_all(request, ",");
  palyra_add_string(request, palyra_text_of(key));
  palyra_add_all(request, ":");
  palyra_add(request, json);
}

PALYRA_API void palyra_with(palyra_buffer *request, const char *key, palyra_text text) {
  palyra_buffer json = {0};
  if (text.at == 0) return;
  palyra_add_string(&json, text);
  palyra_with_json(request, key, palyra_text_in(json));
}

PALYRA_API palyra_text palyra_ask(palyra_buffer request) {
  palyra_add_all(&request, "}");
  return palyra_call(palyra_text_in(request));
}

PALYRA_API palyra_text palyra_clock_now(void) { return palyra_call(palyra_text_of("{\"op\":\"clock.now\"}")); }

PALYRA_API palyra_text palyra_random_bytes(int count) {
  palyra_buffer request = {0};
  palyra_add_all(&request, "{\"op\":\"random.bytes\",\"n\":");
  palyra_add_number(&request, count);
  return palyra_ask(request);
}

/* A header may be filled in by the host: {"Authorization": {"secret": HANDLE, "prefix": "Bearer "}}. */
PALYRA_API palyra_text palyra_http_request(
    int handle, const char *method, palyra_text url, palyra_text headers_json, palyra_text body) {
  palyra_buffer request = palyra_request("http.request", handle);
  palyra_with(&request, "method", palyra_text_of(method));
  palyra_with(&request, "url", url);
  palyra_with_json(&request, "headers", headers_json);
  palyra_with(&request, "body", body);
  return palyra_ask(request);
}

PALYRA_API palyra_text palyra_secret_hmac(int handle, palyra_text data) {
  palyra_buffer request = palyra_request("secret.hmac", handle);
  palyra_with(&request, "data", data);
  return palyra_ask(request);
}

PALYRA_API palyra_text palyra_storage_get(int handle, palyra_text key) {
  palyra_buffer request = palyra_request("storage.get", handle);
  palyra_with(&request, "key", key);
  return palyra_ask(request);
}

PALYRA_API palyra_text palyra_storage_put(int handle, palyra_text key, palyra_text value_json) {
  palyra_buffer request = palyra_request("storage.put", handle);
  palyra_with(&request, "key", key);
  palyra_with_json(&request, "value", value_json);
  return palyra_ask(request);
}

PALYRA_API palyra_text palyra_storage_delete(int handle, palyra_text key) {
  palyra_buffer request = palyra_request("storage.delete", handle);
  palyra_with(&request, "key", key);
  return palyra_ask(request);
}

/* The keys that begin with `prefix` and come after `after`, which is the `next` of the page before. */
PALYRA_API palyra_text palyra_storage_list(int handle, palyra_text prefix, palyra_text after) {
  palyra_buffer request = palyra_request("storage.list", handle);
  palyra_with(&request, "prefix", prefix);
  palyra_with(&request, "after", after);
  return palyra_ask(request);
}

PALYRA_API palyra_text palyra_channel_send(int handle, palyra_text message_json) {
  palyra_buffer request = palyra_request("channel.send", handle);
  palyra_with_json(&request, "message", message_json);
  return palyra_ask(request);
}

#endif
