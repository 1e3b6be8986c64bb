// What was told to the reader, read out as it comes.
import { dismiss, messages } from "../state/messages";

export function Messages() {
  return (
    <div class="messages" role="status" aria-live="polite">
      {messages.value.map(({ id, text, bad }) => (
        <div key={id} class={`message ${bad ? "bad" : ""}`}>
          <span>{text}</span>
          <button
            type="button"
            class="plain small"
            aria-label="Dismiss"
            onClick={() => dismiss(id)}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
