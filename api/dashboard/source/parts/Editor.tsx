// A plain text area over numbered lines, which are coloured where something was found.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { lineOf, linesOf } from "../wire/position";
import type { Finding } from "./Findings";

interface Props {
  text: string;
  findings: Finding[];
  place: string | null;
  onChange: (text: string) => void;
}

export function Editor({ text, findings, place, onChange }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const back = useRef<HTMLPreElement>(null);
  const lines = useMemo(() => readable(text), [text]);
  const marks = useMemo(() => {
    const found = new Map<number, string>();
    for (const one of findings)
      if (one.pointer) found.set(lineOf(lines, one.pointer), one.severity);
    return found;
  }, [lines, findings]);
  useEffect(() => {
    if (place === null || !area.current) return;
    const line = lineOf(lines, place);
    const start = text.split("\n").slice(0, line).join("\n").length + (line ? 1 : 0);
    area.current.focus();
    area.current.setSelectionRange(start, start);
    area.current.scrollTop = Math.max(0, line - 5) * 20;
  }, [place]);
  const follow = () => {
    back.current!.scrollTop = area.current!.scrollTop;
    back.current!.scrollLeft = area.current!.scrollLeft;
  };
  return (
    <div class="editor">
      <pre ref={back} class="lines" aria-hidden="true">
        {text.split("\n").map((line, index) => (
          <span key={String(index)} class={marks.get(index) ?? ""} data-line={index + 1}>
            {line}
          </span>
        ))}
      </pre>
      <textarea
        ref={area}
        aria-label="Body of the job, as JSON"
        spellcheck={false}
        autocomplete="off"
        value={text}
        onScroll={follow}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

function readable(text: string): Map<string, number> {
  try {
    JSON.parse(text);
    return linesOf(text);
  } catch {
    return new Map([["", 0]]);
  }
}
