import { getRouteApi, Link } from "@tanstack/react-router";

import { A2uiRenderer } from "#/a2ui/A2uiRenderer";
import type { A2uiDocument } from "#/a2ui/types";
import { addressOf } from "#/client/ask";
import type { SurfaceDetail } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { ChangeButton } from "#/elements/ChangeButton";
import { CopyAs } from "#/elements/CopyAs";
import { Facts } from "#/elements/Facts";
import { Json } from "#/elements/Json";
import { Moment } from "#/elements/Moment";
import { Panel } from "#/elements/Panel";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { submissions } from "./submission";
import { SurfaceProblems } from "./SurfaceProblems";
import { SurfaceState } from "./SurfacesPage";
import { SurfaceVersions } from "./SurfaceVersions";

const route = getRouteApi("/shell/surfaces/$surface");

/** One surface as it is now, or was: what the plugin shows, and what became of it. */
export function SurfacePage() {
  const { surface } = route.useParams();
  const { version } = route.useSearch();
  const at = useAt();
  const query = useAnswer("surfaces.show", {
    path: { surface },
    query: { ...(version && { version: Number(version) }), ...(at && { at }) },
  });
  return (
    <Answer query={query} head={<PageHead title={surface} trail={<Link to="/surfaces">Surfaces</Link>} />}>
      {(detail) => <Detail detail={detail} isOld={version !== undefined || at !== undefined} />}
    </Answer>
  );
}

function Detail({ detail, isOld }: { detail: SurfaceDetail; isOld: boolean }) {
  const { row } = detail;
  const canSubmit = row.is_open && !isOld;
  return (
    <>
      <PageHead
        title={row.surface}
        beside={<SurfaceState surface={row} />}
        trail={<Link to="/surfaces">Surfaces</Link>}
        about={
          <>
            Shown by the plugin{" "}
            <Link to="/plugins/$pluginId" params={{ pluginId: row.plugin_id }}>
              {row.plugin_id}
            </Link>
            , which is not this gateway speaking.
          </>
        }
        actions={
          <>
            <CopyAs
              command={commandOf(`surface show ${row.surface}`)}
              address={addressOf("surfaces.show", { surface: row.surface })}
            />
            {row.is_open && <CloseButton surface={row.surface} />}
          </>
        }
      />
      <div className="columns main-side">
        <div className="a2ui-frame">
          <div className="a2ui-owner" aria-hidden="true">
            {row.plugin_id} · v{row.version}
          </div>
          <A2uiRenderer
            document={detail.document as unknown as A2uiDocument}
            {...(canSubmit && { onFormSubmit: submissions(row.surface, row.version) })}
          />
        </div>
        <div className="stack">
          <Panel title="About it">
            <Facts
              facts={[
                ["Version", `${row.version}${isOld ? ", as it was" : ""}`],
                ["Opened", <Moment key="opened" at={row.opened_at} as="both" />],
                ["Changed", <Moment key="changed" at={row.changed_at} as="both" />],
                [
                  "By event",
                  <Link key="event" to="/timeline/$position" params={{ position: String(row.position) }}>
                    {row.position}
                  </Link>,
                ],
              ]}
            />
          </Panel>
          <SurfaceProblems detail={detail} />
          <SurfaceVersions surface={row.surface} shown={row.version} />
          <details className="panel folded">
            <summary>As data</summary>
            <Json value={detail.document} label="document" />
          </details>
        </div>
      </div>
    </>
  );
}

function CloseButton({ surface }: { surface: string }) {
  return (
    <ChangeButton
      change={{
        operation: "surfaces.close",
        verb: "Close",
        title: `Close ${surface}`,
        about: "It is put away until its plugin shows a new document there. Its history stays.",
        done: `${surface} is closed.`,
        needsReason: true,
        told: (reason) => ({ path: { surface }, body: { reason: reason ?? "" } }),
        command: (reason) => commandOf(`surface close ${surface}`, { reason }),
      }}
    />
  );
}
