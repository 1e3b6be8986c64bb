// All jobs, live: what runs, how far it is, and how good it became.
import { useState } from "preact/hooks";
import { Chip } from "../parts/Chip";
import { FirstSteps } from "../parts/FirstSteps";
import { ago, between, duration, number } from "../parts/format";
import { ProgressBar } from "../parts/ProgressBar";
import { Sparkline } from "../parts/Sparkline";
import { useLoaded } from "../parts/useLoaded";
import { curveKey, headline, nameOf } from "../state/headline";
import { choose, route } from "../state/route";
import { askAll } from "../wire/request";
import type { Job } from "../wire/types";

const STATES = ["queued", "running", "cancelling", "succeeded", "failed", "cancelled"];

function matches(job: Job, words: string): boolean {
  const text = [job.id, job.display_name, job.architecture, ...job.tags].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function JobsPage() {
  const { query } = route.value;
  const state = query.get("state") ?? "";
  const words = query.get("words") ?? "";
  const [most, more] = useState(100);
  const path = `/v1/jobs${state ? `?state=${state}` : ""}`;
  const { value, error } = useLoaded(
    () => askAll<Job>(path, words ? 1000 : most),
    path + most + !!words,
    2000,
  );
  const [chosen, pick] = useState<string[]>([]);
  const shown = (value ?? []).filter((job) => !words || matches(job, words));
  const toggle = (id: string) =>
    pick(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <>
      <div class="head">
        <h1>Jobs</h1>
        <div class="row">
          {chosen.length > 1 ? (
            <a class="button" href={`#/compare?jobs=${chosen.join(",")}`}>
              Compare {chosen.length}
            </a>
          ) : null}
          <a class="button primary" href="#/new">
            New job
          </a>
        </div>
      </div>
      {error ? (
        <p class="finding error" role="alert">
          {error}
        </p>
      ) : null}
      {value && value.length === 0 && !state ? (
        <FirstSteps />
      ) : (
        <div class="stack">
          <div class="row filters">
            <input
              type="search"
              aria-label="Filter by name, tag or id"
              placeholder="Name, tag or id"
              value={words}
              onInput={(event) => choose("words", event.currentTarget.value)}
            />
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
          </div>
          <div class="card flush scroll">
            <table class="jobs cards">
              <thead>
                <tr>
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
              <tbody>
                {shown.map((job) => (
                  <Row key={job.id} job={job} ticked={chosen.includes(job.id)} toggle={toggle} />
                ))}
              </tbody>
            </table>
          </div>
          {value && !words && value.length >= most ? (
            <button type="button" onClick={() => more(most + 200)}>
              Show more
            </button>
          ) : null}
        </div>
      )}
    </>
  );
}

function Row({ job, ticked, toggle }: { job: Job; ticked: boolean; toggle: (id: string) => void }) {
  const best = headline(job);
  const curve = curveKey(job);
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Compare ${nameOf(job)}`}
          checked={ticked}
          onChange={() => toggle(job.id)}
        />
      </td>
      <th scope="row">
        <a href={`#/jobs/${job.id}`}>{nameOf(job)}</a>{" "}
        {job.tags.map((tag) => (
          <span key={tag} class="chip tag">
            {tag}
          </span>
        ))}
        {job.architecture ? <div class="note">{job.architecture}</div> : null}
      </th>
      <td>
        <Chip state={job.state} />
      </td>
      <td class="progress whole">
        {job.progress ? (
          <ProgressBar progress={job.progress} />
        ) : (
          <span class="note">
            {job.waiting?.detail ?? job.error?.code ?? job.stop_reason ?? ""}
          </span>
        )}
      </td>
      <td class="aside">
        {curve ? (
          <Sparkline job={job.id} curve={curve} at={`${job.state} ${job.progress?.epoch ?? ""}`} />
        ) : null}
      </td>
      <td class="number whole">
        {best ? (
          <>
            <strong>{number(best[1].best)}</strong>
            <div class="note">
              {best[0]} at epoch {best[1].best_epoch ?? "–"}
            </div>
          </>
        ) : null}
      </td>
      <td class="number aside">{duration(between(job.started_at, job.finished_at))}</td>
      <td class="nowrap note aside">{ago(job.created_at)}</td>
    </tr>
  );
}
