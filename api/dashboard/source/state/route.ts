// Where the reader is: the part of the address after #, with its parameters.
import { signal } from "@preact/signals";

export interface Route {
  path: string[];
  query: URLSearchParams;
}

function read(): Route {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean), query: new URLSearchParams(query) };
}

export const route = signal<Route>(read());

window.addEventListener("hashchange", () => {
  route.value = read();
});

/** Go to a page, such as `/jobs/job_…`. */
export function go(path: string): void {
  location.hash = path;
}

/** Change one parameter of the address in place; null and "" remove it. */
export function choose(name: string, value: string | null): void {
  const { path, query } = route.value;
  const changed = new URLSearchParams(query);
  if (value) changed.set(name, value);
  else changed.delete(name);
  const tail = changed.size ? `?${changed}` : "";
  history.replaceState(null, "", `#/${path.join("/")}${tail}`);
  route.value = read();
}
