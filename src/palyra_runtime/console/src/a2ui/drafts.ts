import type { A2uiField, A2uiFormComponent, A2uiValue } from "./types";

/**
 * What people have typed and not sent off yet, by surface, form and field.
 *
 * It lives beside the documents: a patch makes a new document, and a value that somebody typed has no
 * place in it. So nothing that a plugin sends can reset a field under the fingers of a person.
 */
export type Drafts = ReadonlyMap<string, A2uiValue>;

/** Returns the key of a field's draft. Ids hold no space, so keys cannot run into each other. */
export function draftKey(surface: string, form: string, field: string): string {
  return `${surface} ${form} ${field}`;
}

/** Returns whether a draft can still be the value of a field, after the field may have changed. */
function fits(field: A2uiField, value: A2uiValue): boolean {
  if (field.type === "checkbox") return typeof value === "boolean";
  if (field.type === "select") return field.options.some((option) => option.value === value);
  return typeof value === "string";
}

/** Returns what a field shows: what was typed, or else its default. Numbers are typed as text. */
export function shownValue(field: A2uiField, draft: A2uiValue | undefined): string | boolean {
  if (draft !== undefined && fits(field, draft)) return typeof draft === "number" ? String(draft) : draft;
  return field.type === "number" ? String(field.defaultValue) : field.defaultValue;
}

/** Returns the values of a form as they are sent; what is no number stays text, so that the gateway says so. */
export function valuesOf(surface: string, form: A2uiFormComponent, drafts: Drafts): Record<string, A2uiValue> {
  return Object.fromEntries(
    form.props.fields.map((field) => {
      const shown = shownValue(field, drafts.get(draftKey(surface, form.id, field.id)));
      const isNumber = field.type === "number" && typeof shown === "string" && shown.trim() !== "" && Number.isFinite(Number(shown));
      return [field.id, isNumber ? Number(shown) : shown];
    }),
  );
}

class DraftBox {
  #drafts: Drafts = new Map();
  readonly #watchers = new Set<() => void>();

  readonly all = (): Drafts => this.#drafts;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Keeps what somebody has typed. */
  type(key: string, value: A2uiValue): void {
    this.#become(new Map(this.#drafts).set(key, value));
  }

  /** Forgets what was typed into a form, once it was sent off. */
  clear(surface: string, form: A2uiFormComponent): void {
    const kept = new Map(this.#drafts);
    for (const field of form.props.fields) kept.delete(draftKey(surface, form.id, field.id));
    this.#become(kept);
  }

  #become(drafts: Drafts): void {
    this.#drafts = drafts;
    for (const watcher of this.#watchers) watcher();
  }
}

export const draftBox = new DraftBox();
