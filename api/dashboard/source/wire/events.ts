// The types of a job's events. A browser drops what nobody listens to by name, so all are listed.
export const EVENTS = [
  "job.state",
  "job.done",
  "started",
  "encoding",
  "encoded",
  "initialized",
  "embedding-coverage",
  "execution",
  "range-test",
  "epoch",
  "rewound",
  "checkpoint",
  "repair",
  "advice",
  "warning",
];
