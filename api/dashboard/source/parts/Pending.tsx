// A page that has nothing to show yet, or never: its title, and why.

export function Pending({ title, text }: { title: string; text: string | null }) {
  return (
    <div class="stack">
      <h1>{title}</h1>
      <p class="empty" role="status">
        {text ?? "Loading…"}
      </p>
    </div>
  );
}
