import { describe, expect, it, vi } from "vitest";

import { ask } from "#/client/ask";
import type { ConfigField, Hook } from "#/client/nouns";
import { Problem } from "#/client/problem";
import { nameProblem } from "#/elements/identifiers";
import { commandOf } from "#/elements/shell-words";
import { attemptsProblem, bodyOf, hookCommand, wishOf } from "#/features/hooks/wish";
import { configBody, configProblem, isTouched } from "#/features/plugins/config";
import { deniedBy, grantOptions, grantsBody, hostsOf, NOTHING, withPower } from "#/features/plugins/powers";
import { surfaceOf } from "#/features/plugins/run";
import { beginning, checked } from "#/features/plugins/tool-input";
import { expectedProblem, fileProblem } from "#/features/skills/artifact";

const DIGEST = "ab".repeat(32);

describe("a file", () => {
  it("is sent as it is, and all else as JSON", async () => {
    const sent = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({}));
    const file = new File(["bytes"], "a.palyra-skill");
    await ask("skills.install", { body: file, query: { trust_on_first_use: true, sha256: "" } });
    await ask("hooks.unbind", { path: { hook_id: "greet" }, body: { reason: "why" } });
    const [upload, json] = sent.mock.calls.map(([, init]) => init);
    expect(sent.mock.calls[0]?.[0]).toBe("/api/v1/skills?trust_on_first_use=true");
    expect(upload?.body).toBe(file);
    expect(upload?.headers).toMatchObject({ "Content-Type": "application/octet-stream" });
    expect(json?.body).toBe('{"reason":"why"}');
  });

  it("is held against the digest that is expected of it", () => {
    const known = { state: "known", hex: DIGEST } as const;
    expect(expectedProblem(DIGEST.toUpperCase(), known)).toBeUndefined();
    expect(expectedProblem("cd".repeat(32), known)).toContain("not the file that was meant");
    expect(expectedProblem("cd".repeat(32), { state: "unknown" })).toBeUndefined();
    expect(expectedProblem("abc", known)).toContain("these are 3");
    expect(expectedProblem("x", known)).toContain("a to f");
    expect(fileProblem(new File([], "empty"))).toBe("The file is empty.");
  });
});

describe("a name", () => {
  it.each(["greet", "a.b-c_9", ""])("%s can be one", (name) => expect(nameProblem(name)).toBeUndefined());
  it.each(["Greet", "a b", "ä", "a/b", "x".repeat(129)])("%s cannot be one", (name) => expect(nameProblem(name)).toContain("A name"));
});

describe("a command", () => {
  it("repeats options and has flags", () =>
    expect(commandOf("x", { host: ["a", "b c"], approve: true, no: false, reason: undefined })).toBe("palyra x --host a --host 'b c' --approve"));
});

describe("powers", () => {
  const wish = { ...withPower(NOTHING, { of: "secrets", value: "token" }, true), hosts: { token: "a.example, b.example", gone: "c" } };

  it("are granted one by one", () => {
    expect(grantsBody(wish)).toEqual({
      http_hosts: [],
      secrets: ["token"],
      storage_prefixes: [],
      channels: [],
      secret_hosts: { token: ["a.example", "b.example"] },
    });
    expect(withPower(wish, { of: "secrets", value: "token" }, false).granted.secrets).toEqual([]);
    expect(grantOptions(wish)["secret-host"]).toEqual(["token=a.example", "token=b.example"]);
    expect(hostsOf(" , ")).toEqual([]);
  });

  it("that are denied are read off the error", () => {
    const denied = new Problem({ message: "", code: "CAPABILITY_DENIED", details: { denied: ["secrets: token"] } });
    expect(deniedBy(denied)).toEqual(["secrets: token"]);
    expect(deniedBy(new Problem({ message: "", code: "OTHER", details: { denied: ["x"] } }))).toEqual([]);
  });
});

