// Jobs side by side: curves over each other, best values, and only what differs in their bodies.
import { useState } from "preact/hooks";
import { Chart, type Line } from "../charts/Chart";
import { number } from "../parts/format";
import { useLoaded } from "../parts/useLoaded";
import { nameOf } from "../state/headline";
import { route } from "../state/route";
import { below } from "../wire/pointer";
import { ask } from "../wire/request";
import type { Job, Json, MetricSeries } from "../wire/types";

const SKIPPED = /^\/(display_name|tags|metadata)/;
const colourOf = (index: number) => `--series-${(index % 6) + 1}`;

async function load(ids: string[]) {
  return Promise.all(
    ids.map(async (id) => {
      const [job, series] = await Promise.all([
        ask<Job>(`/v1/jobs/${id}`),
        ask<MetricSeries>(`/v1/jobs/${id}/metrics`),
      ]);
      return { job, curves: series.data };
    }),
  );
}

/** Every leaf of a body by its pointer. */
function leaves(value: Json, pointer = "", found = new Map<string, string>()): Map<string, string> {
  const within = value !== null && typeof value === "object" ? Object.entries(value) : [];
  if (within.length === 0) found.set(pointer, JSON.stringify(value));
  for (const [key, inner] of within) leaves(inner, below(pointer, key), found);
  return found;
}

export function ComparePage() {
  const ids = (route.value.query.get("jobs") ?? "").split(",").filter(Boolean).slice(0, 12);
  const { value, error } = useLoaded(() => load(ids), ids.join(), 5000);
  const [metric, choose] = useState("val_loss");
  if (ids.length === 0) return <p class="empty">Tick jobs in the list to compare them.</p>;
  if (!value) return <p class="empty">{error ?? "Loading…"}</p>;
  const keys = [...new Set(value.flatMap(({ job }) => Object.keys(job.metrics)))].sort();
  const shown = keys.includes(metric) ? metric : keys[0];
  const longest = Math.max(...value.map(({ curves }) => (curves.epoch?.at(-1) ?? -1) + 1));
  const x = Array.from({ length: longest }, (_, index) => index);
  const lines: Line[] = value.map(({ job, curves }, index) => {
    const values: (number | null)[] = x.map(() => null);
    curves.epoch?.forEach((epoch, place) => {
      values[epoch!] = curves[shown ?? ""]?.[place] ?? null;
    });
    return { label: nameOf(job), values, colour: colourOf(index), dashed: index > 5 };
  });
  const bodies = value.map(({ job }) => leaves(job.request));
  const pointers = [...new Set(bodies.flatMap((one) => [...one.keys()]))].filter(
    (one) => !SKIPPED.test(one),
  );
  const differing = pointers.filter((one) => new Set(bodies.map((body) => body.get(one))).size > 1);
  const heads = value.map(({ job }, index) => (
    <th key={job.id} scope="col">
      <i class="swatch" style={{ background: `var(${colourOf(index)})` }} />
      <a href={`#/jobs/${job.id}`}>{nameOf(job)}</a>
    </th>
  ));
  return (
    <div class="stack compare">
      <div class="head">
        <h1>Compare {ids.length} jobs</h1>
        <label class="row">
          Curve{" "}
          <select value={shown} onChange={(event) => choose(event.currentTarget.value)}>
            {keys.map((key) => (
              <option key={key}>{key}</option>
            ))}
          </select>
        </label>
      </div>
      {shown ? <Chart title={shown} axis="epoch" x={x} lines={lines} /> : null}
      <section class="card flush scroll">
        <table>
          <thead>
            <tr>
              <th>Best value</th>
              {heads}
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                {value.map(({ job }) => (
                  <td key={job.id}>
                    {number(job.metrics[key]?.best)}{" "}
                    <span class="note">epoch {job.metrics[key]?.best_epoch ?? "–"}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section class="card flush scroll">
        <table>
          <thead>
            <tr>
              <th>Difference</th>
              {heads}
            </tr>
          </thead>
          <tbody>
            {differing.map((pointer) => (
              <tr key={pointer}>
                <th scope="row">
                  <code>{pointer}</code>
                </th>
                {bodies.map((body, index) => (
                  <td key={ids[index]}>
                    <code>{body.get(pointer) ?? "–"}</code>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {differing.length === 0 ? <p class="note">Their bodies are the same.</p> : null}
    </div>
  );
}
