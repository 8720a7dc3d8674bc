/* A plugin in Python: its program lies behind the memory that the interpreter starts with.
 *
 * The program begins with its size, followed by its files; each is a name and a content, both preceded by
 * their length (4 bytes, little endian). The first file is the plugin. The kit's module palyra, which is
 * one of the others, reads the input, calls the plugin, and writes the output.
 *
 * Files are bytecode: reading source costs some 40,000 units of fuel a line, and there is no reason to pay
 * that again in every run. The interpreter compiles them itself, when it is called as palyra_compile. */

#include <string.h>

#include "py/builtin.h"
#include "py/compile.h"
#include "py/cstack.h"
#include "py/lexer.h"
#include "py/mperrno.h"
#include "py/objstr.h"
#include "py/persistentcode.h"
#include "py/reader.h"
#include "py/runtime.h"
#include "heap.h"

#define IO(name) __attribute__((import_module("palyra:plugins/host-io@0.2.0"), import_name(name)))
#define CAPABILITY(name) \
  __attribute__((import_module("palyra:plugins/host-capabilities@0.1.0"), import_name(name)))

IO("input-size") size_t io_input_size(void);
IO("input-read") int io_input_read(void *to, size_t room);
IO("output-write") int io_output_write(const void *from, size_t size);
IO("log") void io_log(int level, const void *from, size_t size);
IO("call") size_t io_call(const void *from, size_t size);
IO("call-read") int io_call_read(void *to, size_t room);

CAPABILITY("http-count") int http_count(void);
CAPABILITY("http-handle") int http_handle(int index);
CAPABILITY("secret-count") int secret_count(void);
CAPABILITY("secret-handle") int secret_handle(int index);
CAPABILITY("storage-count") int storage_count(void);
CAPABILITY("storage-handle") int storage_handle(int index);
CAPABILITY("channel-count") int channel_count(void);
CAPABILITY("channel-handle") int channel_handle(int index);

enum { PAGE = 65536, INFO = 2, ERROR = 4 };

/* Exit code of a plugin that an exception has ended. */
enum { RAISED = 70 };

/* Bytes of the C stack. The engine's own stack, which no guest can see, is what would end first: a call
 * in Python takes about six times as much of it. */
enum { STACK_BYTES = 24 * 1024 };

extern unsigned char __heap_base;

/* ---- the program ---- */

typedef struct {
  const char *at;
  uint32_t size;
} text;

static struct {
  const char *start, *end;
} program;

static text read_text(const char **at) {
  uint32_t size;
  memcpy(&size, *at, sizeof size);
  text found = {*at + sizeof size, size};
  *at = found.at + size;
  return found;
}

