import { useLive } from "#/client/live";
import { whole } from "#/elements/numbers";

import { Icon } from "./Icon";
import { useTheme } from "./theme";

interface Props {
  onMenu: () => void;
  onJump: () => void;
  onHelp: () => void;
  onTravel: () => void;
  onPause: () => void;
}

const LIVE_WORDS = { connecting: "Connecting", live: "Live", lost: "Reconnecting", paused: "Paused" } as const;
const LIVE_DOTS = { connecting: "", live: "live-on", lost: "live-lost", paused: "live-paused" } as const;

const THEME_ICONS = {
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  light: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.500v1M8 13.500v1M1.500 8h1M13.500 8h1M3.400 3.400l.700.700M11.900 11.900l.700.700M3.400 12.600l.700-.700M11.900 4.100l.700-.700",
  dark: "M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7Z",
} as const;

/** The bar at the top: where to go, whether the page is live, and the past. */
export function Bar({ onMenu, onJump, onHelp, onTravel, onPause }: Props) {
  const live = useLive();
  const [theme, nextTheme] = useTheme();
  return (
    <header className="bar">
      <button type="button" className="icon-button bar-menu" aria-label="Open the menu" onClick={onMenu}>
        <Icon path="M2 4h12M2 8h12M2 12h12" />
      </button>
      <button type="button" className="bar-jump" aria-label="Go to…" onClick={onJump}>
        <Icon path="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm4-1 3 3" />
        <span>Go to…</span>
        <kbd data-key="Ctrl K" aria-hidden="true" />
      </button>
      <div className="bar-end">
        <button
          type="button"
          className="live figures"
          aria-label={`${LIVE_WORDS[live.standing]} ${whole(live.head)}: ${live.standing === "paused" ? "go on" : "pause"}`}
          title={live.standing === "paused" ? "Go on" : "Pause the stream"}
          onClick={onPause}
        >
          <span className={`live-dot ${LIVE_DOTS[live.standing]}`} />
          <span className="live-word">{LIVE_WORDS[live.standing]}</span>
          {live.head > 0 && " "}
          {live.head > 0 && <span className="faint mono">{whole(live.head)}</span>}
        </button>
        <button type="button" className="icon-button" aria-label="Travel in time" title="Travel in time" onClick={onTravel}>
          <Icon path="M2.500 8a5.500 5.500 0 1 0 1.700-4M2.500 2v2.500H5M8 5v3l2 1.500" />
        </button>
        <button type="button" className="icon-button" aria-label={`Theme: ${theme}`} title={`Theme: ${theme}`} onClick={nextTheme}>
          <Icon path={THEME_ICONS[theme]} />
        </button>
        <button type="button" className="icon-button" aria-label="Keys" title="Keys (?)" onClick={onHelp}>
          <Icon path="M8 14.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13ZM6.200 6.200c0-2.300 3.600-2.200 3.600 0 0 1.500-1.800 1.600-1.800 3M8 11.400v.100" />
        </button>
      </div>
    </header>
  );
}
