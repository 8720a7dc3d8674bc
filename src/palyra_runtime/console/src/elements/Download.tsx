import { Button } from "./Button";

interface Props {
  name: string;
  content: string;
  words: string;
}

/** Gives a text as a file. */
export function Download({ name, content, words }: Props) {
  const save = () => {
    const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    URL.revokeObjectURL(address);
  };
  return <Button onClick={save}>{words}</Button>;
}
