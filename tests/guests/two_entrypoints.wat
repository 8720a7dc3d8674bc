;; Returns 1 from the first default entrypoint, 2 from the second and 3 from one of its own.
(module
  (func (export "palyra_plugin_main") (result i32) (i32.const 1))
  (func (export "run") (result i32) (i32.const 2))
  (func (export "other") (result i32) (i32.const 3)))
