;; Traps before its entrypoint.
(module
  (func $start unreachable)
  (start $start)
  (func (export "palyra_plugin_main") (result i32) (i32.const 0)))
