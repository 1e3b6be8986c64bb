// Light or dark: the system's, or what the reader chose.
import { effect, signal } from "@preact/signals";

type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const own = localStorage.getItem("theme");

export const theme = signal<Theme>(
  own === "light" || own === "dark" ? own : system.matches ? "dark" : "light",
);

system.addEventListener("change", (event) => {
  if (localStorage.getItem("theme") === null) theme.value = event.matches ? "dark" : "light";
});

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

/** The other one, from now on. */
export function switchTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem("theme", theme.value);
}

/** The colour behind a custom property, for canvases. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
