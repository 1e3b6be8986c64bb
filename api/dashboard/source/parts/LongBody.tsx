// The rows of a long table of which only those near the screen exist; gaps stand for the others.
import type { ComponentChild } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Heights, reach, type Stretch } from "../state/stretch";

interface Props<T> {
  items: T[];
  keyOf: (item: T) => string;
  columns: number;
  /** Draws a `tr` that bears `aria-rowindex={position}`, by which it is known again. */
  children: (item: T, position: number) => ComponentChild;
}

// The line of headings is the first row.
const HEADINGS = 1;
const AT_FIRST: Stretch = [0, 24];

/** How many rows the table has, for its `aria-rowcount`. */
export const rowCount = (items: unknown[]) => items.length + HEADINGS;

export function LongBody<T>({ items, keyOf, columns, children }: Props<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const keys = useMemo(() => items.map(keyOf), [items]);
  const known = useRef(keys);
  known.current = keys;
  const [heights] = useState(() => new Heights());
  const [stretch, show] = useState(AT_FIRST);
  const [held, hold] = useState<string | null>(null);
  const look = () => {
    const place = body.current!.getBoundingClientRect();
    if (place.width) {
      heights.fit(innerWidth);
      for (const row of body.current!.rows) {
        const key = known.current[positionOf(row)];
        if (key !== undefined) heights.keep(key, row.getBoundingClientRect().height);
      }
      show((now) => heights.visible(known.current, -place.top, innerHeight, now));
    }
  };
  useLayoutEffect(look);
  useEffect(() => onMove(look), []);
  const shown = reach(stretch, held === null ? -1 : keys.indexOf(held), keys.length);
  const rows: ComponentChild[] = [];
  let end = 0;
  for (const index of [...shown, keys.length]) {
    if (index > end) rows.push(gap(end, heights.between(keys, end, index), columns));
    if (index < keys.length) rows.push(children(items[index]!, index + HEADINGS + 1));
    end = index + 1;
  }
  return (
    <tbody
      ref={body}
      onFocusIn={({ target }) => {
        const row = (target as Element).closest("tr");
        hold((row && known.current[positionOf(row)]) ?? null);
      }}
      onFocusOut={({ relatedTarget }) => {
        if (!body.current?.contains(relatedTarget as Node | null)) hold(null);
      }}
    >
      {rows}
    </tbody>
  );
}

function positionOf(row: Element): number {
  return Number(row.getAttribute("aria-rowindex") ?? 0) - HEADINGS - 1;
}

function gap(from: number, height: number, columns: number) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of a table takes no focus
    <tr key={`gap ${from}`} class="gap" aria-hidden="true">
      <td colSpan={columns} style={{ height: `${height}px` }} />
    </tr>
  );
}

/** Calls once a frame while anything is scrolled or the window changes; returns how to end it. */
function onMove(call: () => void): () => void {
  let frame = 0;
  const wish = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      call();
    });
  };
  const options = { capture: true, passive: true };
  document.addEventListener("scroll", wish, options);
  window.addEventListener("resize", wish);
  return () => {
    cancelAnimationFrame(frame);
    document.removeEventListener("scroll", wish, options);
    window.removeEventListener("resize", wish);
  };
}
