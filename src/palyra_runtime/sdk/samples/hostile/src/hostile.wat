;; Asks for a host function that no grant covers: it would write to the gateway's own output.
;; Everything else about the module is in order, so the audit fails for this one reason.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\08\00\00\00\0a\00\00\00I was here")
  (func (export "palyra_plugin_main") (result i32)
    ;; One buffer, described at 0 and stored at 8, to standard output; the count goes to 32.
    (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32))))
