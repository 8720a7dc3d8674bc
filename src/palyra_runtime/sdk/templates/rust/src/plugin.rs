//! Greets what an event, or an agent's tool call, is about.

#[path = "../kit/palyra.rs"]
#[allow(dead_code)]
mod palyra;

use palyra::{log, Exit, Json, Level};

fn plugin(input: &Json) -> Result<Json, Exit> {
    let name = subject(input).ok_or(Exit::UNREADABLE_INPUT)?;
    let greeting = format!("hello {name}");
    log(Level::Info, &greeting);
    Ok(Json::object([("greeting", greeting.into())]))
}

/// The name in a tool call; of an event, the skill that it is about, or else its kind.
fn subject(input: &Json) -> Option<&str> {
    if let Some(tool) = input.get("tool") {
        return tool.get("input")?.get("name")?.as_str();
    }
    let event = input.get("event")?;
    let skill = event.get("payload").and_then(|payload| payload.get("skill_id")).and_then(Json::as_str);
    skill.or_else(|| event.get("kind")?.as_str())
}

palyra::main!(plugin);
