/**
 * A desk at which people decide about releases that were quarantined: a small conversation by forms.
 *
 *   quarantined ──> waiting ── "choose" ──> looked at ── "decide" ──> decided ──> carried out
 *
 * It decides nothing itself, and it could not: what it shows at the end is what an operator is to type.
 * An event shows the whole page, the answer to a form changes what is different on it.
 */

import { Exit, Json, Kind, Level, log, page, readInput, show, storage } from "../kit/palyra";

const SURFACE = "approvals";
const KEY = "state";
/** Rows of a table; a page is for people. */
const ROWS_MAX: i32 = 20;

const WAITING = "waiting";
const DECIDED = "decided";
const CHOSEN = "chosen";
const TALLY = "tally";

export function palyra_plugin_main(): i32 {
  const input = readInput();
  if (input === null) return Exit.UnreadableInput;
  const event = input.get("event");
  if (event.kind != Kind.Object && !input.has("tool")) return Exit.UnreadableInput;
  const desk = recalled();
  const before = components(desk);
  take(desk, event);
  storage.put(storage.handle(0), KEY, desk);
  const after = components(desk);
  if (event.get("kind").text != "form:submitted") return show(counts(desk), page.document(SURFACE, after));
  return show(counts(desk), page.patch(SURFACE, changes(before, after)));
}

/** What the desk knew after its last run. */
function recalled(): Json {
  const kept = storage.get(storage.handle(0), KEY).get("ok").get("value");
  if (kept.kind == Kind.Object) return kept;
  return Json.object()
    .set(WAITING, Json.array())
    .set(DECIDED, Json.array())
    .set(CHOSEN, Json.string(""))
    .set(TALLY, Json.object());
}

/** Lets the desk take note of what happened; what it does not know of changes nothing. */
function take(desk: Json, event: Json): void {
  const kind = event.get("kind").text;
  if (kind == "skill:quarantined") takeQuarantine(desk, event);
  else if (kind == "skill:enabled") takeEnabling(desk, event);
  else if (kind == "form:submitted") takeForm(desk, event);
}

function takeQuarantine(desk: Json, event: Json): void {
  const payload = event.get("payload");
  const release = Json.object()
    .set("id", Json.string("q" + event.get("position").toString()))
    .set("skill", payload.get("skill_id"))
    .set("version", payload.get("version"))
    .set("why", reasons(payload))
    .set("since", moment(event));
  const waiting = without(desk.get(WAITING), payload);
  desk.set(WAITING, newestFirst(release, waiting));
  log(Level.Info, named(release) + " waits for a decision");
}

/** What the audit found, and what the person said who quarantined the release. */
function reasons(payload: Json): Json {
  const found = payload.get("reasons");
  const said = payload.get("reason").text;
  const all = Json.array();
  if (said.length > 0) all.push(Json.string(said));
  for (let i = 0; i < found.length; i++) all.push(found.at(i));
  if (all.length == 0) all.push(Json.string("no reason given"));
  return all;
}

/** A release that is enabled waits no more; a decision to enable it is carried out by that. */
function takeEnabling(desk: Json, event: Json): void {
  const payload = event.get("payload");
  desk.set(WAITING, without(desk.get(WAITING), payload));
  const decided = desk.get(DECIDED);
  for (let i = 0; i < decided.length; i++) {
    const each = decided.at(i);
    if (isOf(each, payload) && each.get("decision").text == "enable") each.set("done", Json.bool(true));
  }
}

function takeForm(desk: Json, event: Json): void {
  const payload = event.get("payload");
  const values = payload.get("values");
  const form = payload.get("component_id").text;
  if (form == "choose") desk.set(CHOSEN, values.get("release"));
  else if (form == "decide") takeDecision(desk, values, event);
}

