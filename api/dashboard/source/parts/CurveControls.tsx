// How curves are drawn: on which scale and how smooth. It stands in the address, for all charts.
import { choose, route } from "../state/route";

export function useCurveChoices(): { log: boolean; smooth: number } {
  const { query } = route.value;
  const smooth = Math.min(Math.max(Number(query.get("smooth") ?? 0) || 0, 0), 0.98);
  return { log: query.get("log") === "1", smooth };
}

export function CurveControls() {
  const { log, smooth } = useCurveChoices();
  return (
    <div class="row">
      <label class="row">
        <input
          type="checkbox"
          checked={log}
          onChange={(event) => choose("log", event.currentTarget.checked ? "1" : null)}
        />
        Log scale
      </label>
      <label class="row">
        Smoothing
        <input
          type="range"
          min="0"
          max="0.98"
          step="0.02"
          value={smooth}
          onInput={(event) =>
            choose("smooth", Number(event.currentTarget.value) ? event.currentTarget.value : null)
          }
        />
      </label>
      <span class="note">Drag to zoom, double-click to see all.</span>
    </div>
  );
}
