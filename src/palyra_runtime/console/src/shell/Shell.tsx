import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { Navigate, Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { stream, useLive } from "#/client/live";
import { Problem } from "#/client/problem";
import { useAnswer } from "#/client/queries";
import { useRefresh } from "#/client/refresh";
import { sessionQuery } from "#/client/session";
import { streamAddress } from "#/client/stream-address";
import { Failure } from "#/elements/Failure";
import { Loading } from "#/elements/Loading";
import { Toasts } from "#/elements/Toasts";

import { Bar } from "./Bar";
import { focusSearch, stepThroughRows, useKeys } from "./keys";
import { KeysDialog } from "./KeysDialog";
import { Navigation } from "./Navigation";
import { PAGES } from "./pages";
import { Palette } from "./Palette";
import { useAt, useTravel } from "./past";
import { PastBand } from "./PastBand";
import { TravelDialog } from "./TravelDialog";

type Overlay = "none" | "palette" | "keys" | "travel";

/** What is around every page: navigation, bar, keys; only for who is logged in. */
export function Shell() {
  const session = useQuery(sessionQuery);
  // What is known of a session that has ended does not open anything.
  if (session.isError && Problem.of(session.error).isLoggedOut) return <Navigate to="/login" />;
  return session.data === undefined ? <Antechamber query={session} /> : <TailedShell />;
}

/**
 * Asks where the log ends before anything else is asked: the stream goes on behind that position.
 *
 * Whatever is asked later holds all events up to it, so none falls between an answer and the stream.
 */
function TailedShell() {
  const status = useAnswer("gateway.status", {});
  return status.data === undefined ? <Antechamber query={status} /> : <OpenShell head={status.data.head} />;
}

/** What stands in place of the page while the first answers are not there. */
function Antechamber({ query }: { query: UseQueryResult }) {
  return <main className="page">{query.isError ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading />}</main>;
}

function OpenShell({ head }: { head: number }) {
  const at = useAt();
  const travel = useTravel();
  const navigate = useNavigate();
  const live = useLive();
  const [overlay, setOverlay] = useState<Overlay>("none");
  const [isMenuOpen, setMenuOpen] = useState(false);
  useStream(head);
  useRefresh(at === undefined);
  usePaletteKey(() => setOverlay("palette"));
  useKeys({
    "/": focusSearch,
    j: () => stepThroughRows(1),
    k: () => stepThroughRows(-1),
    n: () => travel(undefined),
    "?": () => setOverlay("keys"),
    ...Object.fromEntries(PAGES.map((page) => [`g ${page.key}`, () => void navigate({ to: page.to })])),
  });
  const close = () => setOverlay("none");
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <Navigation isOpen={isMenuOpen} onClose={() => setMenuOpen(false)} />
      <div className="shell-main">
        <Bar
          onMenu={() => setMenuOpen(true)}
          onJump={() => setOverlay("palette")}
          onHelp={() => setOverlay("keys")}
          onTravel={() => setOverlay("travel")}
          onPause={() => (live.standing === "paused" ? stream.open(streamAddress) : stream.pause())}
        />
        {at !== undefined && <PastBand at={at} />}
        <main id="content" className="page" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      {overlay === "palette" && <Palette onClose={close} />}
      {overlay === "keys" && <KeysDialog onClose={close} />}
      {overlay === "travel" && <TravelDialog onClose={close} />}
      <Toasts />
    </div>
  );
}

/** Opens the stream behind the head that was told first, so that a page that saw nothing yet misses nothing either. */
function useStream(head: number): void {
  useEffect(() => stream.reached(head), [head]);
  useEffect(() => {
    stream.open(streamAddress);
    return () => stream.close();
  }, []);
}

/** Ctrl K works everywhere, also in a field. */
function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      open();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}