function takeDecision(desk: Json, values: Json, event: Json): void {
  const release = chosen(desk);
  const decision = values.get("decision").text;
  desk.set(CHOSEN, Json.string(""));
  if (release.kind != Kind.Object) return;
  const tally = desk.get(TALLY);
  tally.set(decision, Json.number((count(tally, decision) + 1).toString()));
  log(Level.Info, decision + ": " + named(release));
  if (decision == "later") return;
  const decided = Json.object()
    .set("skill", release.get("skill"))
    .set("version", release.get("version"))
    .set("decision", Json.string(decision))
    .set("reason", values.get("reason"))
    .set("confidence", values.get("confidence"))
    .set("by", event.get("actor"))
    .set("at", moment(event))
    .set("done", Json.bool(decision == "keep"));
  if (values.get("contact").text.length > 0) decided.set("contact", values.get("contact"));
  desk.set(WAITING, without(desk.get(WAITING), asPayload(release)));
  desk.set(DECIDED, newestFirst(decided, desk.get(DECIDED)));
}

/** The page, in places that never change: a patch names them. */
function components(desk: Json): Json {
  const looksAtOne = chosen(desk).kind == Kind.Object;
  return Json.array()
    .push(status(desk.get(WAITING).length))
    .push(guide())
    .push(waitingTable(desk.get(WAITING)))
    .push(question(desk))
    .push(page.markdown("about", looksAtOne ? "### Why it was quarantined" : "### Left to be done"))
    .push(page.list("lines", looksAtOne ? chosen(desk).get("why") : commands(desk)))
    .push(decidedTable(desk.get(DECIDED)))
    .push(chart(desk.get(TALLY)));
}

function status(waiting: i32): Json {
  if (waiting == 0) return page.text("status", "Nothing waits for a decision.", "success");
  const noun = waiting == 1 ? " release waits" : " releases wait";
  return page.text("status", waiting.toString() + noun + " for a decision.", "critical");
}

function guide(): Json {
  return page.markdown(
    "guide",
    "## Approval desk\n" +
      "A quarantined release runs nothing. **Choose** one, read why it was quarantined, and decide. " +
      "What is to be done then is listed below; *the desk itself changes nothing*.",
  );
}

/** What is asked next: about one release, which one, or nothing. */
function question(desk: Json): Json {
  const release = chosen(desk);
  if (release.kind == Kind.Object) {
    return page.form("decide", "Decide about " + named(release), "Decide", decisionFields());
  }
  const waiting = desk.get(WAITING);
  if (waiting.length == 0) return page.text("nothing", "The desk is clear.", "muted");
  const options = Json.array();
  for (let i = 0; i < waiting.length; i++) {
    options.push(page.option(waiting.at(i).get("id").text, named(waiting.at(i))));
  }
  const fields = Json.array().push(page.choice("release", "Release", options));
  return page.form("choose", "Which release do you want to look at?", "Look at it", fields);
}

function decisionFields(): Json {
  const options = Json.array()
    .push(page.option("keep", "Keep it quarantined"))
    .push(page.option("enable", "Enable it again"))
    .push(page.option("later", "Decide later"));
  const confidence = page
    .field("number", "confidence", "How sure are you, in percent?")
    .set("min", Json.number("0"))
    .set("max", Json.number("100"))
    .set("step", Json.number("5"))
    .set("default", Json.number("50"));
  return Json.array()
    .push(page.choice("decision", "What becomes of it?", options))
    .push(page.field("text", "reason", "Why?", true).set("placeholder", Json.string("read the audit report")))
    .push(confidence)
    .push(page.field("email", "contact", "Who can be asked?").set("hint", Json.string("left out if blank")))
    .push(page.field("checkbox", "checked", "I have read the reasons", true));
}

function waitingTable(waiting: Json): Json {
  if (waiting.length == 0) return page.text("waiting", "No release is in quarantine.", "muted");
  const rows = Json.array();
  for (let i = 0; i < waiting.length; i++) {
    const each = waiting.at(i);
    const why = each.get("why");
    const more = why.length > 1 ? ", and " + (why.length - 1).toString() + " more" : "";
    const because = why.at(0).text + more;
    rows.push(page.texts([each.get("skill").text, each.get("version").text, because, each.get("since").text]));
  }
  return page.table("waiting", ["Skill", "Version", "Quarantined because", "Since"], rows);
}

