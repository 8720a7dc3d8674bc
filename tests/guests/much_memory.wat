;; Wants 1025 pages of memory from the beginning: one more than 64 MiB.
(module (memory (export "memory") 1025) (func (export "palyra_plugin_main") (result i32) (i32.const 0)))
