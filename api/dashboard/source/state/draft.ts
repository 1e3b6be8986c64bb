// The body that New job shows: set by clone and suggest, kept while the reader looks elsewhere.
import { signal } from "@preact/signals";
import type { Json, Suggestion } from "../wire/types";

export const draft = signal<string>("");
export const reasons = signal<Suggestion["reasons"]>([]);

/** Begin with this body. */
export function begin(body: Json, because: Suggestion["reasons"] = []): void {
  draft.value = JSON.stringify(body, null, 2);
  reasons.value = because;
}
