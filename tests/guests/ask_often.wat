;; Sends its input as a request, again and again, until the host's answer has another size; then writes
;; that answer as its output and returns how often it was answered before that, but at most 49.
(module
  (import "palyra:plugins/host-io@0.2.0" "input-size" (func $input_size (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "input-read" (func $input_read (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "output-write" (func $output_write (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "call" (func $call (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "call-read" (func $call_read (param i32 i32) (result i32)))
  (memory (export "memory") 32)
  (func (export "palyra_plugin_main") (result i32)
    (local $first i32) (local $size i32) (local $answered i32)
    (drop (call $input_read (i32.const 0) (call $input_size)))
    (local.set $first (call $call (i32.const 0) (call $input_size)))
    (loop $again
      (local.set $answered (i32.add (local.get $answered) (i32.const 1)))
      (local.set $size (call $call (i32.const 0) (call $input_size)))
      (br_if $again
        (i32.and
          (i32.eq (local.get $size) (local.get $first))
          (i32.lt_u (local.get $answered) (i32.const 49)))))
    (drop (call $call_read (i32.const 0) (local.get $size)))
    (drop (call $output_write (i32.const 0) (local.get $size)))
    (local.get $answered)))
