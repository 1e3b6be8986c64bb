// For the newcomer: take a sample or bring data, and the service does the rest.
import { DropZone } from "./DropZone";
import { Samples } from "./Samples";

export function FirstSteps() {
  return (
    <div class="stack">
      <section class="stack" aria-labelledby="first">
        <div>
          <h2 id="first">Train your first network</h2>
          <p class="soft">
            Take a sample: the service reads it, suggests a network and trains it while you watch.
          </p>
        </div>
        <Samples />
      </section>
      <section class="stack" aria-labelledby="own">
        <h2 id="own">Or bring your own data</h2>
        <DropZone />
      </section>
    </div>
  );
}
