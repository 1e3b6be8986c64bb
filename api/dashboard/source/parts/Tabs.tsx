// Tabs by the pattern of WAI-ARIA: arrows move, the chosen one stands in the address.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { choose, route } from "../state/route";

interface Props {
  label: string;
  names: string[];
  children: (chosen: string) => ComponentChildren;
}

export function Tabs({ label, names, children }: Props) {
  const asked = route.value.query.get("tab") ?? "";
  const chosen = names.includes(asked) ? asked : names[0]!;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a narrow screen the list is wider than its place.
    const tab = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (tab) list.current?.scrollTo({ left: tab.offsetLeft - 80 });
  }, [chosen]);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = names[(names.indexOf(chosen) + step + names.length) % names.length]!;
    choose("tab", next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="stack">
      <div ref={list} class="tabs" role="tablist" aria-label={label}>
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === chosen}
            aria-controls="panel"
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => choose("tab", name)}
            onKeyDown={move}
          >
            {name}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${chosen}`} tabIndex={-1}>
        {children(chosen)}
      </div>
    </div>
  );
}
