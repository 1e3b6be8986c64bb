// Requests to the interface. The key, if one is needed, travels in a cookie that no script can read.
import { session } from "../state/session";
import type { Page, Problem } from "./types";

/** An answer that was an error: the problem as the service tells it. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
  }
}

interface Options {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** The answer to one request. Throws Refused, or TypeError when nothing answers. */
export async function send(path: string, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  let body: BodyInit | undefined;
  if (options.body instanceof Blob || typeof options.body === "string") body = options.body;
  else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers["Content-Type"] = "application/json";
  }
  const method = options.method ?? (options.body === undefined ? "GET" : "POST");
  const answer = await fetch(path, { method, headers, body, signal: options.signal });
  if (answer.ok) return answer;
  if (answer.status === 401) session.value = "closed";
  throw new Refused(await problemOf(answer));
}

/** The JSON of the answer to one request. */
export async function ask<T>(path: string, options: Options = {}): Promise<T> {
  const answer = await send(path, options);
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

const LARGEST = 200;

/** All pages of a list, at most `most` entries. */
export async function askAll<T>(path: string, most = 1000, signal?: AbortSignal): Promise<T[]> {
  const found: T[] = [];
  let token: string | null = null;
  do {
    const mark = path.includes("?") ? "&" : "?";
    const next: string = token ? `&page_token=${encodeURIComponent(token)}` : "";
    const asked = `${path}${mark}page_size=${Math.min(most, LARGEST)}${next}`;
    const page: Page<T> = await ask<Page<T>>(asked, { signal });
    found.push(...page.data);
    token = page.next_page_token;
  } while (token && found.length < most);
  return found;
}

/** What to tell a person about a failure. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) {
    const items = (error.problem.errors ?? []).map((one) => one.detail);
    return [error.message, ...items.slice(0, 3)].join(" ");
  }
  if (error instanceof TypeError) return "The service does not answer.";
  return error instanceof Error ? error.message : String(error);
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    return (await answer.json()) as Problem;
  } catch {
    const { status, statusText } = answer;
    return { type: "", title: statusText, status, detail: `The service answered ${status}.` };
  }
}
