// The layers of the catalogue, by family, with what each is for; a click adds one.
import { useRef, useState } from "preact/hooks";
import { attempt } from "../state/messages";
import { ask } from "../wire/request";
import type { CatalogEntry, Json, JsonObject, Page } from "../wire/types";

const USUAL: Record<string, Json> = {
  units: 32,
  filters: 32,
  kernel_size: 3,
  rate: 0.2,
  activation: "relu",
};

function layerOf(entry: CatalogEntry): JsonObject {
  const needed = entry.arguments.filter((one) => one.required && one.name in USUAL);
  return {
    class_name: entry.name,
    ...Object.fromEntries(needed.map((one) => [one.name, USUAL[one.name]!])),
  };
}

export function LayerPicker({ onPick }: { onPick: (layer: JsonObject) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [entries, keep] = useState<CatalogEntry[]>([]);
  const [words, type] = useState("");
  const open = () => {
    dialog.current?.showModal();
    void attempt(async () => keep((await ask<Page<CatalogEntry>>("/v1/catalog/layers")).data));
  };
  const shown = entries.filter(
    (one) =>
      !one.forbidden &&
      `${one.name} ${one.family} ${one.purpose}`.toLowerCase().includes(words.toLowerCase()),
  );
  const families = [...new Set(shown.map((one) => one.family ?? "other"))];
  return (
    <>
      <button type="button" onClick={open}>
        Add a layer
      </button>
      <dialog ref={dialog} class="picker" aria-label="Layers">
        <div class="row between">
          <input
            type="search"
            aria-label="Search layers"
            placeholder="Search layers"
            value={words}
            onInput={(event) => type(event.currentTarget.value)}
          />
          <button type="button" class="plain" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {families.map((family) => (
          <section key={family}>
            <h3>{family}</h3>
            <ul>
              {shown
                .filter((one) => (one.family ?? "other") === family)
                .map((one) => (
                  <li key={one.name}>
                    <button
                      type="button"
                      onClick={() => {
                        onPick(layerOf(one));
                        dialog.current?.close();
                      }}
                    >
                      <strong>{one.name}</strong>
                      <span class="note">{one.purpose ?? one.doc}</span>
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </dialog>
    </>
  );
}
