//! Makes each call that the kit has, and answers with all answers.

#[path = "../kit/palyra.rs"]
mod palyra;

use palyra::{channel, clock, http, log, random, secret, storage, Exit, Json, Level};

fn plugin(input: &Json) -> Result<Json, Exit> {
    let input = input.get("tool").and_then(|tool| tool.get("input")).ok_or(Exit::UNREADABLE_INPUT)?;
    let words = input.get("words").and_then(Json::as_str).ok_or(Exit::UNREADABLE_INPUT)?;
    let second = input.get("list").and_then(|list| list.at(1)).ok_or(Exit::UNREADABLE_INPUT)?;
    log(Level::Warn, words);
    let notes = storage::handle(0);
    // The grants in the order of their names: "key", then "token".
    let headers = Json::object([("Authorization", secret::header(secret::handle(0), "Bearer "))]);
    Ok(Json::Array(vec![
        clock::now(),
        random::bytes(8),
        http::request(http::handle(0), "POST", "https://api.example.com/x", Some(headers), Some(words)),
        secret::hmac(secret::handle(secret::count() - 1), words),
        storage::put(notes, "a\"b", second.clone()),
        storage::get(notes, "a\"b"),
        storage::list(notes, "a", Some("a0")),
        storage::delete(notes, "old"),
        channel::send(channel::handle(channel::count() - 1), second.clone()),
        storage::get(storage::handle(storage::count()), "none"),
    ]))
}

palyra::main!(plugin);
