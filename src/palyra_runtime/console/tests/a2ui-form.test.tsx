import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { A2uiForm } from "#/a2ui/A2uiForm";
import { A2uiRenderer } from "#/a2ui/A2uiRenderer";
import { draftBox, draftKey, shownValue, valuesOf } from "#/a2ui/drafts";
import type { A2uiDocument, A2uiField, A2uiFormComponent } from "#/a2ui/types";
import { Problem } from "#/client/problem";

import { corpus } from "./corpus";

const { form } = corpus<{ form: A2uiFormComponent }>("forms");

function documentOf(shown: A2uiFormComponent, words = "Hello"): A2uiDocument {
  return { v: 1, surface: "s", components: [{ id: "t", type: "text", props: { tone: "normal", value: words } }, shown] };
}

beforeEach(() => draftBox.clear("s", form));

describe("a form", () => {
  it("is sent off with a value for each field, of the field's type", async () => {
    const sent = vi.fn(() => Promise.resolve());
    render(<A2uiForm surface="s" form={form} onFormSubmit={sent} />);
    await userEvent.clear(screen.getByLabelText(/^A/));
    await userEvent.type(screen.getByLabelText(/^A/), "typed");
    await userEvent.click(screen.getByRole("button", { name: "Submit" }));
    expect(sent).toHaveBeenCalledWith({ componentId: "c", values: { a: "typed", b: "", c: 2, d: "m", e: true } });
  });

  it("keeps what is typed while its plugin patches the page", async () => {
    const { rerender } = render(<A2uiRenderer document={documentOf(form)} />);
    await userEvent.type(screen.getByLabelText("b"), "me@here.org");
    const field = { ...form.props.fields[1], label: "b", defaultValue: "new default" } as A2uiField;
    const patched = { ...form, props: { ...form.props, title: "New title", fields: form.props.fields.with(1, field) } };
    rerender(<A2uiRenderer document={documentOf(patched, "Patched")} />);
    expect(screen.getByText("Patched")).toBeDefined();
    expect(screen.getByLabelText<HTMLInputElement>("b").value).toBe("me@here.org");
  });

  it("keeps the focus while its plugin patches the page", async () => {
    const { rerender } = render(<A2uiRenderer document={documentOf(form)} />);
    await userEvent.click(screen.getByLabelText("b"));
    rerender(<A2uiRenderer document={documentOf(form, "Patched")} />);
    expect(document.activeElement).toBe(screen.getByLabelText("b"));
  });

  it("says at each field what the gateway found wrong, and keeps what was typed", async () => {
    const details = { problems: [{ code: "required", path: "/a", message: "Fill in A." }] };
    const refused = vi.fn(() => Promise.reject(new Problem({ message: "No.", code: "FORM_INVALID", details })));
    render(<A2uiForm surface="s" form={form} onFormSubmit={refused} />);
    await userEvent.type(screen.getByLabelText("b"), "x");
    await userEvent.click(screen.getByRole("button", { name: "Submit" }));
    expect(screen.getByLabelText(/^A/).getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText("Fill in A.")).toBeDefined();
    expect(screen.getByLabelText<HTMLInputElement>("b").value).toBe("x");
  });

  it("shows its defaults again once it was sent off", async () => {
    render(<A2uiForm surface="s" form={form} onFormSubmit={() => Promise.resolve()} />);
    await userEvent.type(screen.getByLabelText("b"), "x");
    await userEvent.click(screen.getByRole("button", { name: "Submit" }));
    await act(() => Promise.resolve());
    expect(screen.getByLabelText<HTMLInputElement>("b").value).toBe("");
  });

  it("cannot be sent off where nobody takes it", () => {
    render(<A2uiForm surface="s" form={form} />);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Submit" }).disabled).toBe(true);
  });
});

describe("drafts", () => {
  const typed = fc.oneof(fc.string(), fc.boolean());

  it("are shown where they fit, and never change the type of a value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), typed), (drafts) => {
        const kept = new Map(Object.entries(drafts).map(([id, value]) => [draftKey("s", "c", id), value]));
        const values = valuesOf("s", form, kept);
        expect(Object.keys(values)).toEqual(["a", "b", "c", "d", "e"]);
        expect(["l", "m"]).toContain(values["d"]);
        expect(typeof values["e"]).toBe("boolean");
      }),
    );
  });

  it("survive any other default", () => {
    const text = form.props.fields[0] as Extract<A2uiField, { type: "text" | "email" }>;
    fc.assert(
      fc.property(fc.string(), fc.string(), (draft, other) => {
        expect(shownValue({ ...text, defaultValue: other }, draft)).toBe(draft);
      }),
    );
  });
});
