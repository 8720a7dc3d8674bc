interface Subject {
  subject_kind?: string;
  subject_id?: string;
}

/** Returns what an event is about, as it is shown: its id, where somebody has chosen it; else what kind of thing it is. */
export function shownSubject({ subject_kind: kind = "", subject_id: id = "" }: Subject): string {
  return /^[0-9a-f]{16,}$/.test(id) ? kind : id;
}
