// Whether the service is open to this browser: "closed" asks for a key.
import { signal } from "@preact/signals";

export const session = signal<"unknown" | "open" | "closed">("unknown");