function decidedTable(decided: Json): Json {
  if (decided.length == 0) return page.text("decided", "Nobody has decided anything yet.", "muted");
  const rows = Json.array();
  for (let i = 0; i < decided.length; i++) {
    const each = decided.at(i);
    const sure = each.get("decision").text + ", " + each.get("confidence").toString() + " % sure";
    const by = each.has("contact") ? each.get("contact").text : each.get("by").text;
    const done = each.get("done").toString() == "true" ? "yes" : "no";
    rows.push(page.texts([named(each), sure, each.get("reason").text, by, done]));
  }
  return page.table("decided", ["Release", "Decision", "Because", "By", "Done"], rows);
}

/** What an operator is to type for the decisions that nobody has carried out yet. */
function commands(desk: Json): Json {
  const decided = desk.get(DECIDED);
  const lines = Json.array();
  for (let i = 0; i < decided.length; i++) {
    const each = decided.at(i);
    if (each.get("done").toString() == "true") continue;
    lines.push(Json.string("palyra skill " + each.get("decision").text + " " + named(each)));
  }
  return lines.length > 0 ? lines : lines.push(Json.string("Nothing: every decision is carried out."));
}

function chart(tally: Json): Json {
  const series = Json.array()
    .push(page.point("kept in quarantine", count(tally, "keep")))
    .push(page.point("to be enabled", count(tally, "enable")))
    .push(page.point("put off", count(tally, "later")));
  return page.chart("tally", "All answers", series);
}

/** The operations that make one page of the other: a component that is the same stays untouched. */
function changes(before: Json, after: Json): Json {
  const operations = Json.array();
  for (let i = 0; i < after.length; i++) {
    if (before.at(i).toString() != after.at(i).toString()) operations.push(page.replace(i, after.at(i)));
  }
  // A patch must change something; an answer that changes nothing says the status again.
  return operations.length > 0 ? operations : operations.push(page.replace(0, after.at(0)));
}

function counts(desk: Json): Json {
  const tally = desk.get(TALLY);
  const decided = count(tally, "keep") + count(tally, "enable");
  return Json.object()
    .set(WAITING, Json.number(desk.get(WAITING).length.toString()))
    .set(DECIDED, Json.number(decided.toString()));
}

/** The release that somebody looks at; null where that is none, or one that waits no more. */
function chosen(desk: Json): Json {
  const waiting = desk.get(WAITING);
  for (let i = 0; i < waiting.length; i++) {
    if (waiting.at(i).get("id").text == desk.get(CHOSEN).text) return waiting.at(i);
  }
  return Json.null();
}

/** The items that are about another release than the one in `payload`. */
function without(items: Json, payload: Json): Json {
  const rest = Json.array();
  for (let i = 0; i < items.length; i++) {
    if (!isOf(items.at(i), payload)) rest.push(items.at(i));
  }
  return rest;
}

function newestFirst(newest: Json, others: Json): Json {
  const all = Json.array().push(newest);
  for (let i = 0; i < others.length && all.length < ROWS_MAX; i++) all.push(others.at(i));
  return all;
}

function isOf(item: Json, payload: Json): bool {
  const isOfSkill = item.get("skill").text == payload.get("skill_id").text;
  return isOfSkill && item.get("version").text == payload.get("version").text;
}

function asPayload(release: Json): Json {
  return Json.object().set("skill_id", release.get("skill")).set("version", release.get("version"));
}

function named(release: Json): string {
  return release.get("skill").text + " " + release.get("version").text;
}

function count(tally: Json, decision: string): i64 {
  return tally.has(decision) ? I64.parseInt(tally.get(decision).toString()) : 0;
}

/** The time of an event as people read it, such as `2026-01-31 09:00`. */
function moment(event: Json): Json {
  return Json.string(event.get("timestamp").text.substring(0, 16).replace("T", " "));
}
