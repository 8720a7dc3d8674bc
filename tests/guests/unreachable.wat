(module (func (export "palyra_plugin_main") (result i32) unreachable))
