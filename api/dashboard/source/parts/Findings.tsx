// Errors and advice, each with its place and, where there is one, the button that mends it.
import type { PatchStep } from "../wire/types";

export interface Finding {
  severity: string;
  pointer: string;
  detail: string;
  why?: string;
  did_you_mean?: string[] | null;
  fix?: PatchStep[] | null;
}

interface Props {
  findings: Finding[];
  onFix?: (fix: PatchStep[]) => void;
  onPlace?: (pointer: string) => void;
}

const ORDER = ["error", "warning", "hint"];

export function Findings({ findings, onFix, onPlace }: Props) {
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    <div class="stack">
      {sorted.map((one) => (
        <article key={`${one.pointer} ${one.detail}`} class={`finding ${one.severity}`}>
          <div class="row between">
            <strong>{one.severity}</strong>
            {onPlace && one.pointer ? (
              <button type="button" class="plain small mono" onClick={() => onPlace(one.pointer)}>
                {one.pointer}
              </button>
            ) : (
              <code>{one.pointer}</code>
            )}
          </div>
          <p>{one.detail}</p>
          {one.did_you_mean?.length ? <p>Did you mean {one.did_you_mean.join(", ")}?</p> : null}
          {one.why ? <p class="note">{one.why}</p> : null}
          {one.fix?.length && onFix ? (
            <div>
              <button type="button" class="small" onClick={() => onFix(one.fix!)}>
                Apply the fix
              </button>
            </div>
          ) : null}
        </article>
      ))}
    </div>
  );
}
