;; Makes one host call as its input says: five i32, the function's number and up to four arguments.
;; The input is read to address 0; what the function returned is the exit code.
(module
  (import "palyra:plugins/host-io@0.2.0" "input-size" (func $input_size (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "input-read" (func $input_read (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "output-write" (func $output_write (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "log" (func $log (param i32 i32 i32)))
  (import "palyra:plugins/host-io@0.2.0" "call" (func $call (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "call-read" (func $call_read (param i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func $a (result i32) (i32.load (i32.const 4)))
  (func $b (result i32) (i32.load (i32.const 8)))
  (func $c (result i32) (i32.load (i32.const 12)))
  (func (export "palyra_plugin_main") (result i32)
    (drop (call $input_read (i32.const 0) (call $input_size)))
    (block $call_read
      (block $call
        (block $log
          (block $output_write
            (block $input_read
              (br_table $input_read $output_write $log $call $call_read (i32.load (i32.const 0))))
            (return (call $input_read (call $a) (call $b))))
          (return (call $output_write (call $a) (call $b))))
        (call $log (call $a) (call $b) (call $c))
        (return (i32.const 0)))
      (return (call $call (call $a) (call $b))))
    (call $call_read (call $a) (call $b))))
