// How far a job is, and when it may be done.
import type { Progress } from "../wire/types";
import { duration } from "./format";

export function ProgressBar({ progress }: { progress: Progress }) {
  const share = Math.round(progress.fraction * 100);
  const left = progress.eta_seconds;
  const validated = progress.validated ?? null;
  return (
    <div>
      <div
        class="bar"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
      >
        <i style={{ width: `${share}%` }} />
      </div>
      <span class="note">
        epoch {progress.epoch + 1} of {progress.epochs}
        {validated === null ? "" : ` · validated ${Math.round(validated * 100)}%`}
        {left !== null && left !== undefined ? ` · ${duration(left)} left` : ""}
      </span>
    </div>
  );
}
