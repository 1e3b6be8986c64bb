// All trained models.
import { ago, count } from "../parts/format";
import { useLoaded } from "../parts/useLoaded";
import { nameOf } from "../state/headline";
import { askAll } from "../wire/request";
import type { Model } from "../wire/types";

export function ModelsPage() {
  const { value, error } = useLoaded(() => askAll<Model>("/v1/models", 500), "", 10_000);
  return (
    <div class="stack">
      <h1>Models</h1>
      {error ? <p class="finding error">{error}</p> : null}
      {value || error ? null : <p class="note">Loading…</p>}
      {value?.length === 0 ? <p class="empty">A job that succeeds leaves its model here.</p> : null}
      {value?.length ? (
        <div class="card flush scroll">
          <table>
            <thead>
              <tr>
                <th>Model</th>
                <th>Architecture</th>
                <th class="number">Parameters</th>
                <th>Job</th>
                <th>Made</th>
              </tr>
            </thead>
            <tbody>
              {value.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    <a href={`#/models/${one.id}`}>{nameOf(one)}</a>
                  </th>
                  <td>{one.architecture ?? "–"}</td>
                  <td class="number">{count(one.parameters?.total)}</td>
                  <td>
                    <a href={`#/jobs/${one.job}`}>its job</a>
                  </td>
                  <td class="nowrap note">{ago(one.created_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </div>
  );
}
