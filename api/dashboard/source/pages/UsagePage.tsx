// What the project uses of what it may.
import { bytes, duration, number } from "../parts/format";
import { Pending } from "../parts/Pending";
import { useLoaded } from "../parts/useLoaded";
import { ask } from "../wire/request";
import type { Amount, Usage } from "../wire/types";

type Write = (value: number) => string;

export function UsagePage() {
  const { value, error } = useLoaded(() => ask<Usage>("/v1/usage"), "", 5000);
  if (!value) return <Pending title="Usage" text={error} />;
  const rows: [string, Amount, Write][] = [
    ["Jobs that wait", value.queued_jobs, number],
    ["Jobs that run", value.running_jobs, number],
    ["Stored", value.stored_bytes, bytes],
    [`GPU time of ${number(value.gpu_days)} days`, value.gpu_seconds, duration],
    ["Open uploads", value.open_uploads, number],
    ["Webhooks", value.webhooks, number],
  ];
  const own: [string, Amount, Write][] = value.key
    ? [
        ["Jobs that wait", value.key.queued_jobs, number],
        ["Jobs that run", value.key.running_jobs, number],
        ["Stored", value.key.stored_bytes, bytes],
        [`GPU time of ${number(value.gpu_days)} days`, value.key.gpu_seconds, duration],
      ]
    : [];
  return (
    <div class="stack">
      <h1>Usage</h1>
      {error ? <p class="finding error">{error}</p> : null}
      <div class="grid small">
        {rows.map(([name, amount, write]) => (
          <Gauge key={name} name={name} amount={amount} write={write} />
        ))}
      </div>
      {own.some(([, amount]) => amount.limit !== null) ? (
        <>
          <h2>Of this key</h2>
          <div class="grid small">
            {own.map(([name, amount, write]) => (
              <Gauge key={name} name={`${name}, this key`} amount={amount} write={write} />
            ))}
          </div>
        </>
      ) : null}
      {value.requests_per_second ? (
        <p class="note">
          This key may send {number(value.requests_per_second)} requests a second,{" "}
          {number(value.requests_burst)} at once.
        </p>
      ) : null}
    </div>
  );
}

function Gauge({ name, amount, write }: { name: string; amount: Amount; write: Write }) {
  const { used, limit } = amount;
  return (
    <section class="card stack gauge" aria-label={name}>
      <h2>{name}</h2>
      <p class="outcome">{write(used)}</p>
      {limit === null ? (
        <p class="note">without a limit</p>
      ) : (
        <>
          <progress max={limit} value={Math.min(used, limit)} aria-label={name} />
          <p class="note">of {write(limit)}</p>
        </>
      )}
    </section>
  );
}
