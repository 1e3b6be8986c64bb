// One job in the list: state, progress, its course in small, its best value.
import { Component } from "preact";
import { curveKey, headline, nameOf } from "../state/headline";
import type { Job } from "../wire/types";
import { Chip } from "./Chip";
import { ago, between, duration, number } from "./format";
import { ProgressBar } from "./ProgressBar";
import { Sparkline } from "./Sparkline";

interface Props {
  job: Job;
  position: number;
  ticked: boolean;
  toggle: (id: string) => void;
}

/** Drawn again only when something of it is another, not whenever the list is read or scrolled. */
export class JobRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return stamp(next) !== stamp(this.props) || next.toggle !== this.props.toggle;
  }

  override render(props: Props) {
    return <Row {...props} />;
  }
}

function stamp({ job, position, ticked }: Props): string {
  const { epoch = "", step = "", validated = "" } = job.progress ?? {};
  const done = [job.updated_at, epoch, step, validated];
  const told = [job.id, position, ticked, job.waiting?.detail, ...done];
  return `${told.join(" ")} ${ago(job.created_at)}`;
}

function Row({ job, position, ticked, toggle }: Props) {
  const best = headline(job);
  const curve = curveKey(job);
  return (
    <tr aria-rowindex={position}>
      <td>
        <input
          type="checkbox"
          aria-label={`Compare ${nameOf(job)}`}
          checked={ticked}
          onChange={() => toggle(job.id)}
        />
      </td>
      <th scope="row">
        <a href={`#/jobs/${job.id}`}>{nameOf(job)}</a>{" "}
        {job.tags.map((tag) => (
          <span key={tag} class="chip tag">
            {tag}
          </span>
        ))}
        {job.architecture ? <div class="note">{job.architecture}</div> : null}
      </th>
      <td>
        <Chip state={job.state} />
      </td>
      <td class="progress whole">
        {job.progress ? (
          <ProgressBar progress={job.progress} />
        ) : (
          <span class="note">
            {job.waiting?.detail ?? job.error?.code ?? job.stop_reason ?? ""}
          </span>
        )}
      </td>
      <td class="aside">
        {curve ? (
          <Sparkline job={job.id} curve={curve} at={`${job.state} ${job.progress?.epoch ?? ""}`} />
        ) : null}
      </td>
      <td class="number whole">
        {best ? (
          <>
            <strong>{number(best[1].best)}</strong>
            <div class="note">
              {best[0]} at epoch {best[1].best_epoch ?? "–"}
            </div>
          </>
        ) : null}
      </td>
      <td class="number aside">{duration(between(job.started_at, job.finished_at))}</td>
      <td class="nowrap note aside">{ago(job.created_at)}</td>
    </tr>
  );
}
