import { useEffect, useId, useRef, useState } from "react";

import { bytes } from "./numbers";

interface Props {
  /** What is to be chosen, such as `artifact`. */
  label: string;
  /** The ends of names that the browser offers. */
  accept: string;
  file: File | null;
  onChoose: (file: File) => void;
}

/** A file, chosen or dropped: while this is shown, anywhere on the page. */
export function FileChoice({ label, accept, file, onChoose }: Props) {
  const id = useId();
  const isOver = useDrop(onChoose);
  return (
    <div className={isOver ? "file-choice over" : "file-choice"}>
      <input
        id={id}
        type="file"
        className="file-input"
        accept={accept}
        data-first=""
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen !== undefined) onChoose(chosen);
          // The same file can be chosen again after it was changed.
          event.target.value = "";
        }}
      />
      <label htmlFor={id}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 15V4m0 0L8 8m4-4 4 4M4 15v4a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-4" />
        </svg>
        {file === null ? (
          <span>
            <strong>Choose the {label}</strong>
            <small className="soft">or drop it anywhere</small>
          </span>
        ) : (
          <span>
            <strong className="file-name">{file.name}</strong>
            <small className="soft">{bytes(file.size)} · choose another</small>
          </span>
        )}
      </label>
    </div>
  );
}

/** Takes files that are dropped anywhere: the browser would leave the page for them. */
function useDrop(onChoose: (file: File) => void): boolean {
  const [isOver, setOver] = useState(false);
  const choose = useRef(onChoose);
  useEffect(() => {
    choose.current = onChoose;
  });
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const out = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const [dropped] = event.dataTransfer?.files ?? [];
      if (dropped !== undefined) choose.current(dropped);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", out);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", out);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}
