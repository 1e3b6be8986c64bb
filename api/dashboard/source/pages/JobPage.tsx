// One job: its curves as they grow, what was found, how good it is, and what can be done with it.

import { useEffect, useMemo } from "preact/hooks";
import { Chart } from "../charts/Chart";
import { pairs } from "../charts/pairs";
import { NetworkGraph } from "../graph/NetworkGraph";
import { Chip } from "../parts/Chip";
import { CurveControls, useCurveChoices } from "../parts/CurveControls";
import { EvaluationView } from "../parts/EvaluationView";
import { EventsView, LogView } from "../parts/EventsView";
import { Findings } from "../parts/Findings";
import { between, bytes, count, duration, moment, number, until } from "../parts/format";
import { JobActions } from "../parts/JobActions";
import { ModelFiles } from "../parts/ModelFiles";
import { Pending } from "../parts/Pending";
import { ProgressBar } from "../parts/ProgressBar";
import { Repairs } from "../parts/Repairs";
import { SystemView } from "../parts/SystemView";
import { Tabs } from "../parts/Tabs";
import { useLoaded } from "../parts/useLoaded";
import { begin } from "../state/draft";
import { headline, nameOf } from "../state/headline";
import { JobFeed } from "../state/jobFeed";
import { tell } from "../state/messages";
import { go } from "../state/route";
import { patched } from "../wire/pointer";
import { ask } from "../wire/request";
import type { Job, JsonObject, Model, Plan } from "../wire/types";

export function JobPage({ id }: { id: string }) {
  const feed = useMemo(() => new JobFeed(id), [id]);
  useEffect(() => () => feed.close(), [feed]);
  const job = feed.job.value;
  if (!job) return <Pending title="Job" text={feed.error.value} />;
  const names = [
    "Curves",
    "Network",
    "Advice",
    "Evaluation",
    "System",
    "Files",
    "Events",
    "Log",
    "Settings",
  ];
  return (
    <div class="stack">
      <div class="head">
        <div>
          <h1>{nameOf(job)}</h1>
          <div class="row" aria-live="polite">
            <Chip state={job.state} />
            {feed.liveness.value === "ended" ? null : <Chip state={feed.liveness.value} />}
            {job.tags.map((tag) => (
              <span key={tag} class="chip tag">
                {tag}
              </span>
            ))}
          </div>
        </div>
        <JobActions job={job} onChange={feed.refresh} />
      </div>
      {job.error ? (
        <div class="finding error" role="alert">
          <strong>{job.error.code}</strong>
          <p>{job.error.detail}</p>
          {job.error.pointer ? <code>{job.error.pointer}</code> : null}
        </div>
      ) : null}
      {job.waiting ? (
        <p class="finding">
          {job.waiting.detail}
          {job.estimated_start ? ` It may start ${until(job.estimated_start)}.` : ""}
        </p>
      ) : null}
      {job.state === "running" && feed.progress.value ? (
        <ProgressBar progress={feed.progress.value} />
      ) : null}
      <Repairs repairs={job.repairs} batch={Number((job.request.fit as JsonObject)?.batch_size)} />
      <Facts job={job} />
      <Tabs label="About the job" names={names}>
        {(tab) => (
          <>
            {tab === "Curves" ? <CurvesTab feed={feed} job={job} /> : null}
            {tab === "Network" ? <NetworkTab job={job} /> : null}
            {tab === "Advice" ? <AdviceTab job={job} /> : null}
            {tab === "Evaluation" ? <EvaluationView job={job} /> : null}
            {tab === "System" ? <SystemView job={job} /> : null}
            {tab === "Files" ? <FilesTab job={job} /> : null}
            {tab === "Events" ? <EventsView job={job} fresh={feed.events.value} /> : null}
            {tab === "Log" ? <LogView job={job} /> : null}
            {tab === "Settings" ? (
              <pre class="card">{JSON.stringify(job.request, null, 2)}</pre>
            ) : null}
          </>
        )}
      </Tabs>
    </div>
  );
}

function Facts({ job }: { job: Job }) {
  const best = headline(job);
  const held = job.evaluation;
  const facts: [string, string, string?][] = [
    ["Begun", moment(job.started_at ?? job.created_at)],
    ["Took", duration(between(job.started_at, job.finished_at)), job.stop_reason ?? undefined],
    ["Parameters", count(job.parameters?.total), job.architecture ?? undefined],
  ];
  if (best)
    facts.push([`Best ${best[0]}`, number(best[1].best), `epoch ${best[1].best_epoch ?? "–"}`]);
  if (held)
    for (const [key, value] of Object.entries(held.metrics))
      facts.push([`${key} on ${held.part}`, number(value), `${held.rows} rows`]);
  if (job.memory)
    facts.push([
      "Memory",
      bytes(job.memory.peak_bytes),
      `planned ${bytes(job.memory.predicted_bytes)}`,
    ]);
  if (job.device) facts.push(["Device", job.device.kind, job.device.name ?? undefined]);
  return (
    <dl class="facts card">
      {facts.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value} {more ? <small>{more}</small> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function CurvesTab({ feed, job }: { feed: JobFeed; job: Job }) {
  const { log, smooth } = useCurveChoices();
  const curves = feed.curves.value;
  const shown = useMemo(() => pairs(curves, job.metrics), [curves, job.metrics]);
  const rates = feed.rates.value;
  const rateLines = useMemo(
    () => [{ label: "learning_rate", values: rates.learning_rate ?? [], colour: "--series-3" }],
    [rates],
  );
  if (shown.length === 0) return <p class="empty">The curves begin with the first epoch.</p>;
  return (
    <div class="stack">
      <CurveControls />
      <div class="charts">
        {shown.map(({ name, lines, best }) => (
          <Chart
            key={name}
            title={name}
            axis="epoch"
            x={curves.epoch ?? []}
            lines={lines}
            best={best}
            log={log}
            smooth={smooth}
          />
        ))}
        {(rates.rate?.length ?? 0) > 1 ? (
          <Chart title="learning rate" axis="epoch" x={rates.rate!} lines={rateLines} log={log} />
        ) : null}
      </div>
    </div>
  );
}

function NetworkTab({ job }: { job: Job }) {
  const { stack, data, compile, fit, callbacks } = job.request;
  const load = () =>
    ask<Plan>("/v1/stacks/check", { body: { stack, data, compile, fit, callbacks } });
  const { value, error } = useLoaded(load, job.id);
  if (error) return <p class="finding warning">{error}</p>;
  if (!value) return <p class="note">Loading…</p>;
  return (
    <div class="card scroll">
      <NetworkGraph plan={value} />
    </div>
  );
}

function AdviceTab({ job }: { job: Job }) {
  if (job.advice.length === 0)
    return <p class="empty">Nothing was found that would better be otherwise.</p>;
  const fix = (steps: Parameters<typeof patched>[1]) => {
    try {
      begin(patched(job.request, steps));
      tell("The fix is in a new job's body.");
      go("/new");
    } catch {
      tell("The fix does not apply to this body.", true);
    }
  };
  return <Findings findings={job.advice} onFix={fix} />;
}

function FilesTab({ job }: { job: Job }) {
  const { value } = useLoaded(
    async () => (job.model ? ask<Model>(`/v1/models/${job.model}`) : null),
    job.model,
  );
  if (!job.model) return <p class="empty">The job has no model yet.</p>;
  return value ? <ModelFiles model={value} /> : null;
}
