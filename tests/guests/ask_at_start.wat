;; Passes a pointer to the host before its entrypoint, outside its memory.
(module
  (import "palyra:plugins/host-io@0.2.0" "call" (func $call (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $start (drop (call $call (i32.const -1) (i32.const 1))))
  (start $start)
  (func (export "palyra_plugin_main") (result i32) (i32.const 0)))
