;; Never gets to its entrypoint.
(module
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "palyra_plugin_main") (result i32) (i32.const 0)))
