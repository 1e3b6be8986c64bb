// The columns of a dataset: what kind they are, what is missing, and how their values are spread.
import { Histogram } from "../charts/Histogram";
import { Shares } from "../charts/Shares";
import type { ColumnStatistics, Statistics } from "../wire/types";
import { count, number } from "./format";

const SHOWN = 200;
const FEW = 12;
// Bars of whole numbers have their edges between these.
const whole = (edge: number) => number(Math.trunc(edge) + 0);
const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

export function ColumnTable({ found }: { found: Statistics }) {
  return (
    <section class="card flush scroll" tabIndex={0} aria-label="Columns">
      <table class="columns">
        <thead>
          <tr>
            <th>Column</th>
            <th class="number">Missing</th>
            <th class="number">Distinct</th>
            <th>Values</th>
            <th>In short</th>
          </tr>
        </thead>
        <tbody>
          {found.columns.slice(0, SHOWN).map((one) => (
            <tr key={one.name}>
              <th scope="row">
                {one.name}
                <div class="note">{one.kind}</div>
              </th>
              <td class="number">{count(one.missing) === "0" ? "–" : count(one.missing)}</td>
              <td class="number">{count(one.unique)}</td>
              <td>
                <Spread column={one} rows={found.rows} />
              </td>
              <td class="note">{inShort(one)}</td>
            </tr>
          ))}
        </tbody>
        {found.columns.length > SHOWN ? (
          <caption class="note">
            The first {SHOWN} of {found.columns.length} columns.
          </caption>
        ) : null}
      </table>
    </section>
  );
}

function Spread({ column, rows }: { column: ColumnStatistics; rows: number }) {
  const { name, category, date, image, tensor, text } = column;
  const numbers = column.number?.histogram;
  if (category && (!numbers || (column.unique ?? 0) <= FEW))
    return <Shares top={category.top} other={category.other} rows={rows} />;
  if (date) return <Histogram found={date.histogram} label={name} edge={day} />;
  if (image)
    return <Histogram found={image.brightness.histogram} label={`Brightness of ${name}`} />;
  const lengths = text?.words ?? text?.characters;
  if (lengths) return <Histogram found={lengths.histogram} label={`Length of ${name}`} />;
  const histogram = numbers ?? tensor?.histogram;
  const edge = column.kind === "integer" ? whole : number;
  return histogram ? <Histogram found={histogram} label={name} edge={edge} /> : null;
}

function inShort({
  category,
  number: numbers,
  text,
  image,
  tensor,
  date,
}: ColumnStatistics): string {
  if (category && !numbers) return "";
  if (numbers?.mean != null) return `mean ${number(numbers.mean)}, spread ${number(numbers.std)}`;
  if (text) {
    const words = (text.top_words ?? []).slice(0, 6).map((one) => one.value);
    const often = words.length ? `; most often ${words.join(", ")}` : "";
    return `${number(text.words?.mean ?? text.characters.mean)} ${text.words ? "words" : "characters"} on average${often}`;
  }
  if (image) {
    const sizes = image.sizes.slice(0, 3).map((one) => `${one.height} × ${one.width}`);
    return `${sizes.join(", ")} pixels; brightness ${number(image.brightness.mean)}`;
  }
  if (date) return `${date.minimum.slice(0, 10)} to ${date.maximum.slice(0, 10)}`;
  return tensor ? `${tensor.shape.join(" × ")} ${tensor.dtype}` : "";
}
