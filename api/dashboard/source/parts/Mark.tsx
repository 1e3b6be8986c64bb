// The sign of the house: three layers.
export function Mark() {
  return (
    <svg
      viewBox="0 0 32 32"
      aria-hidden="true"
      fill="none"
      stroke="var(--mark)"
      stroke-width="2.6"
      stroke-linejoin="round"
    >
      <path d="M16 5 28 11 16 17 4 11Z" />
      <path d="M4 16 16 22 28 16" opacity=".75" />
      <path d="M4 21 16 27 28 21" opacity=".5" />
    </svg>
  );
}
