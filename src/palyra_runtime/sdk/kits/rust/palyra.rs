//! The host, as a guest written in Rust sees it: its input, its output, a log, and host calls.
//!
//! One file, and no crate. A guest makes it a module and says which function is its entrypoint:
//!
//! ```ignore
//! #[path = "../kit/palyra.rs"]
//! mod palyra;
//! fn plugin(input: &palyra::Json) -> Result<palyra::Json, palyra::Exit> { … }
//! palyra::main!(plugin);
//! ```

mod io {
    #[link(wasm_import_module = "palyra:plugins/host-io@0.2.0")]
    extern "C" {
        #[link_name = "input-size"]
        pub fn input_size() -> usize;
        #[link_name = "input-read"]
        pub fn input_read(to: *mut u8, room: usize) -> i32;
        #[link_name = "output-write"]
        pub fn output_write(from: *const u8, size: usize) -> i32;
        #[link_name = "log"]
        pub fn log(level: i32, from: *const u8, size: usize);
        #[link_name = "call"]
        pub fn call(from: *const u8, size: usize) -> usize;
        #[link_name = "call-read"]
        pub fn call_read(to: *mut u8, room: usize) -> i32;
    }
}

/// How a run ends: 0 to 49 are successes, the rest are failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(pub i32);

impl Exit {
    pub const OK: Exit = Exit(0);
    /// The input is not what this guest can read. A retry will not help.
    pub const UNREADABLE_INPUT: Exit = Exit(64);
    /// The host did not take the output: it is larger than the limit.
    pub const OUTPUT_REFUSED: Exit = Exit(65);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// Makes a function the guest's entrypoint; what it returns becomes the output, or the exit code.
macro_rules! entrypoint {
    ($plugin:path) => {
        #[no_mangle]
        pub extern "C" fn palyra_plugin_main() -> i32 {
            $crate::palyra::run($plugin).0
        }
    };
}
pub(crate) use entrypoint as main;

/// Reads the input, runs a plugin on it, and hands `{"result": …}` to the host.
pub fn run(plugin: fn(&Json) -> Result<Json, Exit>) -> Exit {
    let input = match input() {
        Some(input) => input,
        None => return Exit::UNREADABLE_INPUT,
    };
    match plugin(&input) {
        Ok(result) => succeed(result),
        Err(exit) => exit,
    }
}

/// What this run is about, or nothing where the input is not a JSON object.
pub fn input() -> Option<Json> {
    let mut bytes = vec![0; unsafe { io::input_size() }];
    if unsafe { io::input_read(bytes.as_mut_ptr(), bytes.len()) } < 0 {
        return None;
    }
    let input = Json::parse(std::str::from_utf8(&bytes).ok()?)?;
    matches!(input, Json::Object(_)).then_some(input)
}

/// Hands `{"result": result}` to the host and says how the run ends.
pub fn succeed(result: Json) -> Exit {
    let output = Json::object([("result", result)]).to_string();
    match unsafe { io::output_write(output.as_ptr(), output.len()) } {
        0.. => Exit::OK,
        _ => Exit::OUTPUT_REFUSED,
    }
}

/// Writes one log line; the operator sees it beside the outcome, also when the guest fails.
pub fn log(level: Level, line: &str) {
    unsafe { io::log(level as i32, line.as_ptr(), line.len()) }
}

/// One host call: `{"ok": …}` or `{"error": {"code": …, "message": …}}`; a refusal is an answer too.
pub fn call(request: &Json) -> Json {
    let request = request.to_string();
    let mut answer = vec![0; unsafe { io::call(request.as_ptr(), request.len()) }];
    unsafe { io::call_read(answer.as_mut_ptr(), answer.len()) };
    std::str::from_utf8(&answer).ok().and_then(Json::parse).unwrap_or(Json::Null)
}

/// A JSON value. Numbers stay the text that they were, so that a 64-bit position or a long decimal
/// passes through unchanged, and members stay in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value that a text says, or nothing where it is not exactly one JSON value (RFC 8259).
    pub fn parse(text: &str) -> Option<Json> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let value = reader.value()?;
        reader.skip_blanks();
        (reader.at == text.len()).then_some(value)
    }

    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Json)>) -> Json {
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The member of a key; nothing where this is no object or has no such member.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The item at a place; nothing where this is no array or is shorter.
    pub fn at(&self, index: usize) -> Option<&Json> {
        self.items().get(index)
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::Array(items) => items,
            _ => &[],
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Json::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// This object with one more member.
    fn with(self, key: &str, value: impl Into<Json>) -> Json {
        match self {
            Json::Object(mut members) => {
                members.push((key.into(), value.into()));
                Json::Object(members)
            }
            other => other,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(text) => out.push_str(text),
            Json::String(text) => write_string(text, out),
            Json::Array(items) => {
                out.push('[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (place, (key, value)) in members.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    write_string(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// The JSON text, without blanks.
impl std::fmt::Display for Json {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        formatter.write_str(&out)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::String(text.into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::String(text)
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Json {
        Json::Number(number.to_string())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}

/// Only what RFC 8259 section 7 demands is escaped.
fn write_string(text: &str, out: &mut String) {
    const DIGITS: &[u8] = b"0123456789abcdef";
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..='\x1f' => {
                out.push_str("\\u00");
                out.push(DIGITS[character as usize >> 4] as char);
                out.push(DIGITS[character as usize & 15] as char);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Deeper nesting is refused, so that hostile input cannot overflow the guest's stack.
const DEPTH_MAX: usize = 64;

/// A recursive-descent reader; each method returns nothing where the text is not JSON.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += found as usize;
        found
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Option<Json> {
        self.skip_blanks();
        match self.peek()? {
            b'{' => self.nested(Reader::object),
            b'[' => self.nested(Reader::array),
            b'"' => self.string().map(Json::String),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        self.text[self.at..].starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Json>) -> Option<Json> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Option<Json> {
        let mut items = Vec::new();
        self.skip_blanks();
        if self.accept(b']') {
            return Some(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_blanks();
            if !self.accept(b',') {
                return self.accept(b']').then_some(Json::Array(items));
            }
        }
    }

    fn object(&mut self) -> Option<Json> {
        let mut members: Vec<(String, Json)> = Vec::new();
        self.skip_blanks();
        if self.accept(b'}') {
            return Some(Json::Object(members));
        }
        loop {
            self.skip_blanks();
            let key = self.string()?;
            self.skip_blanks();
            if members.iter().any(|(name, _)| *name == key) || !self.accept(b':') {
                return None;
            }
            members.push((key, self.value()?));
            self.skip_blanks();
            if !self.accept(b',') {
                return self.accept(b'}').then_some(Json::Object(members));
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        self.accept(b'-');
        if !self.accept(b'0') {
            self.digits()?;
        }
        if self.accept(b'.') {
            self.digits()?;
        }
        if self.accept(b'e') || self.accept(b'E') {
            let _ = self.accept(b'+') || self.accept(b'-');
            self.digits()?;
        }
        Some(Json::Number(self.text[start..self.at].into()))
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        let mut found = String::new();
        if !self.accept(b'"') {
            return None;
        }
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..=0x1f) {
                self.at += 1;
            }
            found.push_str(&self.text[start..self.at]);
            if self.accept(b'"') {
                return Some(found);
            }
            if !self.accept(b'\\') {
                return None;
            }
            found.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        match letter {
            b'"' | b'\\' | b'/' => Some(letter as char),
            b'b' => Some('\x08'),
            b'f' => Some('\x0c'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'u' => self.unicode(),
            _ => None,
        }
    }

    /// The character behind `\u`, of one unit or of a surrogate pair; half of a pair is no character.
    fn unicode(&mut self) -> Option<char> {
        let unit = self.unit()?;
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit);
        }
        if !(self.accept(b'\\') && self.accept(b'u')) {
            return None;
        }
        let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((unit - 0xd800) << 10) + low)
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_hexadecimal.then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

fn ask(operation: &str, handle: i32) -> Json {
    Json::object([("op", operation.into()), ("handle", i64::from(handle).into())])
}

/// A class of capability: how many grants of it there are, and the handle of each, -1 where there is none.
macro_rules! capability {
    ($class:ident, $count:literal, $handle:literal) => {
        mod $class {
            #[link(wasm_import_module = "palyra:plugins/host-capabilities@0.1.0")]
            extern "C" {
                #[link_name = $count]
                pub fn count() -> i32;
                #[link_name = $handle]
                pub fn handle(index: i32) -> i32;
            }
        }

        pub fn count() -> i32 {
            unsafe { $class::count() }
        }

        pub fn handle(index: i32) -> i32 {
            unsafe { $class::handle(index) }
        }
    };
}

pub mod clock {
    use super::{call, Json};

    pub fn now() -> Json {
        call(&Json::object([("op", "clock.now".into())]))
    }
}

pub mod random {
    use super::{call, Json};

    /// So many bytes, 0 to 1024, in base64.
    pub fn bytes(count: i32) -> Json {
        call(&Json::object([("op", "random.bytes".into()), ("n", i64::from(count).into())]))
    }
}

pub mod http {
    use super::{ask, call, Json};

    capability!(grants, "http-count", "http-handle");

    /// `headers` is an object; the value of one may be `secret::header(…)`, which the host fills in.
    pub fn request(handle: i32, method: &str, url: &str, headers: Option<Json>, body: Option<&str>) -> Json {
        let mut asked = ask("http.request", handle).with("method", method).with("url", url);
        if let Some(headers) = headers {
            asked = asked.with("headers", headers);
        }
        if let Some(body) = body {
            asked = asked.with("body", body);
        }
        call(&asked)
    }
}

pub mod secret {
    use super::{ask, call, Json};

    capability!(grants, "secret-count", "secret-handle");

    /// The code of `data` under the secret, in hexadecimal. The secret itself is never told.
    pub fn hmac(handle: i32, data: &str) -> Json {
        call(&ask("secret.hmac", handle).with("data", data))
    }

    /// The value of a header that the host fills in, such as `Bearer …`.
    pub fn header(handle: i32, prefix: &str) -> Json {
        Json::object([("secret", i64::from(handle).into()), ("prefix", prefix.into())])
    }
}

pub mod storage {
    use super::{ask, call, Json};

    capability!(grants, "storage-count", "storage-handle");

    pub fn get(handle: i32, key: &str) -> Json {
        call(&ask("storage.get", handle).with("key", key))
    }

    pub fn put(handle: i32, key: &str, value: Json) -> Json {
        call(&ask("storage.put", handle).with("key", key).with("value", value))
    }

    pub fn delete(handle: i32, key: &str) -> Json {
        call(&ask("storage.delete", handle).with("key", key))
    }

    /// The keys that begin with `prefix` and come after `after`, which is the `next` of the page before.
    pub fn list(handle: i32, prefix: &str, after: Option<&str>) -> Json {
        let asked = ask("storage.list", handle).with("prefix", prefix);
        call(&after.map(|after| asked.clone().with("after", after)).unwrap_or(asked))
    }
}

pub mod channel {
    use super::{ask, call, Json};

    capability!(grants, "channel-count", "channel-handle");

    /// Sends a message, once the outcome of this run is recorded as a success.
    pub fn send(handle: i32, message: Json) -> Json {
        call(&ask("channel.send", handle).with("message", message))
    }
}
