// Asks for the key, once: the service keeps it in a cookie that scripts cannot read.
import { useState } from "preact/hooks";
import { attempt } from "../state/messages";
import { session } from "../state/session";
import { send } from "../wire/request";

export function Gate() {
  const [key, type] = useState("");
  const enter = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      await send("/session", { body: { key: key.trim() } });
      session.value = "open";
    });
  };
  return (
    <form class="card gate stack" onSubmit={enter}>
      <h1>This service needs a key</h1>
      <label class="field">
        <span>API key</span>
        <input
          type="password"
          autocomplete="current-password"
          required
          value={key}
          onInput={(event) => type(event.currentTarget.value)}
        />
      </label>
      <p class="note">It is kept by this browser in a cookie that no script can read.</p>
      <button type="submit" class="primary">
        Enter
      </button>
    </form>
  );
}