describe("the input of a tool", () => {
  const schema = {
    type: "object",
    required: ["town", "days"],
    additionalProperties: false,
    properties: { town: { type: "string" }, days: { type: "integer" }, unit: { enum: ["C", "K"] }, at: { type: "object", required: ["x"] } },
  };

  it("begins with the least that the schema asks for", () => expect(beginning(schema)).toEqual({ town: "", days: 0 }));

  it.each([
    ['{"town": "Ulm", "days": 3}', []],
    ['{"town": "Ulm"}', ["days is missing."]],
    ['{"town": 4, "days": 1.5}', ["town is to be a string.", "days is to be an integer."]],
    ['{"town": "", "days": 1, "unit": "F", "x": 1}', ['unit is to be one of "C", "K".', "x is not known to it."]],
    ['{"town": "", "days": 1, "at": {}}', ["at.x is missing."]],
    ["[]", ["It is to be an object."]],
  ])("%s", (text, hints) => expect(checked(text, schema)).toMatchObject({ isJson: true, hints }));

  it("is not sent before it is JSON", () => {
    expect(checked('{\n"a":\n}', schema)).toMatchObject({ isJson: false });
    expect(checked("", schema).hints[0]).toContain("no JSON yet");
    expect(checked("1", true)).toMatchObject({ isJson: true, hints: [] });
  });

  it("shows a page only where the run had effects", () => {
    const run = { outcome: "ok", output: { a2ui: { surface: "sky" } } } as never;
    expect(surfaceOf(run)).toBe("sky");
    expect(surfaceOf({ ...(run as object), outcome: "bad_output" } as never)).toBeUndefined();
    expect(surfaceOf({ outcome: "ok", output: { a2ui: [1] } } as never)).toBeUndefined();
  });
});

describe("settings", () => {
  const field = (name: string, type: string, value: unknown, isSet: boolean): ConfigField => ({
    name,
    type,
    value,
    is_set: isSet,
    is_required: false,
    title: null,
    choices: [],
    issue: null,
  });
  const fields = [field("days", "integer", 3, true), field("towns", "string_list", null, false), field("token", "string", "[redacted]", true)];

  it("are changed where something else was typed, and taken away where nothing is left", () => {
    expect(configBody(fields, { days: "3", towns: "Ulm\n\n Bern ", token: null }, "why")).toEqual({
      texts: { towns: '["Ulm","Bern"]' },
      unset: ["token"],
      reason: "why",
    });
    expect(configBody(fields, { days: " " }, null)).toEqual({ texts: {}, unset: ["days"], reason: null });
    expect(fields.map((each) => isTouched(each, { days: "3" }))).toEqual([false, false, false]);
  });

  it("that are refused are said at their fields", () => {
    const refused = new Problem({ message: "", code: "CONFIG_REFUSED", details: { issues: ["days is not of type integer"] } });
    expect(configProblem(refused, "days")).toBe("It is not of type integer.");
    expect(configProblem(refused, "day")).toBeUndefined();
    const secret = new Problem({ message: "", code: "SECRET_IN_CONFIG", details: { keys: ["token"] } });
    expect(configProblem(secret, "token")).toContain("secret:NAME");
  });
});

describe("a hook", () => {
  const wish = { ...wishOf(undefined, "greeter"), name: "greet" };

  it("of an event has attempts and an ordering", () => {
    expect(bodyOf({ ...wish, attempts: "3" }, null)).toEqual({
      event: "skill:enabled",
      plugin: "greeter",
      ordering: "hook",
      attempts_max: 3,
      reason: null,
    });
    expect(hookCommand({ ...wish, ordering: "none" }, "")).toBe("palyra hook bind greet --event skill:enabled --plugin greeter --ordering none");
  });

  it("of a phase has a rule for no answer, and nothing else", () => {
    const phase = { ...wish, kind: "run:before_tool", attempts: "3", ordering: "none", rule: "continue" } as const;
    expect(bodyOf(phase, null)).toEqual({ event: "run:before_tool", plugin: "greeter", ordering: "hook", on_failure: "continue", reason: null });
    expect(hookCommand(phase, "")).toBe("palyra hook bind greet --event run:before_tool --plugin greeter --on-failure continue");
  });

  it("is changed from what it is", () => {
    const hook = { hook_id: "a", event_kind: "skill:disabled", plugin_id: "b", attempts_max: 4, ordering: "skill", on_failure: "block" } as Hook;
    expect(wishOf(hook)).toEqual({ name: "a", kind: "skill:disabled", plugin: "b", attempts: "4", ordering: "skill", rule: "block" });
  });

  it.each(["0", "101", "1.5", "x"])("has not %s attempts", (text) => expect(attemptsProblem(text)).toBe("A number from 1 to 100."));
});
