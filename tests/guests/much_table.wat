;; Wants a table of 100001 elements from the beginning.
(module (table 100001 funcref) (func (export "palyra_plugin_main") (result i32) (i32.const 0)))
