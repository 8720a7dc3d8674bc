/**
 * Pages: what a surface shows, as JSON. A document is all of it, a patch is what changes on it.
 *
 * Nothing is checked here. The host mends what it can, and tells the operator what it mended:
 * docs/surfaces.md has the rules, `palyra surface validate` tries a document.
 */

import { Json } from "./json";

export namespace page {
  /** All that a surface shows from now on; `components` is an array, from top to bottom. */
  export function document(surface: string, components: Json): Json {
    return described(surface).set("components", components);
  }

  /** What changes on a surface; `operations` is an array of `replace(…)` and the like. */
  export function patch(surface: string, operations: Json): Json {
    const patch = Json.object().set("v", Json.number("1")).set("ops", operations);
    return described(surface).set("patch", patch);
  }

  /** Puts another component in the place of the one at `index`. */
  export function replace(index: i32, component: Json): Json {
    return Json.object()
      .set("op", Json.string("replace"))
      .set("path", Json.string("/components/" + index.toString()))
      .set("value", component);
  }

  /** A sentence; its tone is `normal`, `muted`, `success` or `critical`. */
  export function text(id: string, value: string, tone: string = "normal"): Json {
    return component(id, "text", Json.object().set("tone", Json.string(tone)).set("value", Json.string(value)));
  }

  export function markdown(id: string, value: string): Json {
    return component(id, "markdown", Json.object().set("value", Json.string(value)));
  }

  export function list(id: string, items: Json, ordered: bool = false): Json {
    return component(id, "list", Json.object().set("ordered", Json.bool(ordered)).set("items", items));
  }

  /** `rows` is an array of arrays, each with one cell for each column. */
  export function table(id: string, columns: string[], rows: Json): Json {
    return component(id, "table", Json.object().set("columns", texts(columns)).set("rows", rows));
  }

  /** `series` is an array of `point(…)`. */
  export function chart(id: string, title: string, series: Json): Json {
    return component(id, "chart", Json.object().set("title", Json.string(title)).set("series", series));
  }

  export function point(label: string, value: i64): Json {
    return Json.object().set("label", Json.string(label)).set("value", Json.number(value.toString()));
  }

  /** `fields` is an array of `field(…)` and `choice(…)`; what is sent off comes back as `form:submitted`. */
  export function form(id: string, title: string, submitLabel: string, fields: Json): Json {
    const props = Json.object()
      .set("title", Json.string(title))
      .set("submitLabel", Json.string(submitLabel))
      .set("fields", fields);
    return component(id, "form", props);
  }

  /** A field of a form: `text`, `email`, `number` or `checkbox`. */
  export function field(type: string, id: string, label: string, required: bool = false): Json {
    return Json.object()
      .set("id", Json.string(id))
      .set("type", Json.string(type))
      .set("label", Json.string(label))
      .set("required", Json.bool(required));
  }

  /** A field with one answer out of several; `options` is an array of `option(…)`. */
  export function choice(id: string, label: string, options: Json): Json {
    return field("select", id, label, true).set("options", options);
  }

  /** `value` has letters, digits, `:`, `_` and `-` only. */
  export function option(value: string, label: string): Json {
    return Json.object().set("value", Json.string(value)).set("label", Json.string(label));
  }

  export function texts(values: string[]): Json {
    const array = Json.array();
    for (let i = 0; i < values.length; i++) array.push(Json.string(values[i]));
    return array;
  }

  function described(surface: string): Json {
    return Json.object().set("v", Json.number("1")).set("surface", Json.string(surface));
  }

  function component(id: string, type: string, props: Json): Json {
    return Json.object().set("id", Json.string(id)).set("type", Json.string(type)).set("props", props);
  }
}
