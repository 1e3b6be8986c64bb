// All jobs, live: what runs, how far it is, and how good it became.
import { useCallback, useState } from "preact/hooks";
import { FilterBox } from "../parts/FilterBox";
import { FirstSteps } from "../parts/FirstSteps";
import { JobRow } from "../parts/JobRow";
import { LongBody, rowCount } from "../parts/LongBody";
import { useLoaded } from "../parts/useLoaded";
import { filterOf } from "../state/query";
import { choose, route } from "../state/route";
import { askAll, Refused } from "../wire/request";
import type { Job } from "../wire/types";

const STATES = ["queued", "running", "cancelling", "succeeded", "failed", "cancelled"];
const MOST_COMPARED = 20;

/** The orders that make sense for these jobs: by time, and by the best value of each metric. */
function orders(jobs: Job[]): [string, string][] {
  const modes = new Map(
    jobs.flatMap((job) => Object.entries(job.metrics).map(([key, one]) => [key, one.mode])),
  );
  const keys = [...modes.keys()].filter((key) => /^[\w-]+$/.test(key)).sort();
  return [
    ["", "Newest first"],
    ["created_at", "Oldest first"],
    ["parameters", "Fewest parameters first"],
    ...keys.map((key): [string, string] => [
      `metrics.${key}.best${modes.get(key) === "max" ? " desc" : ""}`,
      `Best ${key} first`,
    ]),
  ];
}

export function JobsPage() {
  const { query } = route.value;
  const state = query.get("state") ?? "";
  const filter = filterOf(query.get("filter") ?? "");
  const order = query.get("order_by") ?? "";
  const [most, more] = useState(100);
  const asked = Object.entries({ state, filter, order_by: order }).filter(([, value]) => value);
  const path = `/v1/jobs${asked.length ? `?${new URLSearchParams(asked)}` : ""}`;
  // Long lists are asked for more seldom, or they would be all that the service does.
  const { value, reason, error } = useLoaded(
    (signal) => askAll<Job>(path, most, signal),
    path + most,
    Math.max(2000, most * 15),
  );
  const [chosen, pick] = useState<string[]>([]);
  const shown = value ?? [];
  const toggle = useCallback(
    (id: string) =>
      pick((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id])),
    [],
  );
  const ofFilter = reason instanceof Refused && reason.problem.status === 400;
  const choices = orders(shown);
  return (
    <>
      <div class="head">
        <h1>Jobs</h1>
        <div class="row">
          {chosen.length > 1 ? (
            <a class="button" href={`#/compare?jobs=${chosen.slice(0, MOST_COMPARED).join(",")}`}>
              Compare {Math.min(chosen.length, MOST_COMPARED)}
            </a>
          ) : null}
          <a class="button primary" href="#/new">
            New job
          </a>
        </div>
      </div>
      {error && !ofFilter ? (
        <p class="finding error" role="alert">
          {error}
        </p>
      ) : null}
      {value && value.length === 0 && !state && !filter ? (
        <FirstSteps />
      ) : (
        <div class="stack">
          <div class="row filters">
            <FilterBox reason={reason} />
            <select
              aria-label="State"
              value={state}
              onChange={(event) => choose("state", event.currentTarget.value)}
            >
              <option value="">All states</option>
              {STATES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
            <select
              aria-label="Order"
              value={order}
              onChange={(event) => choose("order_by", event.currentTarget.value)}
            >
              {choices.map(([by, label]) => (
                <option key={by} value={by}>
                  {label}
                </option>
              ))}
              {choices.some(([by]) => by === order) ? null : <option>{order}</option>}
            </select>
          </div>
          {value && shown.length === 0 && !ofFilter ? (
            <p class="empty">No job is like that.</p>
          ) : (
            <List jobs={shown} chosen={chosen} toggle={toggle} />
          )}
          {shown.length >= most ? (
            <button type="button" onClick={() => more(most + 200)}>
              Show more
            </button>
          ) : null}
        </div>
      )}
    </>
  );
}

interface ListProps {
  jobs: Job[];
  chosen: string[];
  toggle: (id: string) => void;
}

function List({ jobs, chosen, toggle }: ListProps) {
  return (
    <section class="card flush scroll" tabIndex={0} aria-label="List of jobs">
      <table class="jobs cards" aria-rowcount={rowCount(jobs)}>
        <thead>
          <tr aria-rowindex={1}>
            <th>
              <span class="hidden">Compare</span>
            </th>
            <th>Job</th>
            <th>State</th>
            <th>Progress</th>
            <th>Course</th>
            <th class="number">Best</th>
            <th class="number">Took</th>
            <th>Begun</th>
          </tr>
        </thead>
        <LongBody items={jobs} keyOf={({ id }) => id} columns={8}>
          {(job, position) => (
            <JobRow
              key={job.id}
              job={job}
              position={position}
              ticked={chosen.includes(job.id)}
              toggle={toggle}
            />
          )}
        </LongBody>
      </table>
    </section>
  );
}
