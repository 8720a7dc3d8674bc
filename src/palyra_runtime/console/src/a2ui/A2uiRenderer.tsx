import { Fragment } from "react";

import { BarChart } from "#/elements/Chart";

import { A2uiForm } from "./A2uiForm";
import { A2uiMarkdown } from "./A2uiMarkdown";
import { A2uiTable } from "./A2uiTable";
import type { A2uiComponent, A2uiDocument, A2uiFormSubmitEvent } from "./types";

interface Props {
  document: A2uiDocument;
  /** Called when a form is sent off; without it, forms can be looked at only. It rejects with what is wrong. */
  onFormSubmit?: (event: A2uiFormSubmitEvent) => Promise<unknown>;
}

/** A page of a plugin. Documents come normalised from the gateway; nothing is repaired here. */
export function A2uiRenderer({ document, onFormSubmit }: Props) {
  return (
    <section className="a2ui" data-surface={document.surface} aria-label={`Surface ${document.surface}`}>
      {document.experimental != null && (
        <p className="notice warn">
          An experiment ({document.experimental.rolloutStage.replaceAll("_", " ")}): {document.experimental.supportSummary}
        </p>
      )}
      {document.components.length === 0 && <p className="soft">The plugin shows nothing at the moment.</p>}
      {document.components.map((component) => (
        <article key={component.id} className={`a2ui-${component.type}`} data-component={component.id}>
          <Component surface={document.surface} component={component} onFormSubmit={onFormSubmit} />
        </article>
      ))}
    </section>
  );
}

interface ComponentProps {
  surface: string;
  component: A2uiComponent;
  onFormSubmit: Props["onFormSubmit"];
}

function Component({ surface, component, onFormSubmit }: ComponentProps) {
  switch (component.type) {
    case "text":
      return <p className={`a2ui-tone-${component.props.tone}`}>{component.props.value}</p>;
    case "markdown":
      return <A2uiMarkdown value={component.props.value} />;
    case "list":
      return <A2uiList items={component.props.items} ordered={component.props.ordered} />;
    case "table":
      return <A2uiTable columns={component.props.columns} rows={component.props.rows} />;
    case "form":
      return <A2uiForm surface={surface} form={component} onFormSubmit={onFormSubmit} />;
    case "chart":
      return <BarChart title={component.props.title} points={component.props.series} />;
    case "unsupported":
      return <Unsupported kind={component.props.kind} source={component.props.source} />;
  }
}

function A2uiList({ items, ordered }: { items: readonly string[]; ordered: boolean }) {
  const List = ordered ? "ol" : "ul";
  return (
    <List className={ordered ? "a2ui-items numbered" : "a2ui-items"}>
      {items.map((item, index) => (
        <li key={index}>{item}</li>
      ))}
    </List>
  );
}

/** What this console cannot show is said, and never left out. */
function Unsupported({ kind, source }: { kind: string; source: string }) {
  return (
    <Fragment>
      <p>
        The plugin shows a component of the kind <code>{kind}</code>, which this console does not know.
      </p>
      <pre tabIndex={0} aria-label="Its properties">
        {source}
      </pre>
    </Fragment>
  );
}
