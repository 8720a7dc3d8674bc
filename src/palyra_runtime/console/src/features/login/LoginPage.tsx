import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { Problem } from "#/client/problem";
import { logIn, sessionQuery } from "#/client/session";
import { CommandLine } from "#/elements/Copy";
import { Failure } from "#/elements/Failure";
import { Loading } from "#/elements/Loading";

/** Takes the secret of a one-time link out of the address, so that it stays in no history. */
function takeSecret(): string {
  const secret = window.location.hash.slice(1);
  if (secret !== "") window.history.replaceState(null, "", window.location.pathname);
  return secret;
}

/** The door: uses up a one-time link, or says how to get one. */
export function LoginPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const [secret, setSecret] = useState(takeSecret);
  const used = useRef("");
  useEffect(() => {
    // Whoever pastes a link into a page that is at the door already stays in this document.
    const pasted = () => setSecret((before) => takeSecret() || before);
    window.addEventListener("hashchange", pasted);
    return () => window.removeEventListener("hashchange", pasted);
  }, []);
  useEffect(() => {
    document.title = "Log in · Palyra";
    if (secret === "" || used.current === secret) return;
    used.current = secret;
    setError(null);
    logIn(secret).then((session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      void navigate({ to: "/" });
    }, setError);
  }, [secret, client, navigate]);
  const isWaiting = secret !== "" && error === null;
  return (
    <main className="door">
      <div className="door-sheet">
        <img src="/mark.svg" alt="" />
        <h1>Palyra</h1>
        {isWaiting ? (
          <Loading lines={2} label="Logging in" />
        ) : (
          <>
            {error !== null && <Refused error={error} />}
            <p className="soft">This console opens with a one-time link. Get one on the machine that the gateway runs on:</p>
            <CommandLine command="palyra gateway login" />
            <p className="faint">The link works once, and for a few minutes. Nobody needs a password.</p>
          </>
        )}
      </div>
    </main>
  );
}

/** A link that does not open any more says so; how to get another one stands below. */
function Refused({ error }: { error: unknown }) {
  const problem = Problem.of(error);
  if (!problem.isLoggedOut) return <Failure error={error} />;
  return (
    <p className="notice warn" role="alert">
      {problem.message}
    </p>
  );
}
