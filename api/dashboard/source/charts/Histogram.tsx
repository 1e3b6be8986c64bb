// How often values fall between edges, as bars; what lies beyond the edges is told in words.
import { number } from "../parts/format";
import type { Histogram as Found } from "../wire/types";

interface Props {
  found: Found;
  label: string;
  /** How an edge is written. */
  edge?: (value: number) => string;
}

export function Histogram({ found, label, edge = number }: Props) {
  const { counts, edges, below, above } = found;
  if (counts.length === 0) return null;
  const most = Math.max(...counts, 1);
  const low = edge(edges[0]!);
  const high = edge(edges.at(-1)!);
  return (
    <figure class="distribution">
      <svg
        class="histogram"
        viewBox={`0 0 ${counts.length} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: from ${low} to ${high}, most often about ${edge(edges[counts.indexOf(most)] ?? edges[0]!)}`}
      >
        {counts.map((count, place) => (
          <rect
            key={edges[place]}
            x={place + 0.06}
            width={0.88}
            y={1 - count / most}
            height={count / most}
          >
            <title>
              {edge(edges[place]!)} to {edge(edges[place + 1]!)}: {count}
            </title>
          </rect>
        ))}
      </svg>
      <figcaption class="note">
        <span>{low}</span>
        <span>{high}</span>
      </figcaption>
      {below + above ? (
        <span class="note">
          {below ? `${below} below` : ""} {above ? `${above} above` : ""}
        </span>
      ) : null}
    </figure>
  );
}
