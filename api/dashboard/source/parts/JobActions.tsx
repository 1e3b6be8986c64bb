// What can be done with a job in its state.
import { begin } from "../state/draft";
import { attempt } from "../state/messages";
import { go } from "../state/route";
import { ask } from "../wire/request";
import { ENDED, type Job } from "../wire/types";

export function JobActions({ job, onChange }: { job: Job; onChange: () => void }) {
  const post = (what: string) =>
    attempt(async () => {
      const answer = await ask<Job>(`/v1/jobs/${job.id}/${what}`, { method: "POST" });
      if (answer.id !== job.id) go(`/jobs/${answer.id}`);
      onChange();
    });
  const clone = () => {
    begin(job.request);
    go("/new");
  };
  const over = ENDED.has(job.state);
  return (
    <div class="row">
      {job.model ? (
        <a class="button primary" href={`#/models/${job.model}`}>
          Try the model
        </a>
      ) : null}
      {job.state === "running" ? (
        <button type="button" class="primary" onClick={() => void post("stop")}>
          Stop, keep the model
        </button>
      ) : null}
      {over ? null : (
        <button type="button" class="danger" onClick={() => void post("cancel")}>
          Cancel
        </button>
      )}
      {job.state === "failed" || job.state === "cancelled" ? (
        <button type="button" onClick={() => void post("retry")}>
          Retry
        </button>
      ) : null}
      <button type="button" onClick={clone}>
        Clone
      </button>
    </div>
  );
}
