;; Calls a table entry as another type than it has.
(module
  (type $give (func (result i32)))
  (table 1 funcref)
  (elem (i32.const 0) $take)
  (func $take (param i32))
  (func (export "palyra_plugin_main") (result i32) (call_indirect (type $give) (i32.const 0))))
