// How often each value occurs, as bars beside the values.
import { count } from "../parts/format";
import type { Count } from "../wire/types";

const SHOWN = 8;

export function Shares({ top, other, rows }: { top: Count[]; other: number; rows: number }) {
  const shown = top.slice(0, SHOWN);
  const rest = other + top.slice(SHOWN).reduce((sum, one) => sum + one.count, 0);
  const most = Math.max(...shown.map((one) => one.count), 1);
  const percent = (many: number) => Number(((many / Math.max(rows, 1)) * 100).toPrecision(2));
  return (
    <ul class="balance">
      {shown.map((one) => (
        <li key={one.value}>
          <span class="value" title={one.value}>
            {one.value || "(empty)"}
          </span>
          <span class="bar" aria-hidden="true">
            <i style={{ width: `${(one.count / most) * 100}%` }} />
          </span>
          <span class="note" title={`${count(one.count)} rows`}>
            {percent(one.count)} %
          </span>
        </li>
      ))}
      {rest ? <li class="note">and {count(rest)} rows with others</li> : null}
    </ul>
  );
}