static uintptr_t find_program(void) {
  uintptr_t start = ((uintptr_t)&__heap_base + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
  uint32_t size = 0;
  if (__builtin_wasm_memory_size(0) * PAGE > start) memcpy(&size, (void *)start, sizeof size);
  program.start = (const char *)start + sizeof size;
  program.end = program.start + size;
  return (uintptr_t)program.end;
}

/* What lies at a path: a file, whose content is then known, a folder, or nothing. */
static mp_import_stat_t look_up(const char *path, text *content) {
  size_t size = strlen(path);
  for (const char *at = program.start; at < program.end;) {
    text name = read_text(&at), found = read_text(&at);
    if (name.size < size || memcmp(name.at, path, size)) continue;
    *content = found;
    if (name.size == size) return MP_IMPORT_STAT_FILE;
    if (name.at[size] == '/') return MP_IMPORT_STAT_DIR;
  }
  return MP_IMPORT_STAT_NO_EXIST;
}

mp_import_stat_t mp_import_stat(const char *path) {
  text content;
  return look_up(path, &content);
}

void mp_reader_new_file(mp_reader_t *reader, qstr path) {
  text content;
  if (look_up(qstr_str(path), &content) != MP_IMPORT_STAT_FILE) mp_raise_OSError(MP_ENOENT);
  mp_reader_new_mem(reader, (const byte *)content.at, content.size, MP_READER_IS_ROM);
}

mp_lexer_t *mp_lexer_new_from_file(qstr path) {
  mp_reader_t reader;
  mp_reader_new_file(&reader, path);
  return mp_lexer_new(path, reader);
}

static mp_obj_t no_file(size_t count, const mp_obj_t *arguments, mp_map_t *keywords) {
  (void)count, (void)arguments, (void)keywords;
  mp_raise_OSError(MP_ENOENT);
}
MP_DEFINE_CONST_FUN_OBJ_KW(mp_builtin_open_obj, 1, no_file);

/* ---- print: each line is a line of the log ---- */

static struct {
  char text[512];
  size_t size;
  int level;
} line = {.level = INFO};

static void end_line(void) {
  io_log(line.level, line.text, line.size);
  line.size = 0;
}

void mp_hal_stdout_tx_strn_cooked(const char *characters, size_t count) {
  for (size_t at = 0; at < count; at++) {
    if (characters[at] == '\n' || line.size == sizeof line.text) end_line();
    if (characters[at] != '\n') line.text[line.size++] = characters[at];
  }
}

/* ---- the module _palyra, on which the kit stands ---- */

static mp_obj_t palyra_main(void) {
  const char *at = program.start;
  text name = read_text(&at);
  return mp_obj_new_str(name.at, name.size - strlen(".mpy"));
}
static MP_DEFINE_CONST_FUN_OBJ_0(palyra_main_obj, palyra_main);

static mp_obj_t palyra_input(void) {
  vstr_t input;
  vstr_init_len(&input, io_input_size());
  io_input_read(input.buf, input.len);
  return mp_obj_new_str_from_vstr(&input);
}
static MP_DEFINE_CONST_FUN_OBJ_0(palyra_input_obj, palyra_input);

static mp_obj_t palyra_output(mp_obj_t document) {
  size_t size;
  const char *at = mp_obj_str_get_data(document, &size);
  return mp_obj_new_bool(io_output_write(at, size) >= 0);
}
static MP_DEFINE_CONST_FUN_OBJ_1(palyra_output_obj, palyra_output);

static mp_obj_t palyra_log(mp_obj_t level, mp_obj_t words) {
  size_t size;
  const char *at = mp_obj_str_get_data(words, &size);
  io_log(mp_obj_get_int(level), at, size);
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(palyra_log_obj, palyra_log);

static mp_obj_t palyra_call(mp_obj_t request) {
  size_t size;
  const char *at = mp_obj_str_get_data(request, &size);
  vstr_t answer;
  vstr_init_len(&answer, io_call(at, size));
  io_call_read(answer.buf, answer.len);
  return mp_obj_new_str_from_vstr(&answer);
}
static MP_DEFINE_CONST_FUN_OBJ_1(palyra_call_obj, palyra_call);

static mp_obj_t handles(int count, int (*handle)(int)) {
  mp_obj_t list = mp_obj_new_list(0, NULL);
  for (int index = 0; index < count; index++) mp_obj_list_append(list, mp_obj_new_int(handle(index)));
  return list;
}

static mp_obj_t palyra_http(void) { return handles(http_count(), http_handle); }
static MP_DEFINE_CONST_FUN_OBJ_0(palyra_http_obj, palyra_http);

static mp_obj_t palyra_secret(void) { return handles(secret_count(), secret_handle); }
static MP_DEFINE_CONST_FUN_OBJ_0(palyra_secret_obj, palyra_secret);

static mp_obj_t palyra_storage(void) { return handles(storage_count(), storage_handle); }
static MP_DEFINE_CONST_FUN_OBJ_0(palyra_storage_obj, palyra_storage);

static mp_obj_t palyra_channel(void) { return handles(channel_count(), channel_handle); }
static MP_DEFINE_CONST_FUN_OBJ_0(palyra_channel_obj, palyra_channel);

static const mp_rom_map_elem_t palyra_members[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__palyra)},
    {MP_ROM_QSTR(MP_QSTR_main), MP_ROM_PTR(&palyra_main_obj)},
    {MP_ROM_QSTR(MP_QSTR_input), MP_ROM_PTR(&palyra_input_obj)},
    {MP_ROM_QSTR(MP_QSTR_output), MP_ROM_PTR(&palyra_output_obj)},
    {MP_ROM_QSTR(MP_QSTR_log), MP_ROM_PTR(&palyra_log_obj)},
    {MP_ROM_QSTR(MP_QSTR_call), MP_ROM_PTR(&palyra_call_obj)},
    {MP_ROM_QSTR(MP_QSTR_http), MP_ROM_PTR(&palyra_http_obj)},
    {MP_ROM_QSTR(MP_QSTR_secret), MP_ROM_PTR(&palyra_secret_obj)},
    {MP_ROM_QSTR(MP_QSTR_storage), MP_ROM_PTR(&palyra_storage_obj)},
    {MP_ROM_QSTR(MP_QSTR_channel), MP_ROM_PTR(&palyra_channel_obj)},
};
static MP_DEFINE_CONST_DICT(palyra_dict, palyra_members);

const mp_obj_module_t palyra_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&palyra_dict,
};
MP_REGISTER_MODULE(MP_QSTR__palyra, palyra_module);

/* ---- the run ---- */

static int run(void) {
  mp_obj_t kit = mp_import_name(MP_QSTR_palyra, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
  return mp_obj_get_int(mp_call_function_0(mp_load_attr(kit, MP_QSTR_run)));
}

static void write_output(void *unused, const char *at, size_t size) {
  (void)unused;
  io_output_write(at, size);
}

/* Reads a file's name, a zero byte and its source, and writes its bytecode. */
static int compile(void) {
  const mp_print_t output = {NULL, write_output};
  mp_compiled_module_t compiled = {.context = m_new_obj(mp_module_context_t)};
  size_t size = io_input_size();
  char *input = m_new(char, size);
  io_input_read(input, size);
  size_t start = strlen(input) + 1;
  mp_lexer_t *lexer = mp_lexer_new_from_str_len(qstr_from_str(input), input + start, size - start, 0);
  qstr name = lexer->source_name;
  mp_parse_tree_t tree = mp_parse(lexer, MP_PARSE_FILE_INPUT);
  mp_compile_to_raw_code(&tree, name, false, &compiled);
  mp_raw_code_save(&compiled, (mp_print_t *)&output);
  return 0;
}

static int attempt(int (*what)(void)) {
  nlr_buf_t raised;
  int code = RAISED;
  heap_start(find_program());
  mp_cstack_init_with_sp_here(STACK_BYTES);
  mp_init();
  if (nlr_push(&raised) == 0) {
    code = what();
    nlr_pop();
  } else {
    line.level = ERROR;
    mp_obj_print_exception(&mp_plat_print, MP_OBJ_FROM_PTR(raised.ret_val));
  }
  if (line.size > 0) end_line();
  return code;
}

__attribute__((export_name("palyra_plugin_main"))) int palyra_plugin_main(void) { return attempt(run); }

__attribute__((export_name("palyra_compile"))) int palyra_compile(void) { return attempt(compile); }

/* An exception that nobody would catch: there is always the one above. */
void nlr_jump_fail(void *value) {
  (void)value;
  __builtin_trap();
}
