// One dataset: what the service understood of it, and a network for it in one click.
import { useState } from "preact/hooks";
import { Cell } from "../parts/Cell";
import { Chip } from "../parts/Chip";
import { Findings } from "../parts/Findings";
import { bytes, count, number } from "../parts/format";
import { useLoaded } from "../parts/useLoaded";
import { begin } from "../state/draft";
import { attempt } from "../state/messages";
import { go } from "../state/route";
import { likelyTarget, suggest, train } from "../state/training";
import { ask } from "../wire/request";
import type { Column, Dataset, JsonObject } from "../wire/types";

const SHOWN_COLUMNS = 200;

export function DatasetPage({ id }: { id: string }) {
  const [waiting, wait] = useState(true);
  const load = async () => {
    const found = await ask<Dataset>(`/v1/datasets/${id}`);
    wait(found.state === "reading");
    return found;
  };
  const { value, error } = useLoaded(load, id, waiting ? 1000 : undefined);
  if (!value) return <p class="empty">{error ?? "Loading…"}</p>;
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
      {value.state === "ready" ? <Preview id={id} /> : null}
      {value.columns ? (
        <Columns
          columns={value.columns.slice(0, SHOWN_COLUMNS)}
          classes={value.classes ?? {}}
          rows={value.rows ?? 0}
        />
      ) : null}
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

function Preview({ id }: { id: string }) {
  const { value } = useLoaded(
    () => ask<{ rows: JsonObject[] }>(`/v1/datasets/${id}/preview?rows=8`),
    id,
  );
  if (!value?.rows.length) return null;
  const names = Object.keys(value.rows[0]!).slice(0, 30);
  return (
    <section class="card flush scroll" tabIndex={0} aria-label="First rows">
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.rows.map((row, index) => (
            <tr key={String(index)}>
              {names.map((name) => (
                <td key={name}>
                  <Cell value={row[name] ?? null} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Columns({
  columns,
  classes,
  rows,
}: {
  columns: Column[];
  classes: Record<string, Record<string, number>>;
  rows: number;
}) {
  return (
    <section class="card flush scroll">
      <table>
        <thead>
          <tr>
            <th>Column</th>
            <th>Kind</th>
            <th class="number">Missing</th>
            <th class="number">Distinct</th>
            <th class="number">Range</th>
            <th>Shares</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td>{one.kind}</td>
              <td class="number">{one.missing || "–"}</td>
              <td class="number">{count(one.distinct)}</td>
              <td class="number">
                {one.minimum === null ? "–" : `${number(one.minimum)} to ${number(one.maximum)}`}
              </td>
              <td class="shares">
                <Shares counts={classes[one.name]} rows={rows} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Shares({ counts, rows }: { counts: Record<string, number> | undefined; rows: number }) {
  if (!counts) return null;
  const shown = Object.entries(counts).slice(0, 12);
  return (
    <span class="note">
      {shown
        .map(([name, many]) => `${name} ${Math.round((many / Math.max(rows, 1)) * 100)} %`)
        .join(" · ")}
    </span>
  );
}
