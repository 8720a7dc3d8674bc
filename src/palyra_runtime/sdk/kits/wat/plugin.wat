;; A plugin in WAT, to begin with. It greets, makes one host call, and tells what the host said:
;; {"result": {"greeting": "hello", "host": {"ok": …}}}, or {"error": …} in place of {"ok": …}.
;;
;;   0     what the output has before the answer; its size is $before_size
;;   512   what it has behind the answer
;;   1024  the request of the host call; its size is $request_size
;;   65536 and up: memory that $take gives out, for the input and for answers
;;
;; A handle is 10000 for the first http grant, 20000 for a secret, 30000 for storage, 40000 for a
;; channel; the next of the class is one more. So a request can be a constant. In place of the one
;; below, try (and count its bytes):
;;
;;   {"op":"http.request","handle":10000,"method":"GET","url":"https://api.example.com/"}
;;   {"op":"secret.hmac","handle":20000,"data":"text"}
;;   {"op":"storage.get","handle":30000,"key":"last"}
;;   {"op":"storage.put","handle":30000,"key":"last","value":{"seen":true}}
;;   {"op":"storage.list","handle":30000}
;;   {"op":"channel.send","handle":40000,"message":{"text":"hello"}}
(module
  (import "palyra:plugins/host-io@0.2.0" "input-size" (func $input_size (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "input-read" (func $input_read (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "output-write" (func $output_write (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "log" (func $log (param i32 i32 i32)))
  (import "palyra:plugins/host-io@0.2.0" "call" (func $host_call (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "call-read" (func $call_read (param i32 i32) (result i32)))

  (memory (export "memory") 1)
  (data (i32.const 0) "{\"result\":{\"greeting\":\"hello\",\"host\":")
  (global $before_size i32 (i32.const 37))
  (data (i32.const 512) "}}")
  (data (i32.const 1024) "{\"op\":\"clock.now\"}")
  (global $request_size i32 (i32.const 18))
  (global $next (mut i32) (i32.const 65536))

  (func (export "palyra_plugin_main") (result i32)
    (local $at i32) (local $size i32)
    (call $read_input)
    (local.set $size)
    (local.set $at)
    ;; Level 2 is info. The line is the input itself.
    (call $log (i32.const 2) (local.get $at) (local.get $size))
    (call $ask (i32.const 1024) (global.get $request_size))
    (local.set $size)
    (local.set $at)
    (call $answer (local.get $at) (local.get $size)))

  ;; The input: where it is, and its size.
  (func $read_input (result i32 i32)
    (local $at i32) (local $size i32)
    (local.set $size (call $input_size))
    (local.set $at (call $take (local.get $size)))
    (drop (call $input_read (local.get $at) (local.get $size)))
    (local.get $at) (local.get $size))

  ;; Makes a host call: where the answer is, and its size.
  (func $ask (param $request i32) (param $request_size i32) (result i32 i32)
    (local $at i32) (local $size i32)
    (local.set $size (call $host_call (local.get $request) (local.get $request_size)))
    (local.set $at (call $take (local.get $size)))
    (drop (call $call_read (local.get $at) (local.get $size)))
    (local.get $at) (local.get $size))

  ;; Writes the output, with JSON in memory as the answer, and says how the run ends: 65 where the
  ;; host does not take it.
  (func $answer (param $at i32) (param $size i32) (result i32)
    (if (i32.or
          (i32.or
            (i32.lt_s (call $output_write (i32.const 0) (global.get $before_size)) (i32.const 0))
            (i32.lt_s (call $output_write (local.get $at) (local.get $size)) (i32.const 0)))
          (i32.lt_s (call $output_write (i32.const 512) (i32.const 2)) (i32.const 0)))
      (then (return (i32.const 65))))
    (i32.const 0))

  ;; Memory for the rest of the run; traps where the host gives no more.
  (func $take (param $size i32) (result i32)
    (local $start i32) (local $pages i32)
    (local.set $start (global.get $next))
    (global.set $next (i32.add (local.get $start) (local.get $size)))
    (if (i32.lt_u (global.get $next) (local.get $start)) (then unreachable))
    (local.set $pages
      (i32.sub
        (i32.add (i32.shr_u (global.get $next) (i32.const 16)) (i32.const 1))
        (memory.size)))
    (if (i32.gt_s (local.get $pages) (i32.const 0))
      (then
        (if (i32.eq (memory.grow (local.get $pages)) (i32.const -1)) (then unreachable))))
    (local.get $start)))
