;; Loads from behind its memory.
(module
  (memory (export "memory") 1)
  (func (export "palyra_plugin_main") (result i32) (i32.load (i32.const 65535))))
