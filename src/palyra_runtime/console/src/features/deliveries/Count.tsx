import { whole } from "#/elements/numbers";

interface Props {
  count: number;
  noun: string;
  nouns?: string;
  /** How many there may be, where more may still come. */
  most?: number | undefined;
}

/** A number in a column; on a phone, where the column has no head, with its noun. */
export function Count({ count, noun, nouns = `${noun}s`, most }: Props) {
  return (
    <span className="figures nowrap">
      {whole(count)}
      {most !== undefined && <span className="faint"> of {whole(most)}</span>}
      <span className="phone-only"> {(most ?? count) === 1 ? noun : nouns}</span>
    </span>
  );
}
