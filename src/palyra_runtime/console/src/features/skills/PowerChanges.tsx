/** Powers that are there more or less than before. */
export function PowerChanges({ more, less }: { more: readonly string[]; less: readonly string[] }) {
  if (more.length + less.length === 0) return <p className="soft">Both declare the same powers.</p>;
  return (
    <ul className="changes">
      {more.map((value) => (
        <li key={value} className="added">
          <span className="only-heard">more: </span>
          <code>{value}</code>
        </li>
      ))}
      {less.map((value) => (
        <li key={value} className="taken">
          <span className="only-heard">less: </span>
          <code>{value}</code>
        </li>
      ))}
    </ul>
  );
}
