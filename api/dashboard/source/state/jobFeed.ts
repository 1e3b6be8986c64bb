// A job as it lives: read once, then kept current by one stream that begins with its newest event.
import { batch, type Signal, signal } from "@preact/signals";
import { ask, Refused, reasonOf } from "../wire/request";
import { type Liveness, listen } from "../wire/stream";
import { ENDED, type Job, type JobEvent, type MetricSeries, type Progress } from "../wire/types";

export type Curves = Record<string, (number | null)[]>;

const KEPT_EVENTS = 500;

export class JobFeed {
  readonly job: Signal<Job | null> = signal(null);
  readonly curves: Signal<Curves> = signal({ epoch: [] });
  readonly rates: Signal<Curves> = signal({ rate: [] });
  readonly progress: Signal<Progress | null> = signal(null);
  readonly events: Signal<JobEvent[]> = signal([]);
  readonly liveness: Signal<Liveness | "loading"> = signal("loading");
  readonly error: Signal<string | null> = signal(null);
  private stop: () => void = () => {};
  private closed = false;
  private fresh: JobEvent[] = [];
  private drawing = 0;
  private looking = 0;

  constructor(private readonly id: string) {
    void this.begin();
  }

  close(): void {
    this.closed = true;
    this.stop();
    cancelAnimationFrame(this.drawing);
    clearTimeout(this.looking);
  }

  /** Read the job again, soon; several wishes are one. */
  readonly refresh = (): void => {
    clearTimeout(this.looking);
    this.looking = window.setTimeout(() => void this.look(), 150);
  };

  private async begin(): Promise<void> {
    await this.look();
    // What happens from here on is told by the stream; curves that know of it already are left.
    const job = this.job.value;
    await this.loadCurves();
    if (this.closed || job === null) return;
    if (ENDED.has(job.state)) {
      this.liveness.value = "ended";
      return;
    }
    this.progress.value = job.progress;
    this.stop = listen(this.id, job.last_event, {
      onEvent: (event) => this.take(event),
      onProgress: (progress) => {
        this.progress.value = progress;
      },
      onLiveness: (state) => {
        this.liveness.value = state;
        if (state === "ended") void this.loadCurves();
      },
    });
  }

  private async look(): Promise<void> {
    try {
      this.job.value = await ask<Job>(`/v1/jobs/${this.id}`);
      this.error.value = null;
    } catch (error) {
      // While the service is away the page shows what it knows; the stream will be back.
      if (error instanceof Refused || this.job.value === null) this.error.value = reasonOf(error);
    }
  }

  private async loadCurves(): Promise<void> {
    const path = `/v1/jobs/${this.id}/metrics?max_points=20000`;
    try {
      const [found, rates] = await Promise.all([
        ask<MetricSeries>(path),
        ask<MetricSeries>(`${path}&x=rate`),
      ]);
      this.curves.value = found.data;
      this.rates.value = rates.data;
    } catch (error) {
      if (error instanceof Refused) this.error.value = reasonOf(error);
    }
  }

  // Small networks end hundreds of epochs a second: what comes within a frame is drawn together.
  private take(event: JobEvent): void {
    this.fresh.push(event);
    if (this.drawing === 0) this.drawing = requestAnimationFrame(() => this.absorb());
  }

  private absorb(): void {
    const fresh = this.fresh;
    this.fresh = [];
    this.drawing = 0;
    batch(() => {
      this.events.value = [...this.events.value, ...fresh].slice(-KEPT_EVENTS);
      this.curves.value = extended(this.curves.value, fresh);
    });
    if (fresh.some((event) => event.type === "rewound")) void this.loadCurves();
    if (fresh.some((event) => event.type !== "epoch")) this.refresh();
  }
}

/** The curves with the epochs of these events; epochs that are there already are left. */
function extended(curves: Curves, events: JobEvent[]): Curves {
  const epochs = events.filter((event) => event.type === "epoch");
  const last = curves.epoch?.at(-1) ?? -1;
  const news = epochs.filter((event) => Number(event.data.epoch) > last);
  if (news.length === 0) return curves;
  const result: Curves = {};
  const logs = news.map((event) => event.data.logs as Record<string, number | string>);
  const before = curves.epoch ?? [];
  result.epoch = [...before, ...news.map((event) => Number(event.data.epoch))];
  const keys = new Set([...Object.keys(curves), ...logs.flatMap((one) => Object.keys(one))]);
  keys.delete("epoch");
  for (const key of keys) {
    const old = curves[key] ?? before.map(() => null);
    result[key] = [...old, ...logs.map((one) => finite(one[key]))];
  }
  return result;
}

const finite = (value: unknown) => (typeof value === "number" ? value : null);
