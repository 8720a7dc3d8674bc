;; Takes memory, one page at a time, until the host refuses; logs how far it came, and traps there,
;; as the allocators of Rust and AssemblyScript do.
(module
  (import "palyra:plugins/host-io@0.2.0" "log"
    (func $log (param $level i32) (param $pointer i32) (param $length i32)))
  (memory (export "memory") 1)
  ;; Five digits, for a 32-bit memory has at most 65536 pages, and the words behind them.
  (data (i32.const 0) "00000 pages, and no more")
  (func (export "palyra_plugin_main") (result i32)
    (loop $take_another
      (br_if $take_another (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (call $write_digits (memory.size))
    (call $log (i32.const 3) (i32.const 0) (i32.const 24))
    (unreachable))
  (func $write_digits (param $number i32)
    (local $place i32)
    (local.set $place (i32.const 4))
    (loop $next_digit
      (i32.store8 (local.get $place)
        (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
      (local.set $number (i32.div_u (local.get $number) (i32.const 10)))
      (local.set $place (i32.sub (local.get $place) (i32.const 1)))
      (br_if $next_digit (i32.ge_s (local.get $place) (i32.const 0))))))
