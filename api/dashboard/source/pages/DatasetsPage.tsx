// All datasets, and the way to bring one.
import { Chip } from "../parts/Chip";
import { DropZone } from "../parts/DropZone";
import { ago, bytes, count } from "../parts/format";
import { Samples } from "../parts/Samples";
import { useLoaded } from "../parts/useLoaded";
import { shortId } from "../state/headline";
import { askAll } from "../wire/request";
import type { Dataset } from "../wire/types";

export function DatasetsPage() {
  const { value, error } = useLoaded(() => askAll<Dataset>("/v1/datasets", 500), "", 5000);
  return (
    <div class="stack">
      <h1>Datasets</h1>
      <DropZone />
      {value ? (
        <details open={value.length === 0}>
          <summary>Or take a sample</summary>
          <h2 class="hidden">Samples</h2>
          <Samples />
        </details>
      ) : null}
      {error ? <p class="finding error">{error}</p> : null}
      {value || error ? null : <p class="note">Loading…</p>}
      {value?.length ? (
        <div class="card flush scroll">
          <table>
            <thead>
              <tr>
                <th>Dataset</th>
                <th>State</th>
                <th>Format</th>
                <th class="number">Rows</th>
                <th class="number">Columns</th>
                <th class="number">Size</th>
                <th>Came</th>
              </tr>
            </thead>
            <tbody>
              {value.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    <a href={`#/datasets/${one.id}`}>{one.name ?? shortId(one.id)}</a>{" "}
                    {one.version && one.version > 1 ? (
                      <span class="note">@{one.version}</span>
                    ) : null}
                  </th>
                  <td>
                    <Chip state={one.state} />
                  </td>
                  <td>{one.format ?? "–"}</td>
                  <td class="number">{count(one.rows)}</td>
                  <td class="number">{one.columns?.length ?? "–"}</td>
                  <td class="number">{bytes(one.bytes)}</td>
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
