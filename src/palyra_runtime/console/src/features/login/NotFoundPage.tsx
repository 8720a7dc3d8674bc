import { Link } from "@tanstack/react-router";

/** There is no page of this address. */
export function NotFoundPage() {
  return (
    <main className="door">
      <div className="door-sheet">
        <h1>There is no such page</h1>
        <p className="soft">The address leads nowhere. Everything that there is can be reached from the overview.</p>
        <Link to="/" className="button primary">
          Go to the overview
        </Link>
      </div>
    </main>
  );
}
