// The filter of the list of jobs: words, or the interface's own language; what is wrong stands below.
import { useEffect, useState } from "preact/hooks";
import { choose, route } from "../state/route";
import { Refused, reasonOf } from "../wire/request";
import type { ProblemItem } from "../wire/types";

const PAUSE = 300;

const EXAMPLES = [
  'state = "succeeded" AND metrics.val_loss.best < 0.5',
  "layers.LSTM >= 1 OR layers.GRU >= 1",
  "parameters < 100000 AND tags:demo",
];

export function FilterBox({ reason }: { reason: unknown }) {
  const asked = route.value.query.get("filter") ?? "";
  const [text, type] = useState(asked);
  // The address also changes by a link or the way back.
  useEffect(() => {
    if (asked !== text.trim()) type(asked);
  }, [asked]);
  useEffect(() => {
    const timer = setTimeout(() => choose("filter", text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const wrong = reason instanceof Refused && reason.problem.status === 400 ? reason : null;
  const items: ProblemItem[] = wrong?.problem.errors ?? [];
  return (
    <div class="filter">
      <input
        type="search"
        aria-label="Filter"
        aria-invalid={wrong !== null}
        aria-describedby="filter-help"
        placeholder="Words, or: metrics.val_accuracy.best > 0.9"
        spellcheck={false}
        autocomplete="off"
        value={text}
        onInput={(event) => type(event.currentTarget.value)}
      />
      <div id="filter-help" aria-live="polite">
        {wrong ? <p class="wrong">{items[0]?.detail ?? reasonOf(wrong)}</p> : null}
        {(items[0]?.did_you_mean ?? []).map((right) => (
          <button
            key={right}
            type="button"
            class="small"
            onClick={() => type(mended(text, items[0]!.detail, right))}
          >
            {right}
          </button>
        ))}
      </div>
      <details>
        <summary class="note">How to filter</summary>
        <ul class="examples">
          {EXAMPLES.map((one) => (
            <li key={one}>
              <button type="button" class="plain small mono" onClick={() => type(one)}>
                {one}
              </button>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** The text with the field that the message quotes replaced by the right one. */
function mended(text: string, detail: string, right: string): string {
  const [, quoted = ""] = /'([^']+)'/.exec(detail) ?? [];
  const [field = ""] = quoted.split(".");
  return field ? text.replace(field, right) : text;
}
