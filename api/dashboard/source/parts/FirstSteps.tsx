// For the newcomer: bring data, and the service does the rest.
import { DropZone } from "./DropZone";

export function FirstSteps() {
  return (
    <section class="card stack">
      <div>
        <h2>Train your first network</h2>
        <p class="soft">
          Bring a table, images or arrays: the service reads them, suggests a network and trains it.
        </p>
      </div>
      <DropZone />
    </section>
  );
}
