// The frame: navigation, the page that the address names, messages, and the gate when keys are needed.

import { useEffect, useRef } from "preact/hooks";
import { AuditPage } from "./pages/AuditPage";
import { ComparePage } from "./pages/ComparePage";
import { DatasetPage } from "./pages/DatasetPage";
import { DatasetsPage } from "./pages/DatasetsPage";
import { Gate } from "./pages/Gate";
import { JobPage } from "./pages/JobPage";
import { JobsPage } from "./pages/JobsPage";
import { KeysPage } from "./pages/KeysPage";
import { ModelPage } from "./pages/ModelPage";
import { ModelsPage } from "./pages/ModelsPage";
import { NewJobPage } from "./pages/NewJobPage";
import { UsagePage } from "./pages/UsagePage";
import { WebhookPage } from "./pages/WebhookPage";
import { WebhooksPage } from "./pages/WebhooksPage";
import { WorkersPage } from "./pages/WorkersPage";
import { Mark } from "./parts/Mark";
import { Messages } from "./parts/Messages";
import { Pending } from "./parts/Pending";
import { route } from "./state/route";
import { session } from "./state/session";
import { switchTheme, theme } from "./state/theme";

const PAGES: [string, string][] = [
  ["jobs", "Jobs"],
  ["new", "New job"],
  ["datasets", "Datasets"],
  ["models", "Models"],
  ["workers", "Workers"],
  ["webhooks", "Webhooks"],
  ["usage", "Usage"],
  ["keys", "Keys"],
  ["audit", "Audit log"],
];

function Current() {
  const [page = "jobs", id] = route.value.path;
  if (page === "jobs") return id ? <JobPage key={id} id={id} /> : <JobsPage />;
  if (page === "compare") return <ComparePage />;
  if (page === "new") return <NewJobPage />;
  if (page === "datasets") return id ? <DatasetPage key={id} id={id} /> : <DatasetsPage />;
  if (page === "models") return id ? <ModelPage key={id} id={id} /> : <ModelsPage />;
  if (page === "workers") return <WorkersPage />;
  if (page === "webhooks") return id ? <WebhookPage key={id} id={id} /> : <WebhooksPage />;
  if (page === "usage") return <UsagePage />;
  if (page === "keys") return <KeysPage />;
  if (page === "audit") return <AuditPage />;
  return <Pending title="Nowhere" text="There is no such page." />;
}

export function App() {
  const main = useRef<HTMLElement>(null);
  const [page = "jobs", id] = route.value.path;
  const title = PAGES.find(([name]) => name === page)?.[1] ?? "Compare";
  useEffect(() => {
    document.title = `${title} · Lamina`;
    window.scrollTo(0, 0);
    const link = document.querySelector<HTMLElement>('nav [aria-current="page"]');
    const bar = link?.closest("nav");
    if (link && bar) bar.scrollTo({ left: link.offsetLeft - bar.offsetLeft - 80 });
  }, [page, id]);
  const shut = session.value === "closed";
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="#/jobs">
            <Mark /> Lamina
          </a>
          <span class="spring" />
          <nav aria-label="Pages">
            <ul>
              {PAGES.map(([name, label]) => (
                <li key={name}>
                  <a href={`#/${name}`} aria-current={name === page ? "page" : undefined}>
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <button type="button" class="plain small" onClick={switchTheme}>
            {theme.value === "dark" ? "Light" : "Dark"}
          </button>
        </div>
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        {shut ? <Gate /> : <Current />}
      </main>
      <footer class="foot">
        <a href="/cheatsheet">Cheat sheet of layers</a>
        <a href="/docs">The interface</a>
      </footer>
      <Messages />
    </>
  );
}
