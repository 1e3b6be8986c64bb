// What a training uses of its host: processor, memory against the plan, GPUs.
import { useMemo } from "preact/hooks";
import { Chart, type Line } from "../charts/Chart";
import type { Curves } from "../state/jobFeed";
import { ask } from "../wire/request";
import { ENDED, type Job, type MetricSeries } from "../wire/types";
import { bytes, number } from "./format";
import { useLoaded } from "./useLoaded";

interface Group {
  title: string;
  lines: Line[];
  write: (value: number | null | undefined) => string;
}

const percent = (value: number | null | undefined) =>
  value == null ? "–" : `${number(value * 100)} %`;

export function SystemView({ job }: { job: Job }) {
  const over = ENDED.has(job.state);
  const load = () => ask<MetricSeries>(`/v1/jobs/${job.id}/metrics?x=system`);
  const { value, error } = useLoaded(load, `${job.id} ${over}`, over ? undefined : 3000);
  const curves = value?.data;
  const shown = useMemo(() => (curves ? groups(curves) : []), [curves]);
  if (error) return <p class="finding warning">{error}</p>;
  if (!curves) return <p class="note">Loading…</p>;
  if (shown.length === 0)
    return <p class="empty">Readings begin with the training; this job has none.</p>;
  return (
    <div class="charts">
      {shown.map((one) => (
        <Chart key={one.title} axis="second" x={curves.system ?? []} {...one} />
      ))}
    </div>
  );
}

function groups(curves: Curves): Group[] {
  const onGpu = Object.keys(curves).some((key) => /^gpu\d+_memory/.test(key));
  const lines = (pattern: RegExp) =>
    Object.keys(curves)
      .filter((key) => pattern.test(key))
      .map((key, place) => ({
        label: key.replace(/_(bytes|use)$/, "").replace("_", " "),
        values: curves[key]!,
        colour: `--series-${(place % 6) + 1}`,
        dashed: key === "planned_bytes",
      }));
  const found = [
    { title: "Processor cores", lines: lines(/^cpu_cores$/), write: number },
    { title: "Memory", lines: lines(onGpu ? /^memory/ : /^(memory|planned)/), write: bytes },
    { title: "GPU use", lines: lines(/^gpu\d+_use$/), write: percent },
    { title: "GPU memory", lines: lines(/^(gpu\d+_memory|planned)/), write: bytes },
  ];
  return found.filter((one) => one.lines.length > 0 && (onGpu || !one.title.startsWith("GPU")));
}
