import type { components } from "#/contract/a2ui";

type Schemas = components["schemas"];

// The types are made from the schema of the gateway, which is the authority for documents.
export type A2uiDocument = Omit<Schemas["Document"], "experimental"> & {
  experimental?: Schemas["Experimental"] | null;
};
export type A2uiComponent = A2uiDocument["components"][number];
export type A2uiFormComponent = Schemas["Form"];
export type A2uiField = Schemas["FormProps"]["fields"][number];
export type A2uiValue = string | number | boolean;

/** What a person has sent off: the form, and a value for each of its fields. */
export interface A2uiFormSubmitEvent {
  componentId: string;
  values: Record<string, A2uiValue>;
}

/** What is wrong with fields, by their ids, as the gateway found it. */
export type FieldProblems = Readonly<Record<string, string>>;
