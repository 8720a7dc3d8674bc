/** Returns where the stream of events behind a position is; before any was seen, it begins at the head. */
export function streamAddress(after: number): string {
  return after === 0 ? "/api/v1/stream" : `/api/v1/stream?after=${after}`;
}
