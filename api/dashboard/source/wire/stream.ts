// The events of one job as they come: one connection, opened again after it broke, going on where it was.
import { EVENTS } from "./events";
import type { JobEvent, Progress } from "./types";

export type Liveness = "live" | "reconnecting" | "ended";

export interface Listener {
  onEvent(event: JobEvent): void;
  onProgress(progress: Progress): void;
  onLiveness(state: Liveness): void;
}

const SHORTEST = 500;
const LONGEST = 8000;

/** Listens to a job from an event on, until it has ended; returns how to stop listening. */
export function listen(job: string, after: number, listener: Listener): () => void {
  let last = after;
  let pause = SHORTEST;
  let source: EventSource | null = null;
  let timer = 0;
  let over = false;

  const take = (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as JobEvent;
    last = Math.max(last, event.seq);
    listener.onEvent(event);
  };
  const finish = () => {
    over = true;
    source?.close();
    window.clearTimeout(timer);
  };
  const again = () => {
    source?.close();
    if (over) return;
    listener.onLiveness("reconnecting");
    timer = window.setTimeout(open, pause);
    pause = Math.min(pause * 2, LONGEST);
  };
  function open() {
    source = new EventSource(`/v1/jobs/${job}/events/stream?after=${last}`);
    source.onopen = () => {
      pause = SHORTEST;
      listener.onLiveness("live");
    };
    source.onerror = again;
    source.addEventListener("server.closing", again);
    for (const type of EVENTS) source.addEventListener(type, take);
    source.addEventListener("progress", (message) => {
      listener.onProgress(JSON.parse(message.data) as Progress);
    });
    source.addEventListener("job.done", () => {
      finish();
      listener.onLiveness("ended");
    });
  }
  open();
  return finish;
}
