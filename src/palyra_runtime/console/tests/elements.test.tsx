import { render, screen } from "@testing-library/react";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { addressOf } from "#/client/ask";
import { problemOf } from "#/client/problem";
import { Json, partsOf } from "#/elements/Json";
import { absolute, relative } from "#/elements/moments";
import { bytes, counted, duration } from "#/elements/numbers";
import { commandOf, quoted } from "#/elements/shell-words";
import { shareBetween, ticksOf } from "#/elements/ticks";
import { barsOf } from "#/features/overview/ActivityPanel";
import { readSearch, searchOf, writeSearch } from "#/search";

const NOW = new Date("2026-03-01T12:00:00Z");

describe("moments", () => {
  it.each([
    ["2026-03-01T11:59:58Z", "now"],
    ["2026-03-01T11:59:30Z", "30s ago"],
    ["2026-03-01T11:55:00Z", "5m ago"],
    ["2026-03-01T09:00:00Z", "3h ago"],
    ["2026-03-01T12:00:40Z", "in 40s"],
  ])("%s is %s", (at, words) => expect(relative(new Date(at), NOW)).toBe(words));

  it("are told in UTC", () => expect(absolute(NOW)).toBe("2026-03-01 12:00:00"));
});

describe("numbers", () => {
  it("are told in units that fit", () => {
    expect([duration(312), duration(4_100), duration(2_500_000)]).toEqual(["312 µs", "4.1 ms", "2.50 s"]);
    expect([bytes(812), bytes(9_320), bytes(16_777_216)]).toEqual(["812 B", "9.1 KiB", "16 MiB"]);
    expect([counted(1, "event"), counted(3_000, "event")]).toEqual(["1 event", "3,000 events"]);
  });
});

describe("the ticks of an axis", () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 64 });

  it("hold zero and all values, in order, and are few", () => {
    fc.assert(
      fc.property(values, (given) => {
        const ticks = ticksOf(given);
        expect(ticks).toContain(0);
        expect(ticks).toEqual([...ticks].sort((one, other) => one - other));
        expect(ticks.length).toBeLessThanOrEqual(12);
        const slack = 1e-9 * Math.max(...given.map(Math.abs), 1);
        expect(ticks[0]).toBeLessThanOrEqual(Math.min(...given) + slack);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(Math.max(...given) - slack);
        const shares = given.map((value) => shareBetween(ticks[0] ?? 0, value, ticks.at(-1) ?? 1));
        expect(shares.every((share) => share > -0.001 && share < 1.001)).toBe(true);
      }),
    );
  });
});

describe("JSON", () => {
  it("is the same text in colours", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = JSON.stringify(JSON.parse(json), null, 2);
        expect(partsOf(text).map((part) => part.text).join("")).toBe(text);
      }),
    );
  });

  it("is cut where it is long, and says how long", () => {
    render(<Json value={Array.from({ length: 100 }, (_, index) => index)} label="numbers" />);
    expect(screen.getByRole("button", { name: "Show all 102 lines" })).toBeDefined();
  });
});

describe("the address", () => {
  it("keeps what a page knows, and nothing else", () => {
    expect(searchOf("state", "hook")({ state: "dead", hook: "", other: "x" })).toEqual({ state: "dead" });
  });

  it("is read as it was written", () => {
    const texts = fc.dictionary(fc.constantFrom("q", "hook", "at"), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(texts, (values) => {
        expect(readSearch(writeSearch(values))).toEqual({ ...values });
      }),
    );
  });

  it("of an operation names what its path names", () => {
    expect(addressOf("deliveries.show", { delivery_id: "14:greet" })).toBe("/api/v1/deliveries/14:greet");
    expect(addressOf("deliveries.show", { delivery_id: "a b?c" })).toBe("/api/v1/deliveries/a%20b%3Fc");
  });

  it("of a listing repeats what is asked for several times, and leaves out what is not asked for", () => {
    const address = addressOf("deliveries.list", {}, { states: ["dead", "skipped"], hook_id: undefined, limit: 5 });
    expect(address).toBe("/api/v1/deliveries?states=dead&states=skipped&limit=5");
  });
});

describe("commands", () => {
  it("quote what a shell would take apart", () => {
    expect(quoted("it's")).toBe(`'it'\\''s'`);
    expect(commandOf("hook disable greet", { reason: "too loud", at: undefined })).toBe("palyra hook disable greet --reason 'too loud'");
  });
});

describe("problems", () => {
  it("are told in the words of the gateway", () => {
    const problem = problemOf(409, { error: { code: "STALE_VERSION", message: "It moved on.", advice: "Look again.", details: {} } });
    expect([problem.message, problem.advice, problem.code, problem.status]).toEqual(["It moved on.", "Look again.", "STALE_VERSION", 409]);
  });

  it("are told where the answer says nothing", () => {
    expect(problemOf(502, null).message).toBe("The gateway answered with status 502.");
  });
});

describe("activity", () => {
  it("counts each event once", () => {
    const entries = fc.array(
      fc.record({ timestamp: fc.date({ noInvalidDate: true, min: new Date(0) }).map((at) => at.toISOString()), topic: fc.constantFrom("HookBound@1", "AttemptFailed@1") }),
      { minLength: 2, maxLength: 50 },
    );
    fc.assert(
      fc.property(entries, (given) => {
        const bars = barsOf(given);
        expect(bars.reduce((sum, bar) => sum + bar.bad, 0)).toBe(given.filter((each) => each.topic === "AttemptFailed@1").length);
        expect(bars.reduce((sum, bar) => sum + bar.calm + bar.bad, 0)).toBe(given.length);
      }),
    );
  });
});
