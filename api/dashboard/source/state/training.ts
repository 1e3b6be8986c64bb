// From data to a training in one go: the service suggests the body, and it is sent as it is.
import { ask } from "../wire/request";
import type { Dataset, Job, Sample, Suggestion } from "../wire/types";
import { go } from "./route";

const LIKELY = ["target", "label", "class", "species", "y", "outcome"];

/** The column that people most likely want to predict; null for images in class folders. */
export function likelyTarget(dataset: Dataset): string | null {
  const names = (dataset.columns ?? [])
    .filter((one) => one.kind !== "image")
    .map((one) => one.name);
  return (
    LIKELY.flatMap((word) => names.filter((name) => name.toLowerCase() === word))[0] ??
    names.at(-1) ??
    null
  );
}

/** A body for this dataset and target. */
export function suggest(dataset: string, target: string | null): Promise<Suggestion> {
  return ask("/v1/stacks/suggest", { body: { data: target ? { dataset, target } : { dataset } } });
}

/** Suggest and send; then show the job. */
export async function train(dataset: Dataset, target: string | null): Promise<void> {
  const found = await suggest(dataset.id, target);
  const body = { ...found.request, display_name: dataset.name };
  const job = await ask<Job>("/v1/jobs", { body });
  go(`/jobs/${job.id}`);
}

/** Make a sample a dataset and train on it; where reading takes long, the dataset is shown first. */
export async function trainSample(sample: Sample): Promise<void> {
  const headers = { Prefer: "wait=30" };
  const made = await ask<Dataset>("/v1/datasets", { body: { sample: sample.name }, headers });
  if (made.state === "ready") await train(made, sample.target);
  else go(`/datasets/${made.id}`);
}
