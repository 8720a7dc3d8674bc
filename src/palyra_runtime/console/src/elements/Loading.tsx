/** Grey lines where content is about to be; nothing jumps when it comes. */
export function Loading({ lines = 6, label = "Loading" }: { lines?: number; label?: string }) {
  return (
    <div className="loading" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className={`loading-line width-${index % 4}`} />
      ))}
    </div>
  );
}
