// The written forms of a model, to be taken away.
import type { Model } from "../wire/types";
import { bytes } from "./format";

export function ModelFiles({ model }: { model: Model }) {
  return (
    <div class="card flush scroll">
      <table>
        <thead>
          <tr>
            <th>Form</th>
            <th class="number">Size</th>
            <th>SHA-256</th>
            <th>
              <span class="hidden">Download</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {model.files.map((file) => (
            <tr key={file.format}>
              <th scope="row">{file.format}</th>
              <td class="number">{bytes(file.bytes)}</td>
              <td>
                <code>{file.digest.slice(0, 16)}…</code>
              </td>
              <td>
                <a href={`/v1/models/${model.id}/content?format=${file.format}`} download>
                  Download
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
