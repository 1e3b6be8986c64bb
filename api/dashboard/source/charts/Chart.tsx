// Curves over one axis that grow in place: zoom stays, the raw curve shows behind a smoothed one.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { bytes, number } from "../parts/format";
import { colour, theme } from "../state/theme";
import { smoothed } from "./smoothing";

export interface Line {
  label: string;
  /** null is a gap; undefined no point, drawn over. */
  values: (number | null | undefined)[];
  dashed?: boolean;
  colour: string;
}

interface Props {
  title: string;
  axis: string;
  x: (number | null)[];
  lines: Line[];
  log?: boolean;
  smooth?: number;
  best?: { x: number; value: number } | null;
  /** How values are written; those in bytes get ticks of powers of two. */
  write?: (value: number | null | undefined) => string;
}

const HEIGHT = 240;
const POWERS = Array.from({ length: 50 }, (_, power) => 2 ** power);

export function Chart(props: Props) {
  const { title, x, lines, log = false, smooth = 0, best, write = number } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const marked = useRef(best);
  marked.current = best;
  const shape = [lines.map((one) => one.label).join(" "), log, smooth > 0, theme.value].join("|");

  useEffect(() => {
    const element = place.current!;
    plot.current = new uPlot(options(props, element.clientWidth, marked), data(props), element);
    const watch = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.current?.destroy();
    };
  }, [shape]);
  useEffect(() => {
    const zoomed = plot.current && isZoomed(plot.current);
    plot.current?.setData(data(props), !zoomed);
    if (zoomed) plot.current?.redraw();
  }, [x, lines, smooth]);

  const save = () => {
    const link = document.createElement("a");
    link.download = `${title}.png`;
    link.href = plot.current!.ctx.canvas.toDataURL();
    link.click();
  };
  const last = (line: Line) => write(line.values.findLast((one) => one != null));
  const told = lines.map((one) => `${one.label} ${last(one)}`).join(", ");
  return (
    <section class="card chart" aria-label={title}>
      <div class="row between">
        <h2>{title}</h2>
        <button type="button" class="plain small" onClick={save}>
          PNG
        </button>
      </div>
      <div ref={place} role="img" aria-label={`${title} by ${props.axis}: ${told}`} />
      <ul class="legend">
        {lines.map((one) => (
          <li key={one.label}>
            <svg
              viewBox="0 0 22 8"
              aria-hidden="true"
              stroke={`var(${one.colour})`}
              stroke-width="2.500"
            >
              <path d="M0 4h22" stroke-dasharray={one.dashed ? "5 3" : undefined} />
            </svg>
            {one.label} {last(one)}
          </li>
        ))}
        {best ? (
          <li>
            best {write(best.value)} at {props.axis} {best.x}
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function data({ x, lines, smooth = 0 }: Props): uPlot.AlignedData {
  const rows = smooth
    ? lines.flatMap((one) => [one.values, smoothed(one.values, smooth)])
    : lines.map((one) => one.values);
  return [x, ...rows] as uPlot.AlignedData;
}

function isZoomed(plot: uPlot): boolean {
  const { min, max } = plot.scales.x!;
  const values = plot.data[0];
  if (min == null || max == null || values.length < 2) return false;
  return min > values[0]! || max < values.at(-1)!;
}

function options(
  { lines, log, smooth, write = number }: Props,
  width: number,
  best: { current: Props["best"] },
): uPlot.Options {
  const line = (one: Line, behind: boolean): uPlot.Series => ({
    label: one.label,
    stroke: colour(one.colour) + (behind ? "44" : ""),
    width: behind ? 1 : 2,
    dash: one.dashed ? [6, 4] : undefined,
    points: { show: (plot) => plot.data[0].length < 3 },
    value: (_plot, value) => write(value),
  });
  const axis: uPlot.Axis = {
    stroke: colour("--soft"),
    font: "12px system-ui",
    grid: { stroke: colour("--grid"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { size: 7 } },
    scales: { x: { time: false }, y: { distr: log ? 3 : 1 } },
    series: [
      {},
      ...lines.flatMap((one) =>
        smooth ? [line(one, true), line(one, false)] : [line(one, false)],
      ),
    ],
    axes: [
      { ...axis, size: 30 },
      {
        ...axis,
        size: 58,
        incrs: write === bytes ? POWERS : undefined,
        values: (_plot, ticks) => ticks.map((t) => (t === null ? "" : write(t))),
      },
    ],
    hooks: { draw: [(plot) => mark(plot, best.current)] },
  };
}

/** A line at the best epoch, and a ring at its value. */
function mark(plot: uPlot, best: Props["best"]): void {
  if (!best) return;
  const x = plot.valToPos(best.x, "x", true);
  const y = plot.valToPos(best.value, "y", true);
  const { left, top, width, height } = plot.bbox;
  if (x < left || x > left + width) return;
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour("--soft");
  ctx.setLineDash([2, 4]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(x, y, 5, 0, 7);
  ctx.stroke();
  ctx.restore();
}
