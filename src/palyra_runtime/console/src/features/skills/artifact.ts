import { useEffect, useState } from "react";

/** The largest artifact that the gateway takes, in bytes. */
const SIZE_MAX = 64 * 1024 * 1024;

/** Browsers compute digests only where nobody can listen: over https, and on the machine itself. */
const CAN_DIGEST = typeof crypto !== "undefined" && "subtle" in crypto;

/** What is known of the SHA-256 of a file; `unknown` where this browser computes none. */
export type Sha256 = { state: "none" | "computing" | "unknown" } | { state: "known"; hex: string };

/** Returns the SHA-256 of a file, as soon as it is computed; a file that cannot be read has none. */
export function useSha256(file: File | null): Sha256 {
  const [known, setKnown] = useState<{ file: File; hex: string | null }>();
  useEffect(() => {
    if (file === null || !CAN_DIGEST) return;
    let isWanted = true;
    digestOf(file).then(
      (hex) => isWanted && setKnown({ file, hex }),
      () => isWanted && setKnown({ file, hex: null }),
    );
    return () => {
      isWanted = false;
    };
  }, [file]);
  if (file === null) return { state: "none" };
  if (!CAN_DIGEST) return { state: "unknown" };
  if (known?.file !== file) return { state: "computing" };
  return known.hex === null ? { state: "unknown" } : { state: "known", hex: known.hex };
}

async function digestOf(file: File): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...digest].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/** Returns why a file cannot be an artifact, as far as that is seen from outside. */
export function fileProblem(file: File): string | undefined {
  if (file.size === 0) return "The file is empty.";
  return file.size > SIZE_MAX ? "An artifact has 64 MiB at the most." : undefined;
}

/** Returns what is wrong with the digest that somebody expects of a file. */
export function expectedProblem(expected: string, actual: Sha256): string | undefined {
  if (expected === "") return undefined;
  if (!/^[0-9a-f]*$/i.test(expected)) return "A SHA-256 has digits and the letters a to f.";
  if (expected.length !== 64) return `A SHA-256 has 64 digits; these are ${expected.length}.`;
  if (actual.state === "known" && actual.hex !== expected.toLowerCase()) return "The file has another SHA-256. It is not the file that was meant.";
  return undefined;
}
