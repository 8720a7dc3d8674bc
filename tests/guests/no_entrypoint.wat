;; Has a function of the right name and the wrong type.
(module (func (export "run") (result i64) (i64.const 0)))
