"""Components in text form: a module behind the typed functions of the guest contract.

What a toolchain would make of a plugin is written out here once, so that a test says only what its
plugin does. The module finds each function of the host by its name, such as ``$output``, and memory at
its disposal from address 4096 on.
"""

from __future__ import annotations

from palyra_runtime.sandbox import CAPABILITIES_INTERFACE, IO_INTERFACE, wasm_from_text

#: what a component imports, as an interface definition says it
IO = f"""(import "{IO_INTERFACE}" (instance $io
    (export "input" (func (result string)))
    (export "output" (func (param "text" string) (result bool)))
    (export "log" (func (param "level" u32) (param "message" string)))
    (export "call" (func (param "request" string) (result string)))))"""
CAPABILITIES = f"""(import "{CAPABILITIES_INTERFACE}" (instance $capabilities
    (export "http-count" (func (result s32)))
    (export "http-handle" (func (param "index" s32) (result s32)))
    (export "channel-count" (func (result s32)))
    (export "channel-handle" (func (param "index" s32) (result s32)))))"""

#: the module that has the memory, and gives room in it for what the host answers
_ROOM = """(core module $Room {memory}
    (global $next (mut i32) (i32.const 4096))
    (func (export "room")
      (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get $size)))
      (memory.copy (local.get $at) (local.get $old)
        (select (local.get $old_size) (local.get $size) (i32.lt_u (local.get $old_size) (local.get $size))))
      (local.get $at)))
  (core instance $room (instantiate $Room))"""

_LOWERED = """(core func $input (canon lower (func $io "input") {text}))
  (core func $output (canon lower (func $io "output") {text}))
  (core func $log (canon lower (func $io "log") {text}))
  (core func $call (canon lower (func $io "call") {text}))
  (core func $http_count (canon lower (func $capabilities "http-count")))
  (core func $http_handle (canon lower (func $capabilities "http-handle")))
  (core func $channel_count (canon lower (func $capabilities "channel-count")))
  (core func $channel_handle (canon lower (func $capabilities "channel-handle")))"""

_MAIN = """(core module $Main
    (import "room" "memory" (memory 0))
    (import "host" "input" (func $input (param i32)))
    (import "host" "output" (func $output (param i32 i32) (result i32)))
    (import "host" "log" (func $log (param i32 i32 i32)))
    (import "host" "call" (func $call (param i32 i32 i32)))
    (import "host" "http-count" (func $http_count (result i32)))
    (import "host" "http-handle" (func $http_handle (param i32) (result i32)))
    (import "host" "channel-count" (func $channel_count (result i32)))
    (import "host" "channel-handle" (func $channel_handle (param i32) (result i32)))
    {before}
    (func (export "main") (result i32) {body}))
  (core instance $main (instantiate $Main (with "room" (instance $room)) (with "host" (instance
    (export "input" (func $input)) (export "output" (func $output))
    (export "log" (func $log)) (export "call" (func $call))
    (export "http-count" (func $http_count)) (export "http-handle" (func $http_handle))
    (export "channel-count" (func $channel_count)) (export "channel-handle" (func $channel_handle))))))"""

#: reads the input to the answer at 0 (pointer) and 4 (size), asks the host that, and writes what it said
ASK = """(call $input (i32.const 0))
  (call $call (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.const 8))
  (i32.sub (call $output (i32.load (i32.const 8)) (i32.load (i32.const 12))) (i32.const 1))"""

#: writes its input as its output
ECHO = """(call $input (i32.const 0))
  (i32.sub (call $output (i32.load (i32.const 0)) (i32.load (i32.const 4))) (i32.const 1))"""


def component_text(
    body: str,
    *,
    before: str = "",
    memory: str = '(memory (export "memory") 1)',
    encoding: str = "",
    extra: str = "",
    export: str = "run",
    lift: str = "",
) -> str:
    """A component whose entrypoint is ``body``, and whose host functions read text in ``encoding``.

    ``before`` stands in the module before that, ``memory`` in the module with the memory, ``extra``
    before the last line of the component, and ``lift`` says more about the entrypoint.
    """
    text = f'(memory (core memory $room "memory")) (realloc (core func $room "room")) {encoding}'
    return f"""(component
  {IO}
  {CAPABILITIES}
  {_ROOM.format(memory=memory)}
  {_LOWERED.format(text=text)}
  {_MAIN.format(before=before, body=body)}
  {extra}
  (func (export "{export}") (result s32) (canon lift (core func $main "main") {lift})))"""


def component(body: str, **parts: str) -> bytes:
    """The binary of such a component."""
    return wasm_from_text(component_text(body, **parts))
