import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/** Returns a place for a drawing and how wide it is, in px, so that its letters keep their size. */
export function useWidth(first: number): readonly [RefObject<SVGSVGElement | null>, number] {
  const frame = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const drawing = frame.current;
    if (drawing === null || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(([entry]) => {
      const measured = Math.round(entry?.contentRect.width ?? 0);
      if (measured > 0) setWidth(measured);
    });
    observer.observe(drawing);
    return () => observer.disconnect();
  }, []);
  return [frame, width];
}
