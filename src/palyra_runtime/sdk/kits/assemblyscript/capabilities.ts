/**
 * What a guest may do beside answering: one namespace for each class of capability.
 *
 * A handle names a grant of this invocation: the i-th of its class, -1 where there is none. Every call
 * returns the host's answer, `{"ok": …}` or `{"error": {"code": …, "message": …}}`.
 */

import { Json } from "./json";
import { call } from "./palyra";

// @ts-ignore: a decorator that the AssemblyScript compiler knows
@external("palyra:plugins/host-capabilities@0.1.0", "http-count")
declare function httpCount(): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-capabilities@0.1.0", "http-handle")
declare function httpHandle(index: i32): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-capabilities@0.1.0", "secret-count")
declare function secretCount(): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-capabilities@0.1.0", "secret-handle")
declare function secretHandle(index: i32): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-capabilities@0.1.0", "storage-count")
declare function storageCount(): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-capabilities@0.1.0", "storage-handle")
declare function storageHandle(index: i32): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-capabilities@0.1.0", "channel-count")
declare function channelCount(): i32;
// @ts-ignore: as above
@external("palyra:plugins/host-capabilities@0.1.0", "channel-handle")
declare function channelHandle(index: i32): i32;

export namespace clock {
  export function now(): Json {
    return call(Json.object().set("op", Json.string("clock.now")));
  }
}

export namespace random {
  /** `count` bytes, 0 to 1024, in base64. */
  export function bytes(count: i32): Json {
    return call(Json.object().set("op", Json.string("random.bytes")).set("n", Json.number(count.toString())));
  }
}

export namespace http {
  export function count(): i32 {
    return httpCount();
  }

  export function handle(index: i32): i32 {
    return httpHandle(index);
  }

  /** `headers` is an object; the value of one may be `secret.header(…)`, which the host fills in. */
  export function request(
    handle: i32,
    method: string,
    url: string,
    headers: Json | null = null,
    body: string | null = null,
  ): Json {
    const asked = ask("http.request", handle).set("method", Json.string(method)).set("url", Json.string(url));
    if (headers !== null) asked.set("headers", headers);
    if (body !== null) asked.set("body", Json.string(body));
    return call(asked);
  }
}

export namespace secret {
  export function count(): i32 {
    return secretCount();
  }

  export function handle(index: i32): i32 {
    return secretHandle(index);
  }

  /** The code of `data` under the secret, in hexadecimal. The secret itself is never told. */
  export function hmac(handle: i32, data: string): Json {
    return call(ask("secret.hmac", handle).set("data", Json.string(data)));
  }

  /** The value of a header that the host fills in, such as `Bearer …`. */
  export function header(handle: i32, prefix: string = ""): Json {
    const value = Json.object().set("secret", Json.number(handle.toString()));
    return prefix.length > 0 ? value.set("prefix", Json.string(prefix)) : value;
  }
}

export namespace storage {
  export function count(): i32 {
    return storageCount();
  }

  export function handle(index: i32): i32 {
    return storageHandle(index);
  }

  export function get(handle: i32, key: string): Json {
    return call(ask("storage.get", handle).set("key", Json.string(key)));
  }

  export function put(handle: i32, key: string, value: Json): Json {
    return call(ask("storage.put", handle).set("key", Json.string(key)).set("value", value));
  }

  export function remove(handle: i32, key: string): Json {
    return call(ask("storage.delete", handle).set("key", Json.string(key)));
  }

  /** The keys that begin with `prefix` and come after `after`, which is the `next` of the page before. */
  export function list(handle: i32, prefix: string = "", after: string = ""): Json {
    const asked = ask("storage.list", handle).set("prefix", Json.string(prefix));
    return call(after.length > 0 ? asked.set("after", Json.string(after)) : asked);
  }
}

export namespace channel {
  export function count(): i32 {
    return channelCount();
  }

  export function handle(index: i32): i32 {
    return channelHandle(index);
  }

  /** Sends a message, once the outcome of this invocation is recorded as a success. */
  export function send(handle: i32, message: Json): Json {
    return call(ask("channel.send", handle).set("message", message));
  }
}

function ask(operation: string, handle: i32): Json {
  return Json.object().set("op", Json.string(operation)).set("handle", Json.number(handle.toString()));
}
