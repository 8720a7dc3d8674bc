import { render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { Problem } from "#/client/problem";
import { Failure } from "#/elements/Failure";
import { Choice } from "#/elements/Filters";
import { Prose } from "#/elements/Prose";
import { shownSubject } from "#/elements/shown-id";
import { Count } from "#/features/deliveries/Count";
import { skipWords } from "#/features/deliveries/skip-words";

describe("a sentence of the gateway", () => {
  it.each([
    ["Once more: palyra delivery retry 48:sync", "palyra delivery retry 48:sync"],
    ["It is due: a running gateway carries it out, or: palyra delivery drain", "palyra delivery drain"],
    ["Make one with: palyra token create --role viewer. It is shown once.", "palyra token create --role viewer"],
    ["List them with: palyra hook list.", "palyra hook list"],
    ["Nothing is left to be done.", undefined],
  ])("%s: the command in it is set apart", (text, command) => {
    const { container } = render(<Prose text={text} />);
    expect(container.textContent).toBe(text);
    expect(container.querySelector("code")?.textContent).toBe(command);
  });
});

describe("a failure", () => {
  const missing = new Problem({ message: "There is none.", code: "UNKNOWN_EVENT", status: 404 });

  it("is no alarm, and nothing to try again, where something is not there", () => {
    render(<Failure error={missing} onRetry={vi.fn()} />);
    expect(screen.getByRole("alert").className).toContain("missing");
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("a choice", () => {
  it("shows what an address has chosen, also where it is not to be had", () => {
    render(<Choice label="Hook" value="gone" options={["greet"]} onChange={vi.fn()} />);
    expect(screen.getByLabelText<HTMLSelectElement>("Hook").value).toBe("gone");
  });
});

describe("what an event is about", () => {
  it("is told by its name, or by its kind where nobody has chosen one", () => {
    expect(shownSubject({ subject_kind: "hook", subject_id: "greet" })).toBe("greet");
    expect(shownSubject({ subject_kind: "gateway", subject_id: "9793196b2ac94d30" })).toBe("gateway");
  });
});

describe("a row", () => {
  it("counts what was made, and what may still come", () => {
    const { container } = render(<Count count={1} noun="attempt" most={5} />);
    expect(container.textContent).toBe("1 of 5 attempts");
  });

  it("says why it was skipped, and tells a cause that it does not know as it is", () => {
    expect(skipWords("skill_quarantined")).toBe("its skill was in quarantine");
    expect(skipWords("moon_is_full")).toBe("moon_is_full");
  });
});
