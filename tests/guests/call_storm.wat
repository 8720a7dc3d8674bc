;; Does nothing but call the host, for ever.
(module
  (import "palyra:plugins/host-io@0.2.0" "call" (func $call (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "palyra_plugin_main") (result i32)
    (loop $again (drop (call $call (i32.const 0) (i32.const 0))) (br $again))
    (i32.const 0)))
