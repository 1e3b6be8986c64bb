// Short messages that come, are read out, and go.
import { signal } from "@preact/signals";
import { reasonOf } from "../wire/request";

export interface Message {
  id: number;
  text: string;
  bad: boolean;
}

export const messages = signal<Message[]>([]);
let count = 0;

/** Tell the reader something; failures stay longer. */
export function tell(text: string, bad = false): void {
  const id = ++count;
  messages.value = [...messages.value.slice(-3), { id, text, bad }];
  window.setTimeout(() => dismiss(id), bad ? 12_000 : 5_000);
}

export function dismiss(id: number): void {
  messages.value = messages.value.filter((one) => one.id !== id);
}

/** Do something and tell the reader if it fails; answers whether it went well. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    tell(reasonOf(error), true);
    return false;
  }
}
