// For the newcomer: take a sample or bring data, and the service does the rest.
import { useState } from "preact/hooks";
import { attempt } from "../state/messages";
import { trainSample } from "../state/training";
import { ask } from "../wire/request";
import type { Page, Sample } from "../wire/types";
import { DropZone } from "./DropZone";
import { count } from "./format";
import { useLoaded } from "./useLoaded";

export function FirstSteps() {
  const { value } = useLoaded(() => ask<Page<Sample>>("/v1/samples"), "");
  const [busy, work] = useState("");
  const take = async (sample: Sample) => {
    work(sample.name);
    await attempt(() => trainSample(sample));
    work("");
  };
  return (
    <div class="stack">
      <section class="stack" aria-labelledby="first">
        <div>
          <h2 id="first">Train your first network</h2>
          <p class="soft">
            Take a sample: the service reads it, suggests a network and trains it while you watch.
          </p>
        </div>
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
      </section>
      <section class="stack" aria-labelledby="own">
        <h2 id="own">Or bring your own data</h2>
        <DropZone />
      </section>
    </div>
  );
}
