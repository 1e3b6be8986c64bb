// One model: try it on a record or an image, take its files away.

import { useState } from "preact/hooks";
import { count } from "../parts/format";
import { ModelFiles } from "../parts/ModelFiles";
import { Pending } from "../parts/Pending";
import { Prediction } from "../parts/Prediction";
import { RecordForm } from "../parts/RecordForm";
import { useLoaded } from "../parts/useLoaded";
import { nameOf } from "../state/headline";
import { attempt } from "../state/messages";
import { ask } from "../wire/request";
import type { Column, Dataset, Job, Json, JsonObject, Model } from "../wire/types";

async function load(id: string) {
  const model = await ask<Model>(`/v1/models/${id}`);
  const [job, dataset, preview] = await Promise.all([
    ask<Job>(`/v1/jobs/${model.job}`),
    ask<Dataset>(`/v1/datasets/${model.dataset}`),
    ask<{ rows: JsonObject[] }>(`/v1/datasets/${model.dataset}/preview`),
  ]);
  return { model, columns: columnsOf(job, dataset), window: windowOf(job), rows: preview.rows };
}

function columnsOf(job: Job, dataset: Dataset): Column[] {
  const inputs = Object.values(((job.request.data as JsonObject).inputs ?? {}) as JsonObject);
  const names = inputs.flatMap((one) => ((one as JsonObject).columns ?? []) as string[]);
  return (dataset.columns ?? []).filter((column) => names.includes(column.name));
}

function windowOf(job: Job): number {
  const window = (job.request.data as JsonObject).window as JsonObject | null;
  return window ? Number(window.length) : 1;
}

export function ModelPage({ id }: { id: string }) {
  const { value, error } = useLoaded(() => load(id), id);
  const [found, show] = useState<Json | undefined>();
  if (!value) return <Pending title="Model" text={error} />;
  const { model, columns, rows, window } = value;
  const predict = (given: JsonObject[] | File) =>
    attempt(async () => {
      const path = `/v1/models/${id}/predict`;
      const headers = { "Content-Type": "application/octet-stream" };
      const sent = given instanceof File ? { body: given, headers } : { body: { records: given } };
      const answer = await ask<{ predictions: Json[] }>(path, sent);
      show(answer.predictions[0]);
    });
  return (
    <div class="stack">
      <div>
        <h1>{nameOf(model)}</h1>
        <p class="note">
          {model.architecture} · {count(model.parameters?.total)} parameters ·{" "}
          <a href={`#/jobs/${model.job}`}>its job</a> ·{" "}
          <a href={`/v1/models/${id}/summary`}>summary</a>
        </p>
      </div>
      <div class="grid">
        <section class="card">
          <h2>Try it</h2>
          <RecordForm columns={columns} rows={rows} window={window} onSend={predict} />
        </section>
        <section class="card" aria-live="polite">
          <h2>It says</h2>
          {found === undefined ? (
            <p class="note">Send a record to see the prediction.</p>
          ) : (
            <Prediction value={found} />
          )}
        </section>
      </div>
      <ModelFiles model={model} />
    </div>
  );
}
