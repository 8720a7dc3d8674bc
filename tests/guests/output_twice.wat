;; Writes 4 bytes, then 3, and returns what the second write returned.
(module
  (import "palyra:plugins/host-io@0.2.0" "output-write" (func $output_write (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "{}  \n\n\n")
  (func (export "palyra_plugin_main") (result i32)
    (drop (call $output_write (i32.const 0) (i32.const 4)))
    (call $output_write (i32.const 4) (i32.const 3))))
