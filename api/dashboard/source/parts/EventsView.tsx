// What happened to a job, and what it printed.
import { ask } from "../wire/request";
import { ENDED, type Job, type JobEvent, type LogLine, type Page } from "../wire/types";
import { moment } from "./format";
import { LongBody, rowCount } from "./LongBody";
import { useLoaded } from "./useLoaded";

const SHOWN = 500;

/** The last events, read once; those that came since are added. */
export function EventsView({ job, fresh }: { job: Job; fresh: JobEvent[] }) {
  const { value } = useLoaded(async () => {
    const after = Math.max(0, job.last_event - SHOWN);
    const page = await ask<Page<JobEvent>>(
      `/v1/jobs/${job.id}/events?after=${after}&page_size=1000`,
    );
    return { after, events: page.data };
  }, job.id);
  if (!value) return <p class="note">Loading…</p>;
  const read = value.events.at(-1)?.seq ?? 0;
  const events = [...value.events, ...fresh.filter((one) => one.seq > read)];
  return (
    <div class="card flush scroll">
      {value.after > 0 ? (
        <p class="note">
          Before these: <a href={`/v1/jobs/${job.id}/events`}>the first {value.after}</a>
        </p>
      ) : null}
      <table class="events" aria-rowcount={rowCount(events)}>
        <thead>
          <tr aria-rowindex={1}>
            <th class="number">No.</th>
            <th>When</th>
            <th>What</th>
            <th>More</th>
          </tr>
        </thead>
        <LongBody items={events} keyOf={({ seq }) => `${seq}`} columns={4}>
          {(event, position) => (
            <tr key={event.seq} aria-rowindex={position}>
              <td class="number">{event.seq}</td>
              <td class="nowrap">{moment(event.at)}</td>
              <td>{event.type}</td>
              <td>
                <code>{JSON.stringify(event.data)}</code>
              </td>
            </tr>
          )}
        </LongBody>
      </table>
    </div>
  );
}

export function LogView({ job }: { job: Job }) {
  const over = ENDED.has(job.state);
  const { value } = useLoaded(
    () => ask<Page<LogLine>>(`/v1/jobs/${job.id}/logs?tail=1000`),
    `${job.id} ${over}`,
    over ? undefined : 2000,
  );
  if (!value) return <p class="note">Loading…</p>;
  if (value.data.length === 0) return <p class="empty">It printed nothing.</p>;
  return (
    <section class="log mono" tabIndex={0} aria-label="Log">
      <pre>{value.data.map((line) => line.text).join("\n")}</pre>
    </section>
  );
}
