/**
 * JSON values for guests: strict to read (RFC 8259, and no duplicate keys), exact to write.
 *
 * Numbers stay the text that they were, so a 64-bit position or a long decimal passes through a
 * guest unchanged, and no floating point enters the module. Nothing is ever thrown: AssemblyScript
 * turns an exception into a trap, and a trap is no way to say that somebody else's text is wrong.
 */

/** Deeper nesting is refused, so that hostile input cannot overflow the guest's stack. */
const DEPTH_MAX = 64;

const QUOTE: i32 = 0x22;
const BACKSLASH: i32 = 0x5c;
const HEX_DIGITS = "0123456789abcdef";

export const enum Kind {
  Null,
  Bool,
  Number,
  String,
  Array,
  Object,
}

/**
 * One JSON value. Reading is forgiving: what is absent or of another kind reads as null, as the
 * empty text, as length 0, so that a path can be followed without a check at each step.
 */
export class Json {
  private constructor(
    readonly kind: Kind,
    /** The characters of a string; of null, a boolean or a number, its JSON text. */
    private readonly scalar: string,
    private readonly items: Array<Json>,
    private readonly members: Map<string, Json>,
  ) {}

  /** The value that `text` says, or null where it is not exactly one JSON value. */
  static parse(text: string): Json | null {
    return new Reader(text).document();
  }

  static null(): Json {
    return Json.atom(Kind.Null, "null");
  }

  static bool(value: bool): Json {
    return Json.atom(Kind.Bool, value ? "true" : "false");
  }

  static string(value: string): Json {
    return Json.atom(Kind.String, value);
  }

  /** A number by its JSON text, such as that of `i64.toString()`. */
  static number(text: string): Json {
    return Json.atom(Kind.Number, text);
  }

  static array(): Json {
    return new Json(Kind.Array, "", new Array<Json>(), NO_MEMBERS);
  }

  static object(): Json {
    return new Json(Kind.Object, "", NO_ITEMS, new Map<string, Json>());
  }

  private static atom(kind: Kind, scalar: string): Json {
    return new Json(kind, scalar, NO_ITEMS, NO_MEMBERS);
  }

  has(key: string): bool {
    return this.members.has(key);
  }

  /** The member named `key`; null where this is no object or has no such member. */
  get(key: string): Json {
    return this.members.has(key) ? this.members.get(key) : Json.null();
  }

  /** The item at `index`; null where this is no array or is shorter. */
  at(index: i32): Json {
    return index >= 0 && index < this.items.length ? this.items[index] : Json.null();
  }

  /** How many items an array has. */
  get length(): i32 {
    return this.items.length;
  }

  /** The characters of a string; the empty text for anything else. */
  get text(): string {
    return this.kind == Kind.String ? this.scalar : "";
  }

  /** Sets a member and returns this object, so that calls can be chained. Traps on anything else. */
  set(key: string, value: Json): Json {
    assert(this.kind == Kind.Object);
    this.members.set(key, value);
    return this;
  }

  /** Appends an item and returns this array, so that calls can be chained. Traps on anything else. */
  push(value: Json): Json {
    assert(this.kind == Kind.Array);
    this.items.push(value);
    return this;
  }

  /** The JSON text, without blanks, members in the order in which they were set. */
  toString(): string {
    const parts = new Array<string>();
    this.writeTo(parts);
    return parts.join("");
  }

  private writeTo(parts: Array<string>): void {
    switch (this.kind) {
      case Kind.Array: return this.writeItems(parts);
      case Kind.Object: return this.writeMembers(parts);
      case Kind.String: return writeString(this.scalar, parts);
      default: parts.push(this.scalar);
    }
  }

  private writeItems(parts: Array<string>): void {
    parts.push("[");
    for (let i = 0; i < this.items.length; i++) {
      if (i > 0) parts.push(",");
      this.items[i].writeTo(parts);
    }
    parts.push("]");
  }

  private writeMembers(parts: Array<string>): void {
    const keys = this.members.keys();
    parts.push("{");
    for (let i = 0; i < keys.length; i++) {
      if (i > 0) parts.push(",");
      writeString(keys[i], parts);
      parts.push(":");
      this.members.get(keys[i]).writeTo(parts);
    }
    parts.push("}");
  }
}

/** What values that are no container share, so that a long array of numbers stays small. */
const NO_ITEMS = new Array<Json>();
const NO_MEMBERS = new Map<string, Json>();

/** Only what RFC 8259 section 7 demands is escaped; runs of other characters are copied whole. */
function writeString(text: string, parts: Array<string>): void {
  let start = 0;
  let end = plainUntil(text, start);
  parts.push('"');
  while (end < text.length) {
    parts.push(text.substring(start, end));
    parts.push(escaped(text.charCodeAt(end)));
    start = end + 1;
    end = plainUntil(text, start);
  }
  parts.push(text.substring(start));
  parts.push('"');
}

/**
 * Where the run of characters ends that a JSON string holds as they are: at a quote, a backslash, a
 * control character, or the end of the text.
 */
