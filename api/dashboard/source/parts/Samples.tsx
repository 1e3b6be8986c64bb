// Small datasets to begin with: one click makes one, has a network suggested, and trains it.
import { useState } from "preact/hooks";
import { attempt } from "../state/messages";
import { trainSample } from "../state/training";
import { ask } from "../wire/request";
import type { Page, Sample } from "../wire/types";
import { count } from "./format";
import { useLoaded } from "./useLoaded";

export function Samples() {
  const { value } = useLoaded(() => ask<Page<Sample>>("/v1/samples"), "");
  const [busy, work] = useState("");
  const take = async (sample: Sample) => {
    work(sample.name);
    await attempt(() => trainSample(sample));
    work("");
  };
  return (
    <div class="grid small">
      {(value?.data ?? []).map((sample) => (
        <article key={sample.name} class="card sample">
          <h3>{sample.title}</h3>
          <p>{sample.summary}</p>
          <p class="note">
            {count(sample.rows)} rows · {sample.source} · {sample.licence}
          </p>
          <button
            type="button"
            class="primary"
            disabled={busy !== ""}
            aria-label={`Train on ${sample.title}`}
            onClick={() => void take(sample)}
          >
            {busy === sample.name ? "Preparing…" : "Train on it"}
          </button>
        </article>
      ))}
    </div>
  );
}
