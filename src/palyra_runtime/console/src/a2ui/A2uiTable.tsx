interface Props {
  columns: readonly string[];
  rows: ReadonlyArray<readonly string[]>;
}

/** Returns whether all cells of a column are numbers, which stand best at the right. */
function isNumeric(rows: Props["rows"], column: number): boolean {
  return rows.length > 0 && rows.every((row) => /^[-+]?[\d.,\s]+%?$/.test(row[column] ?? ""));
}

/** A table with the first column as the head of its row. */
export function A2uiTable({ columns, rows }: Props) {
  const classes = columns.map((_, index) => (index > 0 && isNumeric(rows, index) ? "end" : undefined));
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={`Table: ${columns.join(", ")}`}>
      <table className="plain-table">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" className={classes[index]}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) =>
                at === 0 ? (
                  <th key={at} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={at} className={classes[at]}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
