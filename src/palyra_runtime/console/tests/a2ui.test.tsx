import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { A2uiRenderer } from "#/a2ui/A2uiRenderer";
import type { A2uiDocument } from "#/a2ui/types";
import { safeLink } from "#/elements/links";

import { corpus } from "./corpus";

interface DocumentCase {
  name: string;
  expect: { document?: A2uiDocument };
}

const DOCUMENTS = corpus<DocumentCase[]>("documents").flatMap(({ name, expect: { document } }) =>
  document === undefined ? [] : [[name, document] as const],
);
const HOSTILE = corpus<string[]>("hostile");
const LINKS = corpus<Array<{ given: string; expect: string | null }>>("links");

/** A document with a text of somebody else in each place that takes one. */
function documentOf(text: string): A2uiDocument {
  const field = { id: "f", label: text, hint: text, required: false };
  return {
    v: 1,
    surface: "s",
    components: [
      { id: "a", type: "text", props: { tone: "normal", value: text } },
      { id: "b", type: "markdown", props: { value: text } },
      { id: "c", type: "list", props: { ordered: false, items: [text] } },
      { id: "d", type: "table", props: { columns: [text], rows: [[text]] } },
      { id: "e", type: "chart", props: { title: text, series: [{ label: text, value: -1 }] } },
      {
        id: "f",
        type: "form",
        props: { title: text, submitLabel: text, fields: [{ ...field, type: "text", placeholder: text, defaultValue: text }] },
      },
      { id: "g", type: "unsupported", props: { kind: "map", source: text } },
    ],
  };
}

describe("documents of the corpus", () => {
  it.each(DOCUMENTS)("%s: every component is there, in its order", (_, document) => {
    const { container } = render(<A2uiRenderer document={document} />);
    const shown = [...container.querySelectorAll("[data-component]")].map((each) => each.getAttribute("data-component"));
    expect(shown).toEqual(document.components.map((component) => component.id));
  });

  it("has documents to show", () => expect(DOCUMENTS.length).toBeGreaterThan(20));
});

describe("texts of somebody hostile", () => {
  it.each(HOSTILE)("%j stays a text", (text) => {
    const { container } = render(<A2uiRenderer document={documentOf(text)} />);
    expect(container.querySelector("script, iframe, img, style, link, meta, base, object, embed")).toBeNull();
    const handlers = [...container.querySelectorAll("*")].flatMap((each) => each.getAttributeNames().filter((name) => name.startsWith("on")));
    expect(handlers).toEqual([]);
  });

  it.each(HOSTILE)("%j leads nowhere that it may not", (text) => {
    const { container } = render(<A2uiRenderer document={documentOf(text)} />);
    for (const link of container.querySelectorAll("a")) {
      expect(safeLink(link.getAttribute("href") ?? "")).not.toBeNull();
      expect(link.rel).toContain("noopener");
    }
  });
});

describe("links", () => {
  it.each(LINKS)("$given leads to $expect, as the gateway says", ({ given, expect: expected }) => {
    expect(safeLink(given)).toBe(expected);
  });
});

it("says which component it cannot show", () => {
  render(<A2uiRenderer document={documentOf("x")} />);
  expect(screen.getByText("map")).toBeDefined();
});

it("draws negative numbers to the left of zero, and tells the numbers in a table", () => {
  const series = [
    { label: "loss", value: -5 },
    { label: "gain", value: 5_000_000 },
  ];
  const document: A2uiDocument = { v: 1, surface: "s", components: [{ id: "c", type: "chart", props: { title: "Money", series } }] };
  const { container } = render(<A2uiRenderer document={document} />);
  expect(container.querySelectorAll(".chart-bar.below")).toHaveLength(1);
  expect([...container.querySelectorAll("td")].map((cell) => cell.textContent)).toEqual(["-5", "5000000"]);
});
