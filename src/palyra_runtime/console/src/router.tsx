import {
  createBrowserHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  retainSearchParams,
  type RouterHistory,
} from "@tanstack/react-router";

import { Failure } from "#/elements/Failure";
import { Loading } from "#/elements/Loading";
import { LoginPage } from "#/features/login/LoginPage";
import { NotFoundPage } from "#/features/login/NotFoundPage";
import { Shell } from "#/shell/Shell";

import { readSearch, searchOf, writeSearch } from "./search";

const root = createRootRoute({
  component: Outlet,
  validateSearch: searchOf("at"),
  // The past goes along from page to page, until somebody comes back from it.
  search: { middlewares: [retainSearchParams(["at"])] },
  notFoundComponent: NotFoundPage,
});

const login = createRoute({ getParentRoute: () => root, path: "/login", component: LoginPage });
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

const overview = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("./features/overview/OverviewPage"), "OverviewPage"),
});

const timeline = createRoute({
  getParentRoute: () => shell,
  path: "/timeline",
  validateSearch: searchOf("q", "kind", "id", "actor"),
  component: lazyRouteComponent(() => import("./features/timeline/TimelinePage"), "TimelinePage"),
});

const event = createRoute({
  getParentRoute: () => shell,
  path: "/timeline/$position",
  component: lazyRouteComponent(() => import("./features/timeline/EventPage"), "EventPage"),
});

const deliveries = createRoute({
  getParentRoute: () => shell,
  path: "/deliveries",
  validateSearch: searchOf("state", "hook", "plugin", "event", "since"),
  component: lazyRouteComponent(() => import("./features/deliveries/DeliveriesPage"), "DeliveriesPage"),
});

const delivery = createRoute({
  getParentRoute: () => shell,
  path: "/deliveries/$deliveryId",
  validateSearch: searchOf("attempt", "tab"),
  component: lazyRouteComponent(() => import("./features/deliveries/DeliveryPage"), "DeliveryPage"),
});

const outbox = createRoute({
  getParentRoute: () => shell,
  path: "/deliveries/outbox",
  validateSearch: searchOf("state", "channel", "plugin"),
  component: lazyRouteComponent(() => import("./features/deliveries/OutboxPage"), "OutboxPage"),
});

const message = createRoute({
  getParentRoute: () => shell,
  path: "/deliveries/outbox/$messageId",
  component: lazyRouteComponent(() => import("./features/deliveries/MessagePage"), "MessagePage"),
});

const surfaces = createRoute({
  getParentRoute: () => shell,
  path: "/surfaces",
  component: lazyRouteComponent(() => import("./features/surfaces/SurfacesPage"), "SurfacesPage"),
});

const surface = createRoute({
  getParentRoute: () => shell,
  path: "/surfaces/$surface",
  validateSearch: searchOf("version"),
  component: lazyRouteComponent(() => import("./features/surfaces/SurfacePage"), "SurfacePage"),
});

const skills = createRoute({
  getParentRoute: () => shell,
  path: "/skills",
  validateSearch: searchOf("state", "q"),
  component: lazyRouteComponent(() => import("./features/skills/SkillsPage"), "SkillsPage"),
});

const skill = createRoute({
  getParentRoute: () => shell,
  path: "/skills/$skillId",
  validateSearch: searchOf("tab", "version", "other"),
  component: lazyRouteComponent(() => import("./features/skills/SkillPage"), "SkillPage"),
});

const plugins = createRoute({
  getParentRoute: () => shell,
  path: "/plugins",
  component: lazyRouteComponent(() => import("./features/plugins/PluginsPage"), "PluginsPage"),
});

const plugin = createRoute({
  getParentRoute: () => shell,
  path: "/plugins/$pluginId",
  component: lazyRouteComponent(() => import("./features/plugins/PluginPage"), "PluginPage"),
});

const hooks = createRoute({
  getParentRoute: () => shell,
  path: "/hooks",
  component: lazyRouteComponent(() => import("./features/hooks/HooksPage"), "HooksPage"),
});

const hook = createRoute({
  getParentRoute: () => shell,
  path: "/hooks/$hookId",
  component: lazyRouteComponent(() => import("./features/hooks/HookPage"), "HookPage"),
});

const projections = createRoute({
  getParentRoute: () => shell,
  path: "/projections",
  component: lazyRouteComponent(() => import("./features/projections/ProjectionsPage"), "ProjectionsPage"),
});

const projection = createRoute({
  getParentRoute: () => shell,
  path: "/projections/$name",
  component: lazyRouteComponent(() => import("./features/projections/ProjectionPage"), "ProjectionPage"),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  validateSearch: searchOf("tab", "position"),
  component: lazyRouteComponent(() => import("./features/audit/AuditPage"), "AuditPage"),
});

const tree = root.addChildren([
  login,
  shell.addChildren([
    overview,
    timeline,
    event,
    deliveries,
    delivery,
    outbox,
    message,
    surfaces,
    surface,
    skills,
    skill,
    plugins,
    plugin,
    hooks,
    hook,
    projections,
    projection,
    audit,
  ]),
]);

/** Returns the router of the console; the history is that of the browser, unless there is none. */
export function consoleRouter(history: RouterHistory = createBrowserHistory()) {
  return createRouter({
    history,
    routeTree: tree,
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof consoleRouter>;
  }
}
