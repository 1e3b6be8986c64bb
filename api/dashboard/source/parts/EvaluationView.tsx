// How good a network is on rows that it had not seen: scores, the confusion matrix, pictures.
import { ask } from "../wire/request";
import type { EvaluationReport, Job, OutputEvaluation, Page, Plot } from "../wire/types";
import { number } from "./format";
import { useLoaded } from "./useLoaded";

export function EvaluationView({ job }: { job: Job }) {
  const { value, error } = useLoaded(
    () => ask<EvaluationReport>(`/v1/jobs/${job.id}/evaluation`),
    job.state,
  );
  const plots = useLoaded(() => ask<Page<Plot>>(`/v1/jobs/${job.id}/plots`), job.state);
  const drawn = (plots.value?.data ?? []).filter(
    (plot) => plot.name !== "confusion_matrix" && plot.name !== "curves",
  );
  return (
    <div class="stack">
      {error ? <p class="empty">{error}</p> : null}
      {value
        ? Object.entries(value.outputs).map(([name, output]) => (
            <Output key={name} name={name} output={output} />
          ))
        : null}
      <div class="plots">
        {drawn.map((plot) => (
          <figure key={plot.name} class="card">
            <img src={plot.svg} alt={plot.title} loading="lazy" />
            <figcaption class="row between note">
              <span>{plot.title}</span>
              <a href={plot.svg} download={`${plot.name}.svg`}>
                SVG
              </a>
            </figcaption>
          </figure>
        ))}
      </div>
    </div>
  );
}

function Output({ name, output }: { name: string; output: OutputEvaluation }) {
  return (
    <section class="card stack">
      <h2>
        {output.target || name} on {output.rows} rows
      </h2>
      {output.reason ? <p class="note">{output.reason}</p> : null}
      <dl class="facts">
        {Object.entries(output.metrics).map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      {output.confusion ? (
        <Confusion labels={output.confusion.labels.map(String)} counts={output.confusion.counts} />
      ) : null}
    </section>
  );
}

function Confusion({ labels, counts }: { labels: string[]; counts: number[][] }) {
  return (
    <section class="scroll" tabIndex={0} aria-label="Confusion matrix">
      <table class="heat">
        <caption class="note">Rows are true, columns predicted.</caption>
        <thead>
          <tr>
            <td />
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, index) => {
            const sum = row.reduce((a, b) => a + b, 0) || 1;
            return (
              <tr key={labels[index]}>
                <th scope="row">{labels[index]}</th>
                {row.map((value, column) => (
                  <td
                    key={labels[column]}
                    style={{
                      background: value
                        ? `color-mix(in srgb, ${index === column ? "var(--series-1)" : "var(--series-2)"} ${Math.round(8 + (value / sum) * 27)}%, var(--card))`
                        : "",
                    }}
                  >
                    {value || "·"}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
