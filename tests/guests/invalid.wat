;; Is well-formed, but its entrypoint returns nothing where it must return an i32.
(module (func (export "palyra_plugin_main") (result i32)))
