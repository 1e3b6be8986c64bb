// What happened to a job, and what it printed.
import { ask } from "../wire/request";
import type { JobEvent, LogLine, Page } from "../wire/types";
import { moment } from "./format";
import { useLoaded } from "./useLoaded";

export function EventsView({ job, at }: { job: string; at: number }) {
  const { value } = useLoaded(
    () => ask<Page<JobEvent>>(`/v1/jobs/${job}/events?page_size=1000`),
    `${job} ${at}`,
  );
  if (!value) return <p class="note">Loading…</p>;
  return (
    <div class="card flush scroll">
      <table>
        <thead>
          <tr>
            <th class="number">No.</th>
            <th>When</th>
            <th>What</th>
            <th>More</th>
          </tr>
        </thead>
        <tbody>
          {value.data.map((event) => (
            <tr key={event.seq}>
              <td class="number">{event.seq}</td>
              <td class="nowrap">{moment(event.at)}</td>
              <td>{event.type}</td>
              <td>
                <code>{JSON.stringify(event.data)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function LogView({ job, at }: { job: string; at: number }) {
  const { value } = useLoaded(
    () => ask<Page<LogLine>>(`/v1/jobs/${job}/logs?tail=1000`),
    `${job} ${at}`,
  );
  if (!value) return <p class="note">Loading…</p>;
  if (value.data.length === 0) return <p class="empty">It printed nothing.</p>;
  return (
    <section class="log mono" tabIndex={0} aria-label="Log">
      <pre>{value.data.map((line) => line.text).join("\n")}</pre>
    </section>
  );
}
