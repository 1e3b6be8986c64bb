// Jobs side by side: curves over each other, best values, and only what differs in their bodies.

import { useMemo, useState } from "preact/hooks";
import { Chart, type Line } from "../charts/Chart";
import { CurveControls, useCurveChoices } from "../parts/CurveControls";
import { count, number } from "../parts/format";
import { Pending } from "../parts/Pending";
import { useLoaded } from "../parts/useLoaded";
import { nameOf } from "../state/headline";
import { route } from "../state/route";
import { ask } from "../wire/request";
import type { ComparedJob, Comparison, Json, MetricSummary } from "../wire/types";

const colourOf = (index: number) => `--series-${(index % 6) + 1}`;

export function ComparePage() {
  const ids = (route.value.query.get("jobs") ?? "").split(",").filter(Boolean);
  const path = `/v1/compare?${ids.map((id) => `job=${encodeURIComponent(id)}`).join("&")}`;
  const { value, error } = useLoaded(
    async () => (ids.length > 1 ? ask<Comparison>(path) : null),
    path,
    5000,
  );
  if (ids.length < 2)
    return <Pending title="Compare" text="Tick two or more jobs in the list to compare them." />;
  if (!value) return <Pending title="Compare" text={error} />;
  return (
    <div class="stack compare">
      <h1>Compare {value.jobs.length} jobs</h1>
      <Overlay found={value} />
      <Values found={value} />
      <Differences found={value} />
    </div>
  );
}

function Overlay({ found }: { found: Comparison }) {
  const [metric, choose] = useState("val_loss");
  const { log, smooth } = useCurveChoices();
  const keys = Object.keys(found.curves).sort();
  const shown = keys.includes(metric) ? metric : keys[0];
  const { x, lines } = useMemo(() => overlaid(found, shown ?? ""), [found, shown]);
  if (shown === undefined) return <p class="empty">None of them has a curve yet.</p>;
  return (
    <>
      <div class="row">
        <label class="row">
          Curve
          <select value={shown} onChange={(event) => choose(event.currentTarget.value)}>
            {keys.map((key) => (
              <option key={key}>{key}</option>
            ))}
          </select>
        </label>
        <CurveControls />
      </div>
      <Chart title={shown} axis="epoch" x={x} lines={lines} log={log} smooth={smooth} />
    </>
  );
}

/** One axis for all; a job that has no point at an epoch is drawn on over it. */
function overlaid(found: Comparison, metric: string): { x: number[]; lines: Line[] } {
  const curves = found.curves[metric] ?? {};
  const x = [...new Set(Object.values(curves).flatMap((one) => one.epoch))].sort((a, b) => a - b);
  const lines = found.jobs.flatMap((job, index): Line[] => {
    const curve = curves[job.id];
    if (!curve) return [];
    const at = new Map(curve.epoch.map((epoch, place) => [epoch, curve.value[place]]));
    const values = x.map((epoch) => at.get(epoch));
    return [{ label: nameOf(job), values, colour: colourOf(index), dashed: index > 5 }];
  });
  return { x, lines };
}

function Heads({ jobs }: { jobs: ComparedJob[] }) {
  return (
    <>
      {jobs.map((job, index) => (
        <th key={job.id} scope="col">
          <i class="swatch" style={{ background: `var(${colourOf(index)})` }} />
          <a href={`#/jobs/${job.id}`}>{nameOf(job)}</a>
          <div class="note">
            {job.state} · {count(job.parameters)} parameters
          </div>
        </th>
      ))}
    </>
  );
}

function Values({ found }: { found: Comparison }) {
  return (
    <section class="card flush scroll" tabIndex={0} aria-label="Best values">
      <table>
        <thead>
          <tr>
            <th>Best value</th>
            <Heads jobs={found.jobs} />
          </tr>
        </thead>
        <tbody>
          {found.metrics.map(({ key, best_job, jobs }) => {
            const best = best_job === null ? undefined : jobs[best_job]?.best;
            return (
              <tr key={key}>
                <th scope="row">{key}</th>
                {found.jobs.map(({ id }) => (
                  <td key={id} class="nowrap">
                    <Value one={jobs[id]} best={best} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** A value and its epoch; all that are as good as the best are told so. */
function Value({ one, best }: { one?: MetricSummary; best?: number | null }) {
  if (!one) return <span class="note">–</span>;
  const wins = one.best !== null && one.best === best;
  return (
    <>
      {wins ? <strong>{number(one.best)}</strong> : number(one.best)}{" "}
      <span class="note">epoch {one.best_epoch ?? "–"}</span>{" "}
      {wins ? <span class="chip good">best</span> : null}
    </>
  );
}

const written = (value: Json | undefined) => (value === undefined ? "–" : JSON.stringify(value));

function Differences({ found }: { found: Comparison }) {
  if (found.differences.length === 0) return <p class="note">Their bodies are the same.</p>;
  return (
    <section class="card flush scroll" tabIndex={0} aria-label="Differences">
      <table>
        <thead>
          <tr>
            <th>Difference</th>
            <Heads jobs={found.jobs} />
          </tr>
        </thead>
        <tbody>
          {found.differences.map(({ pointer, values }) => (
            <tr key={pointer}>
              <th scope="row">
                <code>{pointer}</code>
              </th>
              {found.jobs.map(({ id }) => (
                <td key={id}>
                  <code>{written(values[id])}</code>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
