;; Writes its input as its output.
(module
  (import "palyra:plugins/host-io@0.2.0" "input-size" (func $input_size (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "input-read" (func $input_read (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "output-write" (func $output_write (param i32 i32) (result i32)))
  (memory (export "memory") 32)
  (func (export "palyra_plugin_main") (result i32)
    (drop (call $input_read (i32.const 0) (call $input_size)))
    (drop (call $output_write (i32.const 0) (call $input_size)))
    (i32.const 0)))
