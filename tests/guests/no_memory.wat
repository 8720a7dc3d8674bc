;; Passes a pointer to the host and has no memory that it could mean.
(module
  (import "palyra:plugins/host-io@0.2.0" "output-write" (func $output_write (param i32 i32) (result i32)))
  (func (export "palyra_plugin_main") (result i32) (call $output_write (i32.const 0) (i32.const 1))))
