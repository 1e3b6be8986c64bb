// The network as a picture: layers with their shapes and parameters, and what feeds what.
import { useEffect, useState } from "preact/hooks";
import { count, shape } from "../parts/format";
import type { Plan } from "../wire/types";
import type { Placed } from "./layout";

const LEARNING = /Dense|Conv|LSTM|GRU|RNN|Embedding|Attention/;
const MOST = 200;

export function NetworkGraph({ plan }: { plan: Plan }) {
  const [placed, keep] = useState<Placed | null>(null);
  const many = plan.layers.length > MOST;
  useEffect(() => {
    if (many) return;
    // Loaded when first needed: most visits never look at a graph.
    void import("./layout").then(({ place }) =>
      keep(place(plan.layers, plan.request.stack ?? null)),
    );
  }, [plan]);
  if (many) return <p class="note">{plan.layers.length} layers are too many for a picture.</p>;
  if (!placed) return <p class="note">Drawing…</p>;
  return (
    <svg
      class="network"
      width={placed.width}
      viewBox={`0 0 ${placed.width} ${placed.height}`}
      role="img"
      aria-label={`Network of ${plan.layers.length} layers`}
    >
      {placed.edges.map((points) => (
        <g key={JSON.stringify(points)}>
          <path d={points.map(({ x, y }, index) => `${index ? "L" : "M"}${x} ${y}`).join("")} />
          <path class="tip" d={`M${points.at(-1)!.x - 4} ${points.at(-1)!.y - 7}h8l-4 7z`} />
        </g>
      ))}
      {placed.nodes.map(({ x, y, layer }) => (
        <g
          key={layer.name}
          class={LEARNING.test(layer.class_name) ? "family-core" : ""}
          transform={`translate(${x - 95} ${y - 23})`}
        >
          <title>{layer.name}</title>
          <rect width="190" height="46" rx="7" />
          <text x="10" y="19">
            {layer.class_name}
          </text>
          <text class="shape" x="10" y="36">
            {shape(layer.output_shape)}
          </text>
          {layer.parameters.trainable ? (
            <text class="shape" x="180" y="19" text-anchor="end">
              {count(layer.parameters.trainable)}
            </text>
          ) : null}
        </g>
      ))}
    </svg>
  );
}
