// A curve in small, fetched when it has been in view for a moment.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../wire/request";
import type { MetricSeries } from "../wire/types";

type Values = (number | null)[];

// What only flies past while a list is scrolled is not asked for.
const A_MOMENT = 120;
const KEPT = new Map<string, { at: string; values: Values }>();

export function Sparkline({ job, curve, at }: { job: string; curve: string; at: string }) {
  const place = useRef<SVGSVGElement>(null);
  const mark = `${job} ${curve}`;
  const [, draw] = useState<Values>([]);
  useEffect(() => {
    if (KEPT.get(mark)?.at === at) return;
    const control = new AbortController();
    let timer = 0;
    const seen = new IntersectionObserver(([entry]) => {
      clearTimeout(timer);
      if (entry?.isIntersecting) timer = window.setTimeout(read, A_MOMENT);
    });
    const read = () => {
      seen.disconnect();
      const path = `/v1/jobs/${job}/metrics?max_points=60&keys=${encodeURIComponent(curve)}`;
      ask<MetricSeries>(path, { signal: control.signal }).then(
        ({ data }) => {
          const values = data[curve] ?? [];
          KEPT.set(mark, { at, values });
          draw(values);
        },
        () => {},
      );
    };
    seen.observe(place.current!);
    return () => {
      clearTimeout(timer);
      seen.disconnect();
      control.abort();
    };
  }, [mark, at]);
  return (
    <svg
      ref={place}
      class="spark"
      viewBox="0 0 100 28"
      preserveAspectRatio="none"
      role="img"
      aria-label={`Course of ${curve}`}
    >
      <path d={line(KEPT.get(mark)?.values ?? [])} />
    </svg>
  );
}

function line(values: Values): string {
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
