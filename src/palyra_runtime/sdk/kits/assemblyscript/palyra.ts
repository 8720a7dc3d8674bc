/**
 * The host, as a guest sees it: its input, its output, a log, and host calls.
 *
 * A guest exports `palyra_plugin_main(): i32` and returns an exit code. Every invocation gets a new
 * instance, so nothing is kept in globals and nothing needs to be freed.
 */

import { Json, Kind } from "./json";

export { Json, Kind } from "./json";
export { channel, clock, http, random, secret, storage } from "./capabilities";
export { page } from "./page";

// @ts-ignore: a decorator that the AssemblyScript compiler knows
@external("palyra:plugins/host-io@0.2.0", "input-size")
declare function inputSize(): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-io@0.2.0", "input-read")
declare function inputRead(pointer: usize, capacity: i32): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-io@0.2.0", "output-write")
declare function outputWrite(pointer: usize, length: i32): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-io@0.2.0", "log")
declare function hostLog(level: i32, pointer: usize, length: i32): void;
// @ts-ignore: as above
@external("palyra:plugins/host-io@0.2.0", "call")
declare function hostCall(pointer: usize, length: i32): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-io@0.2.0", "call-read")
declare function callRead(pointer: usize, capacity: i32): i32;

/** Exit codes that these guests use; 0 to 49 are successes, the rest are failures. */
export const enum Exit {
  Ok = 0,
  /** The input is not what this guest can read. A retry will not help. */
  UnreadableInput = 64,
  /** The host did not take the output: it is larger than the limit. */
  OutputRefused = 65,
}

export const enum Level {
  Trace = 0,
  Debug = 1,
  Info = 2,
  Warn = 3,
  Error = 4,
}

/** What this invocation is about, or null where the input is not a JSON object. */
export function readInput(): Json | null {
  const bytes = new ArrayBuffer(inputSize());
  if (inputRead(changetype<usize>(bytes), bytes.byteLength) < 0) return null;
  const input = Json.parse(String.UTF8.decode(bytes));
  return input !== null && input.kind == Kind.Object ? input : null;
}

/** Hands `{"result": result}` to the host and says how the invocation ends. */
export function succeed(result: Json): Exit {
  return answer(Json.object().set("result", result));
}

/** The same, with what a surface shows: a `page.document(…)` or a `page.patch(…)`. */
export function show(result: Json, shown: Json): Exit {
  return answer(Json.object().set("result", result).set("a2ui", shown));
}

/** Hands an output to the host: an object with `result`, `a2ui`, `annotations` and `retry`, as far as wanted. */
export function answer(output: Json): Exit {
  const bytes = encode(output.toString());
  const refused = outputWrite(changetype<usize>(bytes), bytes.byteLength) < 0;
  return refused ? Exit.OutputRefused : Exit.Ok;
}

/** Writes one log line; the operator sees it beside the outcome, also when the guest fails. */
export function log(level: Level, line: string): void {
  const bytes = encode(line);
  hostLog(level, changetype<usize>(bytes), bytes.byteLength);
}

/** One host call: `{"ok": …}` or `{"error": {"code": …, "message": …}}`; a refusal is an answer too. */
export function call(request: Json): Json {
  const bytes = encode(request.toString());
  const answer = new ArrayBuffer(hostCall(changetype<usize>(bytes), bytes.byteLength));
  callRead(changetype<usize>(answer), answer.byteLength);
  const parsed = Json.parse(String.UTF8.decode(answer));
  return parsed !== null ? parsed : Json.null();
}

/** UTF-8, where half of a surrogate pair becomes U+FFFD: the host refuses anything else. */
function encode(text: string): ArrayBuffer {
  return String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE);
}
