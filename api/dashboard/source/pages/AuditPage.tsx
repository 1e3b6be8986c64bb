// Who changed what: the audit log, for admins.
import { useState } from "preact/hooks";
import { moment } from "../parts/format";
import { Pending } from "../parts/Pending";
import { useLoaded } from "../parts/useLoaded";
import { askAll } from "../wire/request";
import type { AuditEntry, Key } from "../wire/types";

const PLACES: Record<string, string> = {
  job: "jobs",
  ds: "datasets",
  mdl: "models",
  whk: "webhooks",
};
const STEP = 100;

async function load(most: number) {
  const [entries, keys] = await Promise.all([
    askAll<AuditEntry>("/v1/audit", most),
    askAll<Key>("/v1/keys"),
  ]);
  return { entries, names: new Map(keys.map((key) => [key.id, key.name])) };
}

export function AuditPage() {
  const [most, more] = useState(STEP);
  const { value, error } = useLoaded(() => load(most), most);
  if (!value) return <Pending title="Audit log" text={error} />;
  const { entries, names } = value;
  return (
    <div class="stack">
      <h1>Audit log</h1>
      {entries.length === 0 ? <p class="empty">Nothing was changed yet.</p> : null}
      {entries.length ? (
        <section class="card flush scroll" tabIndex={0} aria-label="Changes">
          <table>
            <thead>
              <tr>
                <th>When</th>
                <th>Key</th>
                <th>Did</th>
                <th>To</th>
                <th>Request</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((one) => (
                <tr key={one.id}>
                  <td class="nowrap">{moment(one.at)}</td>
                  <td>{one.key ? names.get(one.key) || one.key : "none"}</td>
                  <th scope="row">{one.action}</th>
                  <td>
                    <Subject id={one.subject} />
                  </td>
                  <td>
                    <code>{one.request_id}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {entries.length >= most ? (
        <button type="button" onClick={() => more(most + STEP)}>
          Show more
        </button>
      ) : null}
    </div>
  );
}

function Subject({ id }: { id: string | null }) {
  if (id === null) return <>–</>;
  const place = PLACES[id.split("_")[0]!];
  return place ? <a href={`#/${place}/${id}`}>{id}</a> : <code>{id}</code>;
}
