// Where in a JSON text the value of each pointer begins, so that findings stand at their lines.
import { below } from "./pointer";

/** The line, counted from 0, of every value of a valid JSON text, by its pointer. */
export function linesOf(text: string): Map<string, number> {
  const found = new Map<string, number>();
  let at = 0;
  let line = 0;

  const skip = () => {
    while (at < text.length && /[\s,:]/.test(text[at]!)) if (text[at++] === "\n") line++;
  };
  const string = (): string => {
    const start = at++;
    while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    return JSON.parse(text.slice(start, ++at));
  };
  const value = (pointer: string): void => {
    skip();
    found.set(pointer, line);
    if (text[at] === "{") members(pointer);
    else if (text[at] === "[") items(pointer);
    else if (text[at] === '"') string();
    else while (at < text.length && !/[\s,\]}]/.test(text[at]!)) at++;
  };
  const members = (pointer: string): void => {
    at++;
    for (skip(); at < text.length && text[at] !== "}"; skip()) value(below(pointer, string()));
    at++;
  };
  const items = (pointer: string): void => {
    at++;
    skip();
    for (let index = 0; at < text.length && text[at] !== "]"; index++) {
      value(below(pointer, index));
      skip();
    }
    at++;
  };
  value("");
  return found;
}

/** The line of a pointer, or of the nearest thing around it that the text has. */
export function lineOf(lines: Map<string, number>, pointer: string): number {
  for (let one = pointer; one !== ""; one = one.slice(0, one.lastIndexOf("/"))) {
    const line = lines.get(one);
    if (line !== undefined) return line;
  }
  return lines.get("") ?? 0;
}
