// Takes a file by choice or by drop, sends it in pieces, and goes to the dataset that it became.
import { useRef, useState } from "preact/hooks";
import { attempt } from "../state/messages";
import { go } from "../state/route";
import { uploadDataset } from "../wire/upload";

export function DropZone() {
  const [sent, tell] = useState<number | null>(null);
  const [over, hover] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const abort = useRef<AbortController | null>(null);
  const take = async (file: File | null | undefined) => {
    if (!file || sent !== null) return;
    abort.current = new AbortController();
    tell(0);
    await attempt(async () =>
      go(`/datasets/${(await uploadDataset(file, tell, abort.current!.signal)).id}`),
    );
    tell(null);
  };
  const share = Math.round((sent ?? 0) * 100);
  return (
    <section
      class={`drop ${over ? "over" : ""}`}
      aria-label="Upload"
      onDragOver={(event) => {
        event.preventDefault();
        hover(true);
      }}
      onDragLeave={() => hover(false)}
      onDrop={(event) => {
        event.preventDefault();
        hover(false);
        void take(event.dataTransfer?.files[0]);
      }}
    >
      {sent === null ? (
        <>
          <p>
            Drop a file here: CSV, Parquet, JSON lines, NPZ, spreadsheets, ZIP of images in class
            folders…
          </p>
          <button type="button" class="primary" onClick={() => input.current?.click()}>
            Choose a file
          </button>
          <input
            ref={input}
            type="file"
            class="hidden"
            tabIndex={-1}
            aria-label="File"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
        </>
      ) : (
        <>
          <p role="status">{share < 100 ? `${share} % has arrived` : "The service reads it…"}</p>
          <progress max={100} value={share} aria-label="Upload" />
          <button type="button" class="small" onClick={() => abort.current?.abort()}>
            Cancel
          </button>
        </>
      )}
    </section>
  );
}
