// Who works, on what; and what waits, and for what.

import { Chip } from "../parts/Chip";
import { ago, bytes } from "../parts/format";
import { Pending } from "../parts/Pending";
import { useLoaded } from "../parts/useLoaded";
import { nameOf } from "../state/headline";
import { ask, askAll } from "../wire/request";
import type { Job, Page, Worker } from "../wire/types";

async function load() {
  const [workers, queued] = await Promise.all([
    ask<Page<Worker>>("/v1/workers"),
    askAll<Job>("/v1/jobs?state=queued", 200),
  ]);
  return { workers: workers.data, queued };
}

export function WorkersPage() {
  const { value, error } = useLoaded(load, "", 3000);
  if (!value) return <Pending title="Workers and queue" text={error} />;
  return (
    <div class="stack">
      <h1>Workers and queue</h1>
      {error ? <p class="finding error">{error}</p> : null}
      {value.workers.length === 0 ? (
        <p class="empty">No worker was heard of within a day: nothing can be trained.</p>
      ) : null}
      <div class="grid">
        {value.workers.map((worker) => (
          <section key={worker.id} class="card stack">
            <div class="row between">
              <h2>{worker.host}</h2>
              <Chip state={worker.state} />
            </div>
            <p class="note">
              process {worker.pid} · heard {ago(worker.heartbeat_at)}
            </p>
            <div class="slots">
              {worker.slots.map((slot) => (
                <span
                  key={slot.device}
                  class={`chip ${slot.busy ? "mark" : ""}`}
                  title={slot.name ?? ""}
                >
                  {slot.device}{" "}
                  {slot.utilization == null ? null : `${Math.round(slot.utilization * 100)} % `}
                  {slot.used_bytes == null ? null : `${bytes(slot.used_bytes)} `}
                  {slot.job ? <a href={`#/jobs/${slot.job}`}>busy</a> : slot.busy ? "busy" : "free"}
                </span>
              ))}
            </div>
          </section>
        ))}
      </div>
      <h2>{value.queued.length} waiting</h2>
      {value.queued.length ? (
        <div class="card flush scroll">
          <table>
            <thead>
              <tr>
                <th class="number">Place</th>
                <th>Job</th>
                <th>Waits for</th>
                <th>Since</th>
              </tr>
            </thead>
            <tbody>
              {value.queued.toReversed().map((job) => (
                <tr key={job.id}>
                  <td class="number">{job.queue_position ?? "–"}</td>
                  <th scope="row">
                    <a href={`#/jobs/${job.id}`}>{nameOf(job)}</a>
                  </th>
                  <td>{job.waiting?.detail ?? "–"}</td>
                  <td class="nowrap note">{ago(job.created_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </div>
  );
}
