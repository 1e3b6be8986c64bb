// Training and validation of one metric belong on one chart, the losses first.
import type { Curves } from "../state/jobFeed";
import type { Line } from "./Chart";

export interface Pair {
  name: string;
  lines: Line[];
  best: { x: number; value: number } | null;
}

export function pairs(curves: Curves, modes: Record<string, { mode: "min" | "max" }>): Pair[] {
  const keys = Object.keys(curves).filter((key) => key !== "epoch");
  const names = [...new Set(keys.map((key) => key.replace(/^val_/, "")))];
  const isLoss = (name: string) => (/(^|_)loss$/.test(name) ? 0 : 1);
  names.sort((a, b) => isLoss(a) - isLoss(b) || a.localeCompare(b));
  return names.map((name) => {
    const lines: Line[] = [];
    if (curves[name]) lines.push({ label: name, values: curves[name], colour: "--series-1" });
    const held = `val_${name}`;
    if (curves[held])
      lines.push({ label: held, values: curves[held], dashed: true, colour: "--series-2" });
    const key = curves[held] ? held : name;
    return {
      name,
      lines,
      best: bestOf(
        curves.epoch ?? [],
        curves[key] ?? [],
        modes[key]?.mode ?? (isLoss(name) ? "max" : "min"),
      ),
    };
  });
}

function bestOf(x: (number | null)[], values: (number | null)[], mode: "min" | "max") {
  let found: { x: number; value: number } | null = null;
  values.forEach((value, index) => {
    if (value === null) return;
    if (!found || (mode === "min" ? value < found.value : value > found.value))
      found = { x: x[index] ?? index, value };
  });
  return found as { x: number; value: number } | null;
}
