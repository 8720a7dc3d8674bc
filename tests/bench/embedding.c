/* The same invocation as the sandbox makes it, in C over the same library: a fresh store with limits,
 * fuel and a deadline, an instance, one call, the output copied out. Prints nanoseconds per invocation.
 *
 *   embedding MODULE.wasm INPUT ROUNDS pool|default
 *
 * "pool" has the sandbox's configuration; "default" takes memory from the system for each instance, as
 * the library does where nobody says otherwise. The wheel ships no headers; these prototypes are those of
 * wasmtime.h 50.0.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasm_functype_t wasm_functype_t;
typedef struct wasm_valtype_t wasm_valtype_t;
typedef struct wasm_trap_t wasm_trap_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_module wasmtime_module_t;
typedef struct wasmtime_linker wasmtime_linker_t;
typedef struct wasmtime_instance_pre wasmtime_instance_pre_t;
typedef struct wasmtime_store wasmtime_store_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_caller wasmtime_caller_t;
typedef struct pooling_t pooling_t;
typedef struct { size_t size; wasm_valtype_t **data; } wasm_valtype_vec_t;
typedef struct { uint64_t store_id; void *private; } wasmtime_func_t;
typedef struct { struct { uint64_t store_id; uint32_t private1; } anon; uint32_t private2; } wasmtime_memory_t;
typedef struct { uint64_t store_id; size_t private; } wasmtime_instance_t;
typedef struct { uint8_t kind; union { wasmtime_func_t func; wasmtime_memory_t memory; uint64_t space[3]; } of; } wasmtime_extern_t;
typedef union { int32_t i32; int64_t i64; uint8_t v128[16]; } wasmtime_val_raw_t;
typedef wasm_trap_t *(*callback_t)(void *env, wasmtime_caller_t *, wasmtime_val_raw_t *, size_t);

wasm_config_t *wasm_config_new(void);
wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *);
wasm_valtype_t *wasm_valtype_new(uint8_t);
wasm_functype_t *wasm_functype_new(wasm_valtype_vec_t *, wasm_valtype_vec_t *);
void wasm_valtype_vec_new(wasm_valtype_vec_t *, size_t, wasm_valtype_t *const[]);
void wasmtime_config_consume_fuel_set(wasm_config_t *, bool);
void wasmtime_config_epoch_interruption_set(wasm_config_t *, bool);
void wasmtime_config_cranelift_nan_canonicalization_set(wasm_config_t *, bool);
void wasmtime_config_max_wasm_stack_set(wasm_config_t *, size_t);
void wasmtime_config_memory_reservation_set(wasm_config_t *, uint64_t);
pooling_t *wasmtime_pooling_allocation_config_new(void);
void wasmtime_pooling_allocation_config_delete(pooling_t *);
void wasmtime_pooling_allocation_config_total_core_instances_set(pooling_t *, uint32_t);
void wasmtime_pooling_allocation_config_total_memories_set(pooling_t *, uint32_t);
void wasmtime_pooling_allocation_config_total_tables_set(pooling_t *, uint32_t);
void wasmtime_pooling_allocation_config_max_memory_size_set(pooling_t *, size_t);
void wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pooling_t *, size_t);
void wasmtime_pooling_allocation_strategy_set(wasm_config_t *, const pooling_t *);
wasmtime_error_t *wasmtime_module_new(wasm_engine_t *, const uint8_t *, size_t, wasmtime_module_t **);
wasmtime_linker_t *wasmtime_linker_new(wasm_engine_t *);
wasmtime_error_t *wasmtime_linker_define_func_unchecked(wasmtime_linker_t *, const char *, size_t, const char *, size_t, const wasm_functype_t *, callback_t, void *, void (*)(void *));
wasmtime_error_t *wasmtime_linker_instantiate_pre(const wasmtime_linker_t *, const wasmtime_module_t *, wasmtime_instance_pre_t **);
wasmtime_error_t *wasmtime_instance_pre_instantiate(const wasmtime_instance_pre_t *, wasmtime_context_t *, wasmtime_instance_t *, wasm_trap_t **);
wasmtime_store_t *wasmtime_store_new(wasm_engine_t *, void *, void (*)(void *));
wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *);
void wasmtime_store_limiter(wasmtime_store_t *, int64_t, int64_t, int64_t, int64_t, int64_t);
void wasmtime_store_delete(wasmtime_store_t *);
void *wasmtime_context_get_data(const wasmtime_context_t *);
wasmtime_error_t *wasmtime_context_set_fuel(wasmtime_context_t *, uint64_t);
wasmtime_error_t *wasmtime_context_get_fuel(const wasmtime_context_t *, uint64_t *);
void wasmtime_context_set_epoch_deadline(wasmtime_context_t *, uint64_t);
wasmtime_context_t *wasmtime_caller_context(wasmtime_caller_t *);
bool wasmtime_caller_export_get(wasmtime_caller_t *, const char *, size_t, wasmtime_extern_t *);
bool wasmtime_instance_export_get(wasmtime_context_t *, const wasmtime_instance_t *, const char *, size_t, wasmtime_extern_t *);
uint8_t *wasmtime_memory_data(const wasmtime_context_t *, const wasmtime_memory_t *);
size_t wasmtime_memory_data_size(const wasmtime_context_t *, const wasmtime_memory_t *);
wasmtime_error_t *wasmtime_func_call_unchecked(wasmtime_context_t *, const wasmtime_func_t *, wasmtime_val_raw_t *, size_t, wasm_trap_t **);
wasm_trap_t *wasmtime_trap_new(const char *, size_t);

#define IO "palyra:plugins/host-io@0.2.0"
#define CALL_FUEL 1000
#define FUEL 10000000
#define OUTPUT_BYTES_MAX (1 << 20)

typedef struct { const uint8_t *input; size_t input_size; uint8_t *output; size_t output_size; } session_t;

static void check(const void *error, const char *step) {
    if (error) { fprintf(stderr, "embedding: %s failed\n", step); exit(1); }
}

static session_t *paid(wasmtime_caller_t *caller, uint64_t units) {
    wasmtime_context_t *context = wasmtime_caller_context(caller);
    uint64_t left = 0;
    check(wasmtime_context_get_fuel(context, &left), "get_fuel");
    if (left < units) return NULL;
    check(wasmtime_context_set_fuel(context, left - units), "set_fuel");
    return wasmtime_context_get_data(context);
}

static uint8_t *range(wasmtime_caller_t *caller, uint32_t pointer, uint32_t size) {
    wasmtime_extern_t item;
    if (!wasmtime_caller_export_get(caller, "memory", 6, &item) || item.kind != 3) return NULL;
    wasmtime_context_t *context = wasmtime_caller_context(caller);
    if ((uint64_t)pointer + size > wasmtime_memory_data_size(context, &item.of.memory)) return NULL;
    return wasmtime_memory_data(context, &item.of.memory) + pointer;
}

static wasm_trap_t *stop(void) { return wasmtime_trap_new("ended by the host", 17); }

static wasm_trap_t *input_size(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t n) {
    (void)env, (void)n;
    session_t *session = paid(caller, CALL_FUEL);
    if (!session) return stop();
    values[0].i32 = (int32_t)session->input_size;
    return NULL;
}

static wasm_trap_t *input_read(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t n) {
    (void)env, (void)n;
    session_t *session = paid(caller, CALL_FUEL);
    if (!session) return stop();
    uint8_t *to = range(caller, (uint32_t)values[0].i32, (uint32_t)values[1].i32);
    if (!to) return stop();
    if (session->input_size > (uint32_t)values[1].i32) { values[0].i32 = -1; return NULL; }
    if (!paid(caller, session->input_size)) return stop();
    memcpy(to, session->input, session->input_size);
    values[0].i32 = (int32_t)session->input_size;
    return NULL;
}

static wasm_trap_t *output_write(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t n) {
    (void)env, (void)n;
    session_t *session = paid(caller, CALL_FUEL);
    if (!session) return stop();
    uint32_t size = (uint32_t)values[1].i32;
    uint8_t *from = range(caller, (uint32_t)values[0].i32, size);
    if (!from || !paid(caller, size)) return stop();
    if (session->output_size + size > OUTPUT_BYTES_MAX) { values[0].i32 = -1; return NULL; }
    memcpy(session->output + session->output_size, from, size);
    session->output_size += size;
    values[0].i32 = (int32_t)size;
    return NULL;
}

static void define(wasmtime_linker_t *linker, const char *name, int params, callback_t callback) {
    wasm_valtype_t *given[2] = {wasm_valtype_new(0), wasm_valtype_new(0)}, *got[1] = {wasm_valtype_new(0)};
    wasm_valtype_vec_t in, out;
    wasm_valtype_vec_new(&in, (size_t)params, given);
    wasm_valtype_vec_new(&out, 1, got);
    check(wasmtime_linker_define_func_unchecked(linker, IO, strlen(IO), name, strlen(name), wasm_functype_new(&in, &out), callback, NULL, NULL), name);
}

static wasm_engine_t *new_engine(bool pooled) {
    wasm_config_t *config = wasm_config_new();
    wasmtime_config_consume_fuel_set(config, true);
    wasmtime_config_epoch_interruption_set(config, true);
    wasmtime_config_cranelift_nan_canonicalization_set(config, true);
    wasmtime_config_max_wasm_stack_set(config, 256 << 10);
    if (!pooled) return wasm_engine_new_with_config(config);
    wasmtime_config_memory_reservation_set(config, 64 << 20);
    pooling_t *pool = wasmtime_pooling_allocation_config_new();
    wasmtime_pooling_allocation_config_total_core_instances_set(pool, 32);
    wasmtime_pooling_allocation_config_total_memories_set(pool, 32);
    wasmtime_pooling_allocation_config_total_tables_set(pool, 128);
    wasmtime_pooling_allocation_config_max_memory_size_set(pool, 64 << 20);
    wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, 64 << 10);
    wasmtime_pooling_allocation_strategy_set(config, pool);
    wasmtime_pooling_allocation_config_delete(pool);
    return wasm_engine_new_with_config(config);
}

static void invoke(wasm_engine_t *engine, const wasmtime_instance_pre_t *pre, session_t *session) {
    wasmtime_store_t *store = wasmtime_store_new(engine, session, NULL);
    wasmtime_context_t *context = wasmtime_store_context(store);
    wasmtime_store_limiter(store, 64 << 20, 100000, 256, 4, 1);
    check(wasmtime_context_set_fuel(context, FUEL), "set_fuel");
    wasmtime_context_set_epoch_deadline(context, 401);
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    check(wasmtime_instance_pre_instantiate(pre, context, &instance, &trap), "instantiate");
    wasmtime_extern_t entry;
    if (trap || !wasmtime_instance_export_get(context, &instance, "palyra_plugin_main", 18, &entry))
        check(pre, "finding the entrypoint");
    wasmtime_val_raw_t value = {0};
    check(wasmtime_func_call_unchecked(context, &entry.of.func, &value, 1, &trap), "call");
    uint64_t left = 0;
    check(wasmtime_context_get_fuel(context, &left), "get_fuel");
    if (trap || value.i32 || left == FUEL) check(pre, "running the guest");
    wasmtime_store_delete(store);
}

static void *content(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(1); }
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    void *data = malloc(*size);
    if (fread(data, 1, *size, file) != *size) { perror(path); exit(1); }
    fclose(file);
    return data;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    size_t size, rounds = strtoul(argv[3], NULL, 10);
    const uint8_t *wasm = content(argv[1], &size);
    session_t session = {.output = malloc(OUTPUT_BYTES_MAX)};
    session.input = content(argv[2], &session.input_size);
    wasm_engine_t *engine = new_engine(strcmp(argv[4], "pool") == 0);
    wasmtime_linker_t *linker = wasmtime_linker_new(engine);
    define(linker, "input-size", 0, input_size);
    define(linker, "input-read", 2, input_read);
    define(linker, "output-write", 2, output_write);
    wasmtime_module_t *module;
    wasmtime_instance_pre_t *pre;
    check(wasmtime_module_new(engine, wasm, size, &module), "compile");
    check(wasmtime_linker_instantiate_pre(linker, module, &pre), "link");
    for (size_t round = 0; round < rounds; round++) {
        struct timespec begin, end;
        session.output_size = 0;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        invoke(engine, pre, &session);
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (session.output_size != session.input_size) return 1;
        printf("%ld\n", (end.tv_sec - begin.tv_sec) * 1000000000L + end.tv_nsec - begin.tv_nsec);
    }
    return 0;
}
