;; Never returns. The fuel ends it, and the clock would where the fuel is plenty.
(module
  (memory (export "memory") 1)
  (func (export "palyra_plugin_main") (result i32)
    (loop $for_ever
      (br $for_ever))
    (unreachable)))
