import "./style/index.css";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Problem } from "./client/problem";
import { sessionQuery } from "./client/session";
import { consoleRouter } from "./router";

/** How long an answer counts as new, in ms; what happens meanwhile comes by the stream. */
const FRESH_MS = 10_000;

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // Whoever is logged out sees the door, wherever he is; the session itself knows it already.
    onError: (error, { queryKey }) => {
      if (queryKey[0] === "session" || !(error instanceof Problem && error.isLoggedOut)) return;
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (count, error) => !(error instanceof Problem && error.status >= 400 && error.status < 500) && count < 2,
    },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no place for the console.");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={consoleRouter()} />
    </QueryClientProvider>
  </StrictMode>,
);
