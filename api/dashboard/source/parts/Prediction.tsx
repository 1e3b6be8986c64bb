// What a model said: a label with its scores, or whatever else it answers.
import type { Json, JsonObject } from "../wire/types";
import { number } from "./format";

export function Prediction({ value }: { value: Json }) {
  if (typeof value === "number") return <p class="outcome">{number(value)}</p>;
  const told =
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  const said = told?.label ?? told?.value;
  if (!told || said === undefined || (said !== null && typeof said === "object"))
    return <pre>{JSON.stringify(value, null, 2)}</pre>;
  const scores = Object.entries((told.scores ?? {}) as Record<string, number>).toSorted(
    (a, b) => b[1] - a[1],
  );
  return (
    <div class="stack">
      <p class="outcome">{typeof said === "number" ? number(said) : String(said)}</p>
      <div class="scores">
        {scores.slice(0, 10).map(([label, score]) => (
          <div key={label}>
            <span>{label}</span>
            <span class="bar">
              <i style={{ width: `${Math.round(score * 100)}%` }} />
            </span>
            <span class="note">{(score * 100).toFixed(1)} %</span>
          </div>
        ))}
      </div>
    </div>
  );
}
