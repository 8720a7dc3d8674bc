;; Counts its runs in a global and in memory, and returns the sum: 2, unless a run sees the one before.
(module
  (global $runs (mut i32) (i32.const 0))
  (memory (export "memory") 1)
  (func (export "palyra_plugin_main") (result i32)
    (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
    (i32.add (global.get $runs) (i32.load (i32.const 0)))))
