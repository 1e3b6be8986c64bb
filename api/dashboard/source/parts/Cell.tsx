// One value of a record: an image as a thumbnail, anything long cut short.
import type { Json } from "../wire/types";
import { number } from "./format";

export function Cell({ value }: { value: Json }) {
  if (value === null) return <span class="soft">–</span>;
  if (typeof value === "string" && value.startsWith("data:image/"))
    return <img class="thumb" src={value} alt="" />;
  if (typeof value === "number") return <>{number(value)}</>;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return <span title={text}>{text.length > 80 ? `${text.slice(0, 80)}…` : text}</span>;
}
