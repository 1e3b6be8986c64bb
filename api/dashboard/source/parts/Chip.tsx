// A state in a colour, a word and a sign, so that no colour has to be told apart.
const KINDS: Record<string, [string, string]> = {
  queued: ["", "M2 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0M6 4v2l1.500 1"],
  reading: ["mark pulse", "M6 2a4 4 0 1 0 4 4"],
  running: ["mark pulse", "M3 2l7 4l-7 4z"],
  cancelling: ["warn pulse", "M3 3h6v6h-6z"],
  succeeded: ["good", "M2 6.500l2.500 2.500l5.500-6"],
  ready: ["good", "M2 6.500l2.500 2.500l5.500-6"],
  enabled: ["good", "M2 6.500l2.500 2.500l5.500-6"],
  delivered: ["good", "M2 6.500l2.500 2.500l5.500-6"],
  pending: ["mark pulse", "M6 2a4 4 0 1 0 4 4"],
  disabled: ["warn", "M2 6h8"],
  alive: ["good", "M2 6.500l2.500 2.500l5.500-6"],
  live: ["good pulse", "M2 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0"],
  reconnecting: ["warn pulse", "M6 2a4 4 0 1 0 4 4"],
  failed: ["bad", "M2.500 2.500l7 7M9.500 2.500l-7 7"],
  lost: ["bad", "M2.500 2.500l7 7M9.500 2.500l-7 7"],
  cancelled: ["", "M2 6h8"],
};

export function Chip({ state }: { state: string }) {
  const [look, sign] = KINDS[state] ?? ["", "M2 6h8"];
  return (
    <span class={`chip ${look}`} data-state={state}>
      <svg
        viewBox="0 0 12 12"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
      >
        <path d={sign} />
      </svg>
      {state}
    </span>
  );
}
