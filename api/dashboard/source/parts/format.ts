// Numbers, sizes and times as people read them.

/** Four significant digits, or fewer; words for what is no number. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return value.toLocaleString("en");
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2);
  return Number(value.toPrecision(4)).toLocaleString("en", { maximumFractionDigits: 6 });
}

/** Counts in full up to a million, then 1.2 M. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value < 1e6) return value.toLocaleString("en");
  const units = ["M", "G", "T", "P"];
  const power = Math.min(Math.floor(Math.log10(value) / 3), 5);
  return `${(value / 10 ** (power * 3)).toPrecision(3)} ${units[power - 2]}`;
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value < 1024) return `${value} B`;
  const power = Math.min(Math.floor(Math.log2(value) / 10), 5);
  return `${(value / 1024 ** power).toPrecision(3)} ${["B", "KiB", "MiB", "GiB", "TiB", "PiB"][power]}`;
}

/** 3 s, 2 min 5 s, 1 h 20 min. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 10) return `${Math.max(seconds, 0).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 2880
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${Math.round(minutes / 1440)} days`;
}

export function between(from: string | null, to: string | null): number | null {
  if (from === null) return null;
  return ((to === null ? Date.now() : Date.parse(to)) - Date.parse(from)) / 1000;
}

/** Just now, 5 min ago, or the day. */
export function ago(moment: string | null): string {
  if (moment === null) return "–";
  const seconds = (Date.now() - Date.parse(moment)) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return new Date(moment).toLocaleDateString(undefined, { dateStyle: "medium" });
}

/** How long until then: in about 5 min 3 s, or at once. */
export function until(moment: string): string {
  const seconds = (Date.parse(moment) - Date.now()) / 1000;
  return seconds < 1 ? "at once" : `in about ${duration(seconds)}`;
}

export function moment(text: string | null): string {
  if (text === null) return "–";
  return new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** A shape with the batch axis as a dot: (·, 28, 28, 1). */
export function shape(value: unknown): string {
  if (!Array.isArray(value)) return "?";
  if (value.some(Array.isArray)) return value.map(shape).join(" ");
  return `(${value.map((size, axis) => (size === null ? (axis === 0 ? "·" : "?") : size)).join(", ")})`;
}
