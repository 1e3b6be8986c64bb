// For the newcomer: bring data, or begin with data that the service has at hand.
import { useEffect, useState } from "preact/hooks";
import { attempt } from "../state/messages";
import { samples, trainSample } from "../state/training";
import type { Sample } from "../wire/types";
import { DropZone } from "./DropZone";

export function FirstSteps() {
  const [offered, offer] = useState<Sample[]>([]);
  const [busy, work] = useState("");
  useEffect(() => void attempt(async () => offer(await samples())), []);
  const begin = async (sample: Sample) => {
    work(sample.name);
    await attempt(() => trainSample(sample));
    work("");
  };
  return (
    <div class="stack">
      <section class="card stack">
        <div>
          <h2>Train your first network</h2>
          <p class="soft">
            Bring a table, images or arrays: the service reads them, suggests a network and trains
            it.
          </p>
        </div>
        <DropZone />
      </section>
      {offered.length ? (
        <section class="stack">
          <h2>Or begin with data at hand</h2>
          <div class="grid small">
            {offered.map((sample) => (
              <article key={sample.name} class="card stack">
                <div>
                  <h3>{sample.title}</h3>
                  <p class="note">{sample.description}</p>
                </div>
                <div>
                  <button
                    type="button"
                    class="primary"
                    disabled={busy !== ""}
                    onClick={() => void begin(sample)}
                  >
                    {busy === sample.name ? "Preparing…" : `Train on ${sample.name}`}
                  </button>
                </div>
              </article>
            ))}
          </div>
        </section>
      ) : null}
    </div>
  );
}
