/** A command goes on to the end of its sentence. */
const COMMAND = /(palyra [a-z].*?)(?=[.;,]? *$|[.;,] )/g;

/** A sentence of the gateway; the commands in it are set apart. */
export function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split(COMMAND).map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </>
  );
}
