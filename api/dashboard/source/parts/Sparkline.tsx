// A curve in small, fetched when it comes into view.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../wire/request";
import type { MetricSeries } from "../wire/types";

const KEPT = new Map<string, (number | null)[]>();

export function Sparkline({ job, curve, at }: { job: string; curve: string; at: string }) {
  const place = useRef<SVGSVGElement>(null);
  const mark = `${job} ${curve} ${at}`;
  const [values, keep] = useState(KEPT.get(mark) ?? []);
  useEffect(() => {
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      seen.disconnect();
      const path = `/v1/jobs/${job}/metrics?max_points=60&keys=${encodeURIComponent(curve)}`;
      ask<MetricSeries>(path).then(
        ({ data }) => {
          KEPT.set(mark, data[curve] ?? []);
          keep(data[curve] ?? []);
        },
        () => {},
      );
    });
    if (place.current && !KEPT.has(mark)) seen.observe(place.current);
    return () => seen.disconnect();
  }, [mark]);
  return (
    <svg
      ref={place}
      class="spark"
      viewBox="0 0 100 28"
      preserveAspectRatio="none"
      role="img"
      aria-label={`Course of ${curve}`}
    >
      <path d={line(values)} />
    </svg>
  );
}

function line(values: (number | null)[]): string {
  const points = values.flatMap((value, index) =>
    value === null ? [] : [[index, value] as const],
  );
  if (points.length < 2) return "";
  const all = points.map(([, value]) => value);
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const step = 100 / (values.length - 1);
  return points
    .map(
      ([x, y], index) =>
        `${index ? "L" : "M"}${(x * step).toFixed(1)} ${(26 - ((y - low) / span) * 24).toFixed(1)}`,
    )
    .join("");
}
