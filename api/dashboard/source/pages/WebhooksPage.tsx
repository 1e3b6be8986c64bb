// Webhooks: who is told by signed requests when something happens.
import { useState } from "preact/hooks";
import { Chip } from "../parts/Chip";
import { ago } from "../parts/format";
import { Pending } from "../parts/Pending";
import { useLoaded } from "../parts/useLoaded";
import { attempt } from "../state/messages";
import { ask, askAll } from "../wire/request";
import type { Webhook } from "../wire/types";

const EVENTS = [
  "job.queued",
  "job.running",
  "job.cancelling",
  "job.succeeded",
  "job.failed",
  "job.cancelled",
  "job.epoch",
  "job.reached",
  "dataset.ready",
  "dataset.failed",
];
const FINAL = /succeeded|failed|cancelled|ready/;

export function WebhooksPage() {
  const { value, error, again } = useLoaded(() => askAll<Webhook>("/v1/webhooks"), "");
  const [made, show] = useState<Webhook | null>(null);
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const body = {
      url: String(data.get("url")),
      events: data.getAll("events").map(String),
      filter: String(data.get("filter") ?? "").trim() || null,
    };
    void attempt(async () => {
      show(await ask<Webhook>("/v1/webhooks", { body }));
      form.reset();
      await again();
    });
  };
  if (!value) return <Pending title="Webhooks" text={error} />;
  return (
    <div class="stack">
      <h1>Webhooks</h1>
      {error ? <p class="finding error">{error}</p> : null}
      <form class="card stack" onSubmit={make}>
        <div class="row">
          <label class="field wide">
            <span>Send to</span>
            <input name="url" type="url" required placeholder="https://…" maxLength={2000} />
          </label>
          <label class="field wide">
            <span>Only jobs such as</span>
            <input name="filter" class="mono" placeholder="metrics.val_accuracy.last > 0.9" />
          </label>
        </div>
        <fieldset class="row">
          <legend>When</legend>
          {EVENTS.map((one) => (
            <label key={one} class="row">
              <input type="checkbox" name="events" value={one} defaultChecked={FINAL.test(one)} />
              {one}
            </label>
          ))}
        </fieldset>
        <div>
          <button type="submit" class="primary">
            Make a webhook
          </button>
        </div>
      </form>
      {made?.secret ? (
        <p class="secret" role="status">
          The secret of its signatures, shown this once: <code>{made.secret}</code>
        </p>
      ) : null}
      {value.length ? <List webhooks={value} /> : <p class="empty">There are none.</p>}
    </div>
  );
}

function List({ webhooks }: { webhooks: Webhook[] }) {
  return (
    <section class="card flush scroll" tabIndex={0} aria-label="List of webhooks">
      <table>
        <thead>
          <tr>
            <th>Webhook</th>
            <th>State</th>
            <th>When</th>
            <th>Arrived</th>
          </tr>
        </thead>
        <tbody>
          {webhooks.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <a href={`#/webhooks/${one.id}`}>{one.description || one.url}</a>
              </th>
              <td>
                <Chip state={one.state} />
              </td>
              <td class="roomy">
                {one.events.join(", ")}
                {one.filter ? (
                  <div>
                    <code>{one.filter}</code>
                  </div>
                ) : null}
              </td>
              <td class="nowrap note">
                {one.last_success_at ? ago(one.last_success_at) : "never"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
