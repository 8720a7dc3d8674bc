const COMMAND = /(palyra [a-z-]+(?: [A-Za-z0-9][^\s,;]*| --?[a-z][^\s,;]*)*)/g;

/** A sentence of the gateway; the commands in it are set apart. */
export function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split(COMMAND).map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </>
  );
}
