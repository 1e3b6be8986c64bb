// API keys: made, listed, ended.
import { useState } from "preact/hooks";
import { ago, bytes, duration, number } from "../parts/format";
import { Pending } from "../parts/Pending";
import { useLoaded } from "../parts/useLoaded";
import { attempt } from "../state/messages";
import { ask, askAll, send } from "../wire/request";
import type { Key } from "../wire/types";

const SCOPES: [string, string[]][] = [
  ["read", ["read"]],
  ["read and train", ["read", "train"]],
  ["everything (admin)", ["read", "train", "admin"]],
];

const LIMITS: [string, (most: number) => string][] = [
  ["requests_per_second", (most) => `${number(most)} requests a second`],
  ["requests_burst", (most) => `${number(most)} at once`],
  ["queued_jobs", (most) => `${number(most)} jobs that wait`],
  ["running_jobs", (most) => `${number(most)} that run`],
  ["stored_bytes", (most) => `${bytes(most)} stored`],
  ["gpu_seconds", (most) => `${duration(most)} of GPU time`],
];

/** What a key may use, beside what its project may. */
function limits(key: Key): string {
  const told = LIMITS.flatMap(([name, write]) => {
    const most = key.limits[name];
    return typeof most === "number" ? [write(most)] : [];
  });
  return told.join(", ") || "what the project may";
}

export function KeysPage() {
  const { value, error, again } = useLoaded(() => askAll<Key>("/v1/keys"), "");
  const [made, show] = useState<Key | null>(null);
  const first = value !== null && value.length === 0;
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const scopes = SCOPES[Number(form.get("scopes"))]![1];
    void attempt(async () => {
      const key = await ask<Key>("/v1/keys", {
        body: { name: String(form.get("name") ?? ""), scopes },
      });
      show(key);
      // The first key closes the service to all without one: this browser goes on with it.
      if (first) await send("/session", { body: { key: key.secret } });
      await again();
    });
  };
  const revoke = (key: Key) => {
    if (confirm(`End the key ${key.name || key.id}? It opens nothing from then on.`))
      void attempt(async () => {
        await send(`/v1/keys/${key.id}`, { method: "DELETE" });
        await again();
      });
  };
  if (!value) return <Pending title="Keys" text={error} />;
  return (
    <div class="stack">
      <h1>Keys</h1>
      {error ? <p class="finding error">{error}</p> : null}
      {first ? (
        <p class="finding">
          With the first key the service is closed to callers without one. Let it be an admin key,
          to make others with.
        </p>
      ) : null}
      <form class="card row" onSubmit={make}>
        <label class="field">
          <span>Name</span>
          <input name="name" maxLength={200} />
        </label>
        <label class="field">
          <span>May</span>
          <select name="scopes" defaultValue={first ? "2" : "1"} key={String(first)}>
            {SCOPES.map(([label], index) => (
              <option key={label} value={index} selected={index === (first ? 2 : 1)}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="primary">
          Make a key
        </button>
      </form>
      {made?.secret ? (
        <p class="secret" role="status">
          Shown this once: <code>{made.secret}</code>
        </p>
      ) : null}
      {value.length ? (
        <div class="card flush scroll">
          <table>
            <thead>
              <tr>
                <th>Key</th>
                <th>May</th>
                <th>At most</th>
                <th>Made</th>
                <th>Last used</th>
                <th>
                  <span class="hidden">End</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {value.map((key) => (
                <tr key={key.id}>
                  <th scope="row">{key.name || key.id}</th>
                  <td>{key.scopes.join(", ")}</td>
                  <td>{limits(key)}</td>
                  <td>{ago(key.created_at)}</td>
                  <td>{ago(key.last_used_at)}</td>
                  <td>
                    {key.revoked_at ? (
                      <span class="chip">ended</span>
                    ) : (
                      <button type="button" class="small danger" onClick={() => revoke(key)}>
                        End
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </div>
  );
}
