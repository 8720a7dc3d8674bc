;; Grows its memory page by page until the host refuses, and returns the pages that it has then.
(module
  (memory (export "memory") 1)
  (func (export "palyra_plugin_main") (result i32)
    (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (memory.size)))
