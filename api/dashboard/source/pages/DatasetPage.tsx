// One dataset: what the service understood of it, and a network for it in one click.

import { useState } from "preact/hooks";
import { Chip } from "../parts/Chip";
import { ColumnTable } from "../parts/ColumnTable";
import { Findings } from "../parts/Findings";
import { bytes, count } from "../parts/format";
import { Pending } from "../parts/Pending";
import { PreviewView } from "../parts/PreviewView";
import { useLoaded } from "../parts/useLoaded";
import { begin } from "../state/draft";
import { attempt } from "../state/messages";
import { go } from "../state/route";
import { likelyTarget, suggest, train } from "../state/training";
import { ask } from "../wire/request";
import type { Dataset, Preview, Statistics } from "../wire/types";

const SHOWN_COLUMNS = 200;

export function DatasetPage({ id }: { id: string }) {
  const [waiting, wait] = useState(true);
  const load = async () => {
    const found = await ask<Dataset>(`/v1/datasets/${id}`);
    wait(found.state === "reading");
    return found;
  };
  const { value, error } = useLoaded(load, id, waiting ? 1000 : undefined);
  if (!value) return <Pending title="Dataset" text={error} />;
  return (
    <div class="stack">
      <div class="head">
        <div>
          <h1>{value.name ?? value.id}</h1>
          <div class="row" aria-live="polite">
            <Chip state={value.state} />
            <span class="note">
              {count(value.rows)} rows · {value.columns?.length ?? "–"} columns · {value.format} ·{" "}
              {bytes(value.bytes)}
            </span>
          </div>
        </div>
      </div>
      {value.error ? (
        <p class="finding error" role="alert">
          {value.error.detail}
        </p>
      ) : null}
      {value.notes.map((note) => (
        <p key={note} class="finding">
          {note}
        </p>
      ))}
      {value.advice?.length ? <Findings findings={value.advice} /> : null}
      {value.state === "ready" ? <Training dataset={value} /> : null}
      {value.state === "ready" ? <Contents id={id} /> : null}
    </div>
  );
}

function Training({ dataset }: { dataset: Dataset }) {
  const [target, choose] = useState(likelyTarget(dataset));
  const [busy, work] = useState(false);
  const during = async (what: () => Promise<unknown>) => {
    work(true);
    await attempt(what);
    work(false);
  };
  const look = async () => {
    const found = await suggest(dataset.id, target);
    begin(found.request, found.reasons);
    go("/new");
  };
  return (
    <section class="card row">
      <h2>Train a network</h2>
      {target !== null ? (
        <label class="row">
          to predict
          <select value={target} onChange={(event) => choose(event.currentTarget.value)}>
            {(dataset.columns ?? []).slice(0, SHOWN_COLUMNS).map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
          </select>
        </label>
      ) : null}
      <button
        type="button"
        class="primary"
        disabled={busy}
        onClick={() => void during(() => train(dataset, target))}
      >
        {busy ? "Preparing…" : "Suggest and train"}
      </button>
      <button type="button" disabled={busy} onClick={() => void during(look)}>
        Look at the suggestion
      </button>
    </section>
  );
}

function Contents({ id }: { id: string }) {
  const load = () =>
    Promise.all([
      ask<Statistics>(`/v1/datasets/${id}/stats`),
      ask<Preview>(`/v1/datasets/${id}/preview`),
    ]);
  const { value, error } = useLoaded(load, id);
  if (!value) return <p class="empty">{error ?? "Loading…"}</p>;
  const [statistics, preview] = value;
  return (
    <>
      <PreviewView found={preview} />
      <ColumnTable found={statistics} />
    </>
  );
}
