// JSON Pointers (RFC 6901) and JSON Patches (RFC 6902), as the service sends them with what it finds.
import type { Json, PatchStep } from "./types";

/** The tokens of a pointer. */
export function tokens(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A pointer to a member of what a pointer stands for. */
export function below(pointer: string, token: string | number): string {
  return `${pointer}/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The document after the steps; the given one stays as it is. Throws Error when a step cannot be. */
export function patched(document: Json, steps: PatchStep[]): Json {
  let result = structuredClone(document);
  for (const step of steps) result = applied(result, step);
  return result;
}

function applied(document: Json, step: PatchStep): Json {
  const value = step.op === "move" || step.op === "copy" ? at(document, step.from) : step.value;
  if (step.op === "test") return document;
  if (step.op === "move") remove(document, tokens(step.from ?? ""));
  const path = tokens(step.path);
  if (path.length === 0) return value ?? null;
  if (step.op === "remove") remove(document, path);
  else put(document, path, structuredClone(value ?? null), step.op !== "replace");
  return document;
}

function at(document: Json, pointer = ""): Json {
  return tokens(pointer).reduce<Json>((value, token) => member(value, token), document);
}

function member(value: Json, token: string): Json {
  if (value === null || typeof value !== "object") throw new Error(`nothing stands at ${token}`);
  const found = Array.isArray(value) ? value[Number(token)] : value[token];
  if (found === undefined) throw new Error(`nothing stands at ${token}`);
  return found;
}

function put(document: Json, path: string[], value: Json, insert: boolean): void {
  const parent = path.slice(0, -1).reduce<Json>((one, token) => member(one, token), document);
  const last = path.at(-1) ?? "";
  if (Array.isArray(parent)) {
    const index = last === "-" ? parent.length : Number(last);
    parent.splice(index, insert ? 0 : 1, value);
  } else if (parent !== null && typeof parent === "object") parent[last] = value;
}

function remove(document: Json, path: string[]): void {
  const parent = path.slice(0, -1).reduce<Json>((one, token) => member(one, token), document);
  const last = path.at(-1) ?? "";
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (parent !== null && typeof parent === "object") delete parent[last];
}
