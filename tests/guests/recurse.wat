;; Calls itself until the stack ends.
(module
  (func $deeper (param i32) (result i32) (call $deeper (i32.add (local.get 0) (i32.const 1))))
  (func (export "palyra_plugin_main") (result i32) (call $deeper (i32.const 0))))
