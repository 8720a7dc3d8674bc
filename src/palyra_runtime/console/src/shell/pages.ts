/** The pages of the navigation: one table for links, the palette and the keys. */
export interface PageEntry {
  to: "/" | "/timeline" | "/deliveries" | "/surfaces" | "/skills" | "/plugins" | "/hooks" | "/projections" | "/audit";
  title: string;
  /** Pressed after `g`. */
  key: string;
  about: string;
  /** The drawing beside it, in a box of 16 by 16. */
  icon: string;
}

export const GROUPS: ReadonlyArray<readonly [title: string, pages: readonly PageEntry[]]> = [
  [
    "Watch",
    [
      { to: "/", title: "Overview", key: "o", about: "How everything stands", icon: "M2.500 8.500 8 3l5.500 5.500M4 7.500V13h8V7.500" },
      { to: "/timeline", title: "Timeline", key: "t", about: "Every event, in words", icon: "M4 2v12M4 4h9M4 8h6M4 12h8" },
      { to: "/deliveries", title: "Deliveries", key: "d", about: "What hooks asked for, and how it went", icon: "M2 5l6-3 6 3v6l-6 3-6-3zm0 0 6 3 6-3M8 8v6" },
      { to: "/surfaces", title: "Surfaces", key: "u", about: "Pages that plugins show", icon: "M2 3h12v10H2zM2 6h12M5 9h6" },
    ],
  ],
  [
    "Configure",
    [
      { to: "/skills", title: "Skills", key: "s", about: "Releases, audits, quarantine", icon: "M8 1.500 13.500 4v4c0 3.500-2.500 5.500-5.500 6.500C5 13.500 2.500 11.500 2.500 8V4zM5.500 8l2 2 3.500-4" },
      { to: "/plugins", title: "Plugins", key: "p", about: "Modules and their grants", icon: "M6 2v3M10 2v3M4 5h8v3a4 4 0 0 1-8 0zM8 12v2.500" },
      { to: "/hooks", title: "Hooks", key: "h", about: "Which plugin runs when", icon: "M10 2v7a3 3 0 1 1-6 0V7M2.500 8.500 4 7l1.500 1.500M8 4l2-2 2 2" },
    ],
  ],
  [
    "Prove",
    [
      { to: "/projections", title: "Projections", key: "j", about: "Views of the log: lag, rebuild", icon: "M2 4c0-1.200 2.700-2 6-2s6 .800 6 2-2.700 2-6 2-6-.800-6-2zm0 0v8c0 1.200 2.700 2 6 2s6-.800 6-2V4M2 8c0 1.200 2.700 2 6 2s6-.800 6-2" },
      { to: "/audit", title: "Audit", key: "a", about: "Verify, checkpoints, proofs, replay", icon: "M8 2v4M3.500 14v-4H12.500v4M8 6H5.500v4M8 6h2.500v4M8 2h0" },
    ],
  ],
];

export const PAGES: readonly PageEntry[] = GROUPS.flatMap(([, pages]) => pages);
