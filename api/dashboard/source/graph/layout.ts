// Places the layers of a network: dagre finds the places, the edges come from the stack.
import { Graph, layout } from "@dagrejs/dagre";
import type { Json, JsonObject, PlanLayer } from "../wire/types";

export const NODE = { width: 190, height: 46 };

export interface Placed {
  width: number;
  height: number;
  nodes: { x: number; y: number; layer: PlanLayer }[];
  edges: { x: number; y: number }[][];
}

export function place(layers: PlanLayer[], stack: Json): Placed {
  const graph = new Graph();
  graph.setGraph({ nodesep: 24, ranksep: 30, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const layer of layers) graph.setNode(layer.name, { ...NODE });
  for (const [from, to] of edgesOf(layers, stack)) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: layers.map((layer) => ({
      ...(graph.node(layer.name) as { x: number; y: number }),
      layer,
    })),
    edges: graph.edges().map((edge) => graph.edge(edge).points as { x: number; y: number }[]),
  };
}

function edgesOf(layers: PlanLayer[], stack: Json): [string, string][] {
  const listed = Array.isArray(stack)
    ? stack
    : (((stack as JsonObject | null)?.layers as Json[]) ?? []);
  const known = new Set(layers.map((layer) => layer.name));
  const found: [string, string][] = [];
  let above: string | null = null;
  for (const one of listed as JsonObject[]) {
    const name = String(one.name);
    if (!known.has(name)) continue;
    const named = one.inputs === undefined ? [] : [one.inputs].flat(4);
    const sources = named.filter(
      (source): source is string => typeof source === "string" && known.has(source),
    );
    if (
      sources.length === 0 &&
      above &&
      one.class_name !== "Input" &&
      one.class_name !== "InputLayer"
    )
      sources.push(above);
    for (const source of sources) found.push([source, name]);
    above = name;
  }
  return found;
}
