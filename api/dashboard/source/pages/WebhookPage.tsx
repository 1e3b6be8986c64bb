// One webhook: what was sent to it, what came back, and what can be done about it.
import { useState } from "preact/hooks";
import { Chip } from "../parts/Chip";
import { moment } from "../parts/format";
import { Pending } from "../parts/Pending";
import { useLoaded } from "../parts/useLoaded";
import { attempt } from "../state/messages";
import { go } from "../state/route";
import { ask, send } from "../wire/request";
import type { Delivery, Page, Webhook } from "../wire/types";

async function load(path: string) {
  const [webhook, deliveries] = await Promise.all([
    ask<Webhook>(path),
    ask<Page<Delivery>>(`${path}/deliveries?page_size=100`),
  ]);
  return { webhook, deliveries: deliveries.data };
}

export function WebhookPage({ id }: { id: string }) {
  const path = `/v1/webhooks/${id}`;
  const { value, error, again } = useLoaded(() => load(path), id, 3000);
  const [secret, show] = useState<string | null>(null);
  if (!value) return <Pending title="Webhook" text={error} />;
  const { webhook, deliveries } = value;
  const act = (work: () => Promise<unknown>) =>
    void attempt(async () => {
      await work();
      await again();
    });
  const post = (tail: string) => () => ask(`${path}/${tail}`, { method: "POST" });
  const rotate = async () =>
    show((await ask<Webhook>(`${path}/rotate`, { method: "POST" })).secret);
  const enabled = webhook.state === "enabled";
  const turn = () =>
    ask(path, { method: "PATCH", body: { state: enabled ? "disabled" : "enabled" } });
  const remove = async () => {
    if (!confirm("Delete the webhook and the log of what was sent to it?")) return;
    if (await attempt(() => send(path, { method: "DELETE" }))) go("/webhooks");
  };
  return (
    <div class="stack">
      <div class="head">
        <div>
          <h1 class="break">{webhook.description || webhook.url}</h1>
          <div class="row" aria-live="polite">
            <Chip state={webhook.state} />
            <span class="note">{webhook.events.join(", ")}</span>
          </div>
        </div>
        <div class="row">
          {enabled ? (
            <button type="button" class="primary" onClick={() => act(post("test"))}>
              Send a test
            </button>
          ) : null}
          <button type="button" onClick={() => act(turn)}>
            {enabled ? "Disable" : "Enable"}
          </button>
          <button type="button" onClick={() => act(rotate)}>
            New secret
          </button>
          <button type="button" class="danger" onClick={() => void remove()}>
            Delete
          </button>
        </div>
      </div>
      {error ? <p class="finding error">{error}</p> : null}
      {webhook.disabled_reason ? (
        <p class="finding warning">It was disabled: {webhook.disabled_reason}</p>
      ) : null}
      {webhook.filter ? (
        <p>
          Only jobs with <code>{webhook.filter}</code>
        </p>
      ) : null}
      {secret ? (
        <p class="secret" role="status">
          The new secret, shown this once: <code>{secret}</code>
          {webhook.previous_secret_until
            ? ` The old one signs too until ${moment(webhook.previous_secret_until)}.`
            : ""}
        </p>
      ) : null}
      <h2>Deliveries</h2>
      {deliveries.length ? (
        <Deliveries
          deliveries={deliveries}
          replay={(one) => act(post(`deliveries/${one.id}/replay`))}
        />
      ) : (
        <p class="empty">Nothing was sent to it yet.</p>
      )}
    </div>
  );
}

interface Props {
  deliveries: Delivery[];
  replay: (delivery: Delivery) => void;
}

function Deliveries({ deliveries, replay }: Props) {
  return (
    <section class="card flush scroll" tabIndex={0} aria-label="Deliveries">
      <table>
        <thead>
          <tr>
            <th>What</th>
            <th>State</th>
            <th>Of</th>
            <th class="number">Tries</th>
            <th>Last answer</th>
            <th>
              <span class="hidden">Send again</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((one) => {
            const last = one.log.at(-1);
            return (
              <tr key={one.id}>
                <th scope="row">{one.type}</th>
                <td>
                  <Chip state={one.state} />
                </td>
                <td class="nowrap">{moment(one.created_at)}</td>
                <td class="number">{one.tries}</td>
                <td class="roomy">
                  {last ? `${last.status ?? last.detail} (${last.milliseconds} ms)` : "–"}
                  {one.next_try_at ? (
                    <div class="note">again at {moment(one.next_try_at)}</div>
                  ) : null}
                </td>
                <td>
                  <button type="button" class="small" onClick={() => replay(one)}>
                    Send again
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
