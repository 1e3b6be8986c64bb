// Which of a job's metrics stands for it in a list, and which curve is drawn small.
import type { Job, MetricSummary } from "../wire/types";

const LOSS = /(^|_)loss$/;

/** The metric that people would ask for first: of validation rather than training, no loss. */
export function headline(job: Job): [string, MetricSummary] | null {
  const keys = Object.keys(job.metrics);
  const held = keys.filter((key) => key.startsWith("val_"));
  const order = [
    held.find((key) => !LOSS.test(key)),
    held.find((key) => key === "val_loss"),
    keys.find((key) => !LOSS.test(key)),
    keys[0],
  ];
  const key = order.find((one) => one !== undefined);
  return key === undefined ? null : [key, job.metrics[key]!];
}

/** The curve for a small picture. */
export function curveKey(job: Job): string | null {
  return ["val_loss", "loss"].find((key) => key in job.metrics) ?? null;
}

/** What to call a job. */
export function nameOf(job: { display_name: string | null; id: string }): string {
  return job.display_name || shortId(job.id);
}

/** An id that still can be told from others: its kind and its random end. */
export function shortId(id: string): string {
  return `${id.slice(0, id.indexOf("_"))} …${id.slice(-6)}`;
}
