import type { ReactNode } from "react";
import { useEffect, useId, useRef, useState } from "react";

/** How long after the last key the question is asked, in ms. */
const PAUSE_MS = 250;

/** A row of filters above a listing. */
export function Filters({ children }: { children: ReactNode }) {
  return (
    <div className="filters" role="search">
      {children}
    </div>
  );
}

interface SearchProps {
  label: string;
  value: string | undefined;
  placeholder?: string;
  onChange: (value: string | undefined) => void;
}

/** A field for words; `/` puts the cursor here. */
export function SearchField({ label, value, placeholder, onChange }: SearchProps) {
  const [text, setText] = useState(value ?? "");
  const told = useRef(value ?? "");
  useEffect(() => {
    if ((value ?? "") === told.current) return;
    told.current = value ?? "";
    setText(value ?? "");
  }, [value]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      onChange(text.trim() === "" ? undefined : text.trim());
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <label className="search-field">
      <span className="only-heard">{label}</span>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm4-1 3 3" />
      </svg>
      <input
        type="search"
        value={text}
        placeholder={placeholder ?? label}
        data-search-field=""
        onChange={(event) => setText(event.target.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value | undefined;
  options: ReadonlyArray<Value | readonly [Value, string]>;
  onChange: (value: Value | undefined) => void;
  /** What the choice of nothing is called. */
  all?: string;
}

/** A choice of one of a few values, or of all. */
export function Choice<Value extends string>({ label, value, options, onChange, all = "any" }: ChoiceProps<Value>) {
  const id = useId();
  // What an address names need not be there any more, and is chosen all the same.
  const isStrange = value !== undefined && !options.some((option) => (typeof option === "string" ? option : option[0]) === value);
  return (
    <div className={value === undefined ? "choice" : "choice chosen"}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value === "" ? undefined : (event.target.value as Value))}
      >
        <option value="">{all}</option>
        {isStrange && <option value={value}>{value}</option>}
        {options.map((option) => {
          const [key, text] = typeof option === "string" ? [option, option] : option;
          return (
            <option key={key} value={key}>
              {text}
            </option>
          );
        })}
      </select>
    </div>
  );
}

interface PillsProps<Value extends string> {
  label: string;
  value: Value | undefined;
  options: ReadonlyArray<readonly [value: Value | undefined, text: string, count?: number]>;
  onChange: (value: Value | undefined) => void;
}

/** The same as a row of pills, for the choice that people make most. */
export function Pills<Value extends string>({ label, value, options, onChange }: PillsProps<Value>) {
  return (
    <div className="pills fades" role="group" aria-label={label}>
      {options.map(([key, text, count]) => (
        <button key={text} type="button" className="pill" aria-pressed={key === value} onClick={() => onChange(key)}>
          {text}
          {count !== undefined && <span className="pill-count figures">{count}</span>}
        </button>
      ))}
    </div>
  );
}
