// Some rows as the service understood them; images of every class as thumbnails.
import type { JsonObject, Preview } from "../wire/types";
import { Cell } from "./Cell";

const MOST_COLUMNS = 30;
const MOST_ROWS = 8;

const isImage = (value: unknown): value is string =>
  typeof value === "string" && value.startsWith("data:image/");

export function PreviewView({ found }: { found: Preview }) {
  const images = found.samples.flatMap(({ row, label, values }) =>
    Object.values(values)
      .filter(isImage)
      .slice(0, 1)
      .map((source) => ({ row, label, source })),
  );
  const names = Object.keys(found.rows[0] ?? {});
  return (
    <>
      {images.length ? (
        <section class="card" aria-label="Images">
          <ul class="gallery">
            {images.map(({ row, label, source }) => (
              <li key={row}>
                <img
                  class="thumb"
                  src={source}
                  alt={label === null ? `Row ${row}` : ""}
                  loading="lazy"
                />
                {label === null ? null : <span class="note">{label}</span>}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {images.length && names.length <= 2 ? null : (
        <Rows rows={found.rows.slice(0, MOST_ROWS)} names={names.slice(0, MOST_COLUMNS)} />
      )}
    </>
  );
}

function Rows({ rows, names }: { rows: JsonObject[]; names: string[] }) {
  if (rows.length === 0) return null;
  return (
    <section class="card flush scroll" tabIndex={0} aria-label="First rows">
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={String(index)}>
              {names.map((name) => (
                <td key={name}>
                  <Cell value={row[name] ?? null} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
