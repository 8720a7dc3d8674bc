;; Logs the letter x 1000 times, then returns.
(module
  (import "palyra:plugins/host-io@0.2.0" "log" (func $log (param i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "x")
  (func (export "palyra_plugin_main") (result i32)
    (local $left i32)
    (local.set $left (i32.const 1000))
    (loop $again
      (call $log (i32.const 3) (i32.const 0) (i32.const 1))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))
