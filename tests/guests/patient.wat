;; Fails with exit code 75 until its third attempt, which succeeds. The attempt is the digit behind the
;; first `t":` of the input.
(module
  (import "palyra:plugins/host-io@0.2.0" "input-size" (func $input_size (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "input-read" (func $input_read (param i32 i32) (result i32)))
  (memory (export "memory") 32)
  (func (export "palyra_plugin_main") (result i32)
    (local $at i32)
    (drop (call $input_read (i32.const 0) (call $input_size)))
    (loop $next
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next
        (i32.ne (i32.and (i32.load (local.get $at)) (i32.const 0xffffff)) (i32.const 0x3a2274))))
    (select (i32.const 75) (i32.const 0)
      (i32.lt_u (i32.load8_u offset=3 (local.get $at)) (i32.const 0x33)))))
