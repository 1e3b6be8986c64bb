// Writes a job: the body as JSON, checked as it is typed, with findings and fixes at their lines.
import { useEffect, useState } from "preact/hooks";
import { NetworkGraph } from "../graph/NetworkGraph";
import { Editor } from "../parts/Editor";
import { type Finding, Findings } from "../parts/Findings";
import { bytes, count } from "../parts/format";
import { LayerPicker } from "../parts/LayerPicker";
import { draft, reasons } from "../state/draft";
import { attempt } from "../state/messages";
import { go } from "../state/route";
import { patched } from "../wire/pointer";
import { ask, Refused, reasonOf } from "../wire/request";
import type { Job, Json, JsonObject, PatchStep, Plan } from "../wire/types";

const PAUSE = 500;
const START = {
  data: { dataset: "", target: "" },
  stack: {
    layers: [
      { class_name: "Dense", units: 32, activation: "relu" },
      { class_name: "Dense", units: 1 },
    ],
  },
  fit: { epochs: 20 },
};

interface Checked {
  plan: Plan | null;
  findings: Finding[];
}

async function check(text: string): Promise<Checked> {
  let body: Json;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return { plan: null, findings: [{ severity: "error", pointer: "", detail: reasonOf(error) }] };
  }
  try {
    const plan = await ask<Plan>("/v1/jobs?validate_only=true", { body });
    return { plan, findings: plan.advice };
  } catch (error) {
    const items = error instanceof Refused ? (error.problem.errors ?? []) : [];
    const told = items.length ? items : [{ pointer: "", detail: reasonOf(error) }];
    return { plan: null, findings: told.map((one) => ({ severity: "error", ...one })) };
  }
}

export function NewJobPage() {
  if (draft.value === "") draft.value = JSON.stringify(START, null, 2);
  const text = draft.value;
  const [found, keep] = useState<Checked>({ plan: null, findings: [] });
  const [place, show] = useState<string | null>(null);
  const [busy, work] = useState(false);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => void check(text).then((one) => current && keep(one)), PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  const change = (edit: (body: Json) => Json) =>
    attempt(async () => {
      draft.value = JSON.stringify(edit(JSON.parse(draft.value)), null, 2);
    });
  const fix = (steps: PatchStep[]) => void change((body) => patched(body, steps));
  const add = (layer: JsonObject) => void change((body) => withLayer(body as JsonObject, layer));
  const submit = async () => {
    work(true);
    await attempt(async () =>
      go(`/jobs/${(await ask<Job>("/v1/jobs", { body: JSON.parse(draft.value) })).id}`),
    );
    work(false);
  };
  const { plan, findings } = found;
  return (
    <>
      <div class="head">
        <h1>New job</h1>
        <div class="row">
          <LayerPicker onPick={add} />
          <button
            type="button"
            class="primary"
            disabled={busy || !plan}
            onClick={() => void submit()}
          >
            Train
          </button>
        </div>
      </div>
      <div class="editor-page">
        <Editor
          text={text}
          findings={findings}
          place={place}
          onChange={(changed) => {
            draft.value = changed;
          }}
        />
        <div class="stack">
          <p role="status" class="row">
            {plan ? (
              <>
                <span class="chip good">sound</span>
                <span>{count(plan.parameters?.total)} parameters</span>
                {plan.memory ? (
                  <span class="note">{bytes(plan.memory.total_bytes)} of memory</span>
                ) : null}
                {plan.steps_per_epoch ? (
                  <span class="note">{plan.steps_per_epoch} steps an epoch</span>
                ) : null}
              </>
            ) : (
              <span class={`chip ${findings.length ? "bad" : ""}`}>
                {findings.length ? `${findings.length} to mend` : "checking…"}
              </span>
            )}
          </p>
          <Findings findings={findings} onFix={fix} onPlace={(pointer) => show(`${pointer}`)} />
          {reasons.value.length ? (
            <details class="card">
              <summary>Why it was suggested so</summary>
              <ul>
                {reasons.value.map((one) => (
                  <li key={one.pointer}>
                    <code>{one.pointer}</code> {one.because}
                  </li>
                ))}
              </ul>
            </details>
          ) : null}
          {plan ? (
            <div class="card scroll">
              <NetworkGraph plan={plan} />
            </div>
          ) : null}
        </div>
      </div>
    </>
  );
}

/** The body with a layer before its last one, which mostly makes the outputs. */
function withLayer(body: JsonObject, layer: JsonObject): Json {
  const changed = structuredClone(body);
  const stack = changed.stack as JsonObject | Json[] | undefined;
  const layers = Array.isArray(stack) ? stack : (stack?.layers as Json[] | undefined);
  if (!layers) changed.stack = { layers: [layer] };
  else layers.splice(Math.max(layers.length - 1, 0), 0, layer);
  return changed;
}
