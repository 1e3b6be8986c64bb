// How a job went on after an attempt had run out of memory: fewer rows at a time, the batch the same.
import type { Repair } from "../wire/types";

export function Repairs({ repairs, batch }: { repairs: Repair[]; batch: number }) {
  if (repairs.length === 0) return null;
  return (
    <section class="finding" aria-label="Repairs">
      {repairs.map((one) => (
        <div key={one.attempt}>
          <strong>
            Attempt {one.attempt} ended: {one.cause}
          </strong>
          <p>
            The job went on with {rows(one.micro_batch)} at a time; {one.accumulation} such pieces
            make one step{batch ? ` of ${rows(batch)}` : ""}.
          </p>
          <p class="note">{one.detail}</p>
        </div>
      ))}
    </section>
  );
}

const rows = (count: number) => `${count} ${count === 1 ? "row" : "rows"}`;
