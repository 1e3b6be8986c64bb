// Files sent in pieces by tus 1.0: a break costs at most one piece, a closed page nothing.
import { session } from "../state/session";
import { ask, Refused, send } from "./request";
import type { Dataset } from "./types";

const PIECE = 4 * 1024 * 1024;
const TRIES = 6;
const TUS = { "Tus-Resumable": "1.0.0" };

/** Send a file and make a dataset of it. `onSent` hears the share that has arrived, 0 to 1. */
export async function uploadDataset(
  file: File,
  onSent: (share: number) => void,
  signal: AbortSignal,
): Promise<Dataset> {
  const place = await begin(file);
  let offset = await offsetOf(place);
  while (offset < file.size) {
    onSent(offset / file.size);
    offset = await piece(place, file, offset, onSent, signal);
  }
  onSent(1);
  const upload = place.split("/").at(-1);
  const made = await ask<Dataset>("/v1/datasets", {
    body: { upload, name: file.name.replace(/(\.tar)?\.[^.]+$/, "").slice(0, 200) || "data" },
    headers: { Prefer: "wait=20" },
  });
  localStorage.removeItem(memory(file));
  return made;
}

/** Where the upload of this file stands: one begun before is gone on with. */
async function begin(file: File): Promise<string> {
  const known = localStorage.getItem(memory(file));
  if (known !== null) {
    try {
      await offsetOf(known);
      return known;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      localStorage.removeItem(memory(file));
    }
  }
  const answer = await send("/v1/uploads", {
    method: "POST",
    headers: {
      ...TUS,
      "Upload-Length": String(file.size),
      "Upload-Metadata": `filename ${base64(file.name)}`,
    },
  });
  const place = new URL(answer.headers.get("Location") ?? "", location.href).pathname;
  localStorage.setItem(memory(file), place);
  return place;
}

async function offsetOf(place: string): Promise<number> {
  return (await ask<{ offset: number }>(place, { headers: TUS })).offset;
}

/** Send one piece, again after a break; answers how far the service has come. */
async function piece(
  place: string,
  file: File,
  offset: number,
  onSent: (share: number) => void,
  signal: AbortSignal,
): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    try {
      const from = attempt === 0 ? offset : await offsetOf(place);
      if (from >= file.size) return from;
      return await patch(place, file, from, onSent, signal);
    } catch (error) {
      const hopeless = error instanceof Refused || signal.aborted || attempt >= TRIES;
      if (hopeless) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}

// fetch tells nothing of how far a body has come; XMLHttpRequest does.
function patch(
  place: string,
  file: File,
  offset: number,
  onSent: (share: number) => void,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const end = Math.min(offset + PIECE, file.size);
    const request = new XMLHttpRequest();
    request.open("PATCH", place);
    request.setRequestHeader("Tus-Resumable", "1.0.0");
    request.setRequestHeader("Upload-Offset", String(offset));
    request.setRequestHeader("Content-Type", "application/offset+octet-stream");
    request.upload.onprogress = (event) => onSent((offset + event.loaded) / file.size);
    request.onload = () => {
      if (request.status === 204) resolve(end);
      else reject(refusalOf(request));
    };
    request.onerror = () => reject(new TypeError("the connection broke"));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file.slice(offset, end));
  });
}

function refusalOf(request: XMLHttpRequest): Error {
  if (request.status === 401) session.value = "closed";
  // A server error or another offset may pass: ask where the upload stands and go on.
  if (request.status >= 500 || request.status === 409) return new TypeError("not taken");
  try {
    return new Refused(JSON.parse(request.responseText));
  } catch {
    return new TypeError("not taken");
  }
}

const memory = (file: File) => `upload:${file.name}:${file.size}:${file.lastModified}`;

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
