;; Returns the i32 that is its input.
(module
  (import "palyra:plugins/host-io@0.2.0" "input-read" (func $input_read (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "palyra_plugin_main") (result i32)
    (drop (call $input_read (i32.const 0) (i32.const 4)))
    (i32.load (i32.const 0))))
