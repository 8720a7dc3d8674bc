;; Puts one more x at the end of the text that it keeps as "n", reads it again, and sends the same text
;; to its channel. Its output is what it reads back, and a page with a list: a document in its first run, a
;; patch that adds one more x in every later one. It returns 64 where the host answers something else.
(module
  (import "palyra:plugins/host-io@0.2.0" "output-write" (func $output_write (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "call" (func $call (param i32 i32) (result i32)))
  (import "palyra:plugins/host-io@0.2.0" "call-read" (func $call_read (param i32 i32) (result i32)))
  (memory (export "memory") 3)
  (data (i32.const 0) "{\"op\":\"storage.get\",\"handle\":30000,\"key\":\"n\"}")
  (data (i32.const 100) "{\"op\":\"storage.put\",\"handle\":30000,\"key\":\"n\",\"value\":\"")
  (data (i32.const 200) "{\"op\":\"channel.send\",\"handle\":40000,\"message\":\"")
  (data (i32.const 300) "x\"}")
  (data (i32.const 400) "{\"result\":")
  (data (i32.const 410) ",\"a2ui\":{\"v\":1,\"surface\":\"tally\",\"components\":[{\"type\":\"list\",\"id\":\"n\",\"props\":{\"items\":[\"x\"]}}]}}")
  (data (i32.const 600) ",\"a2ui\":{\"v\":1,\"surface\":\"tally\",\"patch\":{\"v\":1,\"ops\":[{\"op\":\"add\",\"path\":\"/components/0/props/items/-\",\"value\":\"x\"}]}}}")

  ;; What stands before the text in an answer, {"ok":{"value":", has 16 bytes, and what stands after it has 3.
  (func $get (result i32)
    (local $size i32)
    (local.set $size (call $call (i32.const 0) (i32.const 45)))
    (drop (call $call_read (i32.const 1000) (i32.const 60000)))
    (select
      (i32.const 0)
      (i32.sub (local.get $size) (i32.const 19))
      (i32.eq (local.get $size) (i32.const 11))))

  ;; Makes a request of the head at $head, the text of $length bytes, and one more x.
  (func $tell (param $head i32) (param $head_size i32) (param $length i32) (result i32)
    (memory.copy (i32.const 65536) (local.get $head) (local.get $head_size))
    (memory.copy (i32.add (i32.const 65536) (local.get $head_size)) (i32.const 1016) (local.get $length))
    (memory.copy
      (i32.add (i32.const 65536) (i32.add (local.get $head_size) (local.get $length)))
      (i32.const 300) (i32.const 3))
    (call $call
      (i32.const 65536)
      (i32.add (local.get $head_size) (i32.add (local.get $length) (i32.const 3)))))

  (func (export "palyra_plugin_main") (result i32)
    (local $length i32)
    (local.set $length (call $get))
    (if (i32.ne (call $tell (i32.const 100) (i32.const 54) (local.get $length)) (i32.const 11))
      (then (return (i32.const 64))))
    (if (i32.ne (call $tell (i32.const 200) (i32.const 47) (local.get $length)) (i32.const 11))
      (then (return (i32.const 64))))
    (drop (call $output_write (i32.const 400) (i32.const 10)))
    (drop (call $output_write (i32.const 1000) (i32.add (call $get) (i32.const 19))))
    (if (local.get $length)
      (then (drop (call $output_write (i32.const 600) (i32.const 120))))
      (else (drop (call $output_write (i32.const 410) (i32.const 98)))))
    (i32.const 0)))