function plainUntil(text: string, start: i32): i32 {
  let at = start;
  for (const end = text.length; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code == QUOTE || code == BACKSLASH) break;
  }
  return at;
}

function escaped(code: i32): string {
  if (code == QUOTE) return '\\"';
  if (code == BACKSLASH) return "\\\\";
  return "\\u00" + HEX_DIGITS.charAt(code >> 4) + HEX_DIGITS.charAt(code & 15);
}

/** A recursive-descent reader; each method returns null, or false, where the text is not JSON. */
class Reader {
  private at: i32 = 0;
  private depth: i32 = 0;

  constructor(private readonly source: string) {}

  document(): Json | null {
    const value = this.value();
    this.skipBlanks();
    return this.at == this.source.length ? value : null;
  }

  /** The next character, or -1 at the end of the text. */
  private peek(): i32 {
    return this.at < this.source.length ? this.source.charCodeAt(this.at) : -1;
  }

  private accept(code: i32): bool {
    if (this.peek() != code) return false;
    this.at++;
    return true;
  }

  private skipBlanks(): void {
    for (let c = this.peek(); c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09; c = this.peek()) this.at++;
  }

  private value(): Json | null {
    this.skipBlanks();
    switch (this.peek()) {
      case 0x7b: return this.nested(true);
      case 0x5b: return this.nested(false);
      case QUOTE: return this.stringValue();
      case 0x74: return this.word("true", Json.bool(true));
      case 0x66: return this.word("false", Json.bool(false));
      case 0x6e: return this.word("null", Json.null());
      default: return this.number();
    }
  }

  private word(name: string, value: Json): Json | null {
    if (!this.source.startsWith(name, this.at)) return null;
    this.at += name.length;
    return value;
  }

  private nested(isObject: bool): Json | null {
    this.at++;
    if (++this.depth > DEPTH_MAX) return null;
    const whole = isObject ? this.object() : this.array();
    this.depth--;
    return whole;
  }

  private array(): Json | null {
    const array = Json.array();
    this.skipBlanks();
    if (this.accept(0x5d)) return array;
    do {
      const item = this.value();
      if (item === null) return null;
      array.push(item);
      this.skipBlanks();
    } while (this.accept(0x2c));
    return this.accept(0x5d) ? array : null;
  }

  private object(): Json | null {
    const object = Json.object();
    this.skipBlanks();
    if (this.accept(0x7d)) return object;
    do {
      if (!this.member(object)) return null;
      this.skipBlanks();
    } while (this.accept(0x2c));
    return this.accept(0x7d) ? object : null;
  }

  private member(object: Json): bool {
    this.skipBlanks();
    const key = this.string();
    if (key === null || object.has(key)) return false;
    this.skipBlanks();
    if (!this.accept(0x3a)) return false;
    const value = this.value();
    if (value === null) return false;
    object.set(key, value);
    return true;
  }

  private stringValue(): Json | null {
    const characters = this.string();
    return characters === null ? null : Json.string(characters);
  }

  private string(): string | null {
    if (!this.accept(QUOTE)) return null;
    const first = this.plainRun();
    if (this.accept(QUOTE)) return first;
    const parts: Array<string> = [first];
    while (this.accept(BACKSLASH)) {
      const unit = this.unescaped();
      if (unit < 0) return null;
      parts.push(String.fromCharCode(unit));
      parts.push(this.plainRun());
    }
    return this.accept(QUOTE) ? parts.join("") : null;
  }

  private plainRun(): string {
    const start = this.at;
    this.at = plainUntil(this.source, start);
    return this.source.substring(start, this.at);
  }

  /** The UTF-16 unit that the escape after a backslash stands for, or -1. */
  private unescaped(): i32 {
    const code = this.peek();
    this.at++;
    switch (code) {
      case QUOTE: case BACKSLASH: case 0x2f: return code;
      case 0x62: return 0x08;
      case 0x66: return 0x0c;
      case 0x6e: return 0x0a;
      case 0x72: return 0x0d;
      case 0x74: return 0x09;
      case 0x75: return this.hexUnit();
      default: return -1;
    }
  }

  private hexUnit(): i32 {
    let unit = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexValue(this.peek());
      if (digit < 0) return -1;
      unit = (unit << 4) | digit;
      this.at++;
    }
    return unit;
  }

  /** The number grammar of RFC 8259 section 6. */
  private number(): Json | null {
    const start = this.at;
    this.accept(0x2d);
    if (!this.accept(0x30) && !this.digits()) return null;
    if (this.accept(0x2e) && !this.digits()) return null;
    if (this.accept(0x65) || this.accept(0x45)) {
      if (!this.accept(0x2b)) this.accept(0x2d);
      if (!this.digits()) return null;
    }
    return Json.number(this.source.substring(start, this.at));
  }

  private digits(): bool {
    const start = this.at;
    for (let c = this.peek(); c >= 0x30 && c <= 0x39; c = this.peek()) this.at++;
    return this.at > start;
  }
}

function hexValue(code: i32): i32 {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
