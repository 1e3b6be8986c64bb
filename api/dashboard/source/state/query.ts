// What people type into the filter box, as the interface's filter.

const LANGUAGE = /[=<>:()"']/;
const FIELDS = ["display_name", "tags", "architecture", "id"];

/** Plain words are looked for in names, tags, architectures and ids; anything else is a filter. */
export function filterOf(text: string): string {
  const typed = text.trim();
  if (typed === "" || LANGUAGE.test(typed)) return typed;
  return typed
    .split(/\s+/)
    .map((word) => {
      const quoted = `"${word.replaceAll("\\", "\\\\")}"`;
      return `(${FIELDS.map((field) => `${field}:${quoted}`).join(" OR ")})`;
    })
    .join(" AND ");
}
