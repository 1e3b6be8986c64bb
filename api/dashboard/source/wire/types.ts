// What the interface answers, as far as the pages use it; /openapi.json is the whole of it.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Page<T> {
  data: T[];
  next_page_token: string | null;
  has_more: boolean;
}

export interface PatchStep {
  op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  path: string;
  from?: string;
  value?: Json;
}

export interface ProblemItem {
  pointer: string;
  code: string;
  detail: string;
  parameter?: string | null;
  did_you_mean?: string[] | null;
  fix?: PatchStep[] | null;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  request_id?: string | null;
  errors?: ProblemItem[];
}

export interface Advice {
  rule: string;
  source: string;
  severity: "error" | "warning" | "hint";
  pointer: string;
  detail: string;
  why: string;
  fix?: PatchStep[] | null;
}

export interface Parameters {
  total: number | null;
  trainable: number | null;
  frozen: number | null;
}

export interface MetricSummary {
  last: number | null;
  best: number | null;
  best_epoch: number | null;
  mode: "min" | "max";
}

export interface Progress {
  epoch: number;
  epochs: number;
  step: number;
  steps_per_epoch: number;
  fraction: number;
  eta_seconds: number | null;
  validated?: number | null;
  logs: Record<string, number | null>;
}

export type JobState = "queued" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled";

export interface JobError {
  code: string;
  blame: string;
  retryable: boolean;
  detail: string;
  pointer: string | null;
  last_good_epoch: number | null;
  errors: ProblemItem[];
}

export interface Repair {
  attempt: number;
  cause: string;
  detail: string;
  micro_batch: number;
  accumulation: number;
}

export interface Job {
  id: string;
  state: JobState;
  display_name: string | null;
  tags: string[];
  dataset: string;
  model: string | null;
  request: JsonObject;
  architecture: string | null;
  parameters: Parameters | null;
  progress: Progress | null;
  metrics: Record<string, MetricSummary>;
  evaluation: { part: string | null; rows: number; metrics: Record<string, number | null> } | null;
  advice: Advice[];
  attempt: number;
  last_event: number;
  repairs: Repair[];
  retry_of: string | null;
  stop_reason: string | null;
  error: JobError | null;
  device: { kind: string; name: string | null; worker: string | null } | null;
  memory: { predicted_bytes: number | null; peak_bytes: number } | null;
  queue_position: number | null;
  waiting: { code: string; detail: string } | null;
  estimated_start: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  updated_at: string;
}

export interface JobEvent {
  seq: number;
  attempt: number;
  type: string;
  at: string;
  data: JsonObject;
}

export interface LogLine {
  at: string;
  attempt: number;
  stream: string;
  text: string;
}

export interface MetricSeries {
  data: Record<string, (number | null)[]>;
  downsampled: boolean;
}

export interface PlanLayer {
  name: string;
  class_name: string;
  input_shape: Json;
  output_shape: Json;
  parameters: { trainable: number | null; frozen: number | null };
}

export interface Plan {
  layers: PlanLayer[];
  parameters: Parameters | null;
  memory: { train_bytes: number; total_bytes: number } | null;
  steps_per_epoch: number | null;
  architecture: string | null;
  request: JsonObject;
  advice: Advice[];
}

export interface Column {
  name: string;
  kind: string;
  dtype: string;
  shape: (number | null)[] | null;
  missing: number;
  distinct: number | null;
  categories: string[] | null;
  minimum: number | null;
  maximum: number | null;
  mean: number | null;
  std: number | null;
}

export interface Dataset {
  id: string;
  state: "reading" | "ready" | "failed";
  name: string | null;
  version: number | null;
  format: string | null;
  bytes: number;
  rows: number | null;
  columns: Column[] | null;
  classes: Record<string, Record<string, number>> | null;
  notes: string[];
  advice?: Advice[];
  error: { code: string; detail: string; errors: ProblemItem[] } | null;
  created_at: string;
  links: Record<string, string>;
}

export interface Sample {
  name: string;
  title: string;
  summary: string;
  rows: number;
  target: string;
  source: string;
  licence: string;
}

export interface Histogram {
  edges: number[];
  counts: number[];
  below: number;
  above: number;
}

export interface Count {
  value: string;
  count: number;
}

export interface ColumnStatistics {
  name: string;
  kind: string;
  count: number;
  missing: number;
  unique: number | null;
  number: {
    minimum: number | null;
    maximum: number | null;
    mean: number | null;
    std: number | null;
    histogram: Histogram | null;
  } | null;
  category: { top: Count[]; other: number } | null;
  text: {
    words: { mean: number; histogram: Histogram } | null;
    characters: { mean: number; histogram: Histogram };
    top_words: Count[] | null;
  } | null;
  date: { minimum: string; maximum: string; histogram: Histogram } | null;
  image: {
    sizes: { height: number; width: number; count: number }[];
    brightness: { mean: number; histogram: Histogram };
  } | null;
  tensor: { shape: number[]; dtype: string; histogram: Histogram | null } | null;
}

export interface Statistics {
  rows: number;
  detail: "full" | "counts";
  columns: ColumnStatistics[];
}

export interface Preview {
  rows: JsonObject[];
  samples: { row: number; label: string | null; values: JsonObject }[];
}

export interface ComparedJob {
  id: string;
  display_name: string | null;
  state: JobState;
  parameters: number | null;
}

export interface Comparison {
  jobs: ComparedJob[];
  metrics: { key: string; best_job: string | null; jobs: Record<string, MetricSummary> }[];
  differences: { pointer: string; values: Record<string, Json> }[];
  curves: Record<string, Record<string, { epoch: number[]; value: (number | null)[] }>>;
}

export interface Model {
  id: string;
  job: string;
  dataset: string;
  display_name: string | null;
  architecture: string | null;
  parameters: Parameters | null;
  stack: JsonObject;
  files: { format: string; bytes: number; digest: string }[];
  created_at: string;
}

export interface Slot {
  kind: string;
  device: string;
  name: string | null;
  busy: boolean;
  job: string | null;
  used_bytes: number | null;
  utilization: number | null;
}

export interface Worker {
  id: string;
  host: string;
  pid: number;
  state: "alive" | "lost" | "stopped";
  started_at: string;
  heartbeat_at: string;
  slots: Slot[];
}

export interface Key {
  id: string;
  name: string;
  project: string;
  scopes: string[];
  limits: Record<string, number | null>;
  secret: string | null;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface CatalogEntry {
  name: string;
  family: string | null;
  doc: string | null;
  arguments: { name: string; required: boolean; default: Json; form: JsonObject | null }[];
  has_weights: boolean;
  forbidden: string | null;
  purpose: string | null;
  use_when: string | null;
  watch_out: string | null;
}

export interface Suggestion {
  request: JsonObject;
  reasons: { pointer: string; because: string }[];
}

export interface Plot {
  name: string;
  title: string;
  svg: string;
  png: string;
}

export interface OutputEvaluation {
  kind: "classes" | "labels" | "numbers";
  target: string;
  rows: number;
  metrics: Record<string, number | null>;
  reason?: string | null;
  classes?:
    | { label: Json; precision: number; recall: number; f1: number; support: number }[]
    | null;
  confusion?: { labels: Json[]; counts: number[][] } | null;
  worst?: JsonObject[];
}

export interface EvaluationReport {
  dataset: string;
  part: string;
  rows: number;
  metrics: Record<string, number | null>;
  baseline: JsonObject | null;
  outputs: Record<string, OutputEvaluation>;
}

export interface Server {
  version: string;
  versions: Record<string, string>;
  authentication: "none" | "keys";
}

export const ENDED: ReadonlySet<JobState> = new Set(["succeeded", "failed", "cancelled"]);

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  filter: string | null;
  description: string;
  state: string;
  disabled_reason: string | null;
  secret: string | null;
  previous_secret_until: string | null;
  last_success_at: string | null;
}

export interface Delivery {
  id: string;
  type: string;
  subject: string;
  state: string;
  tries: number;
  log: { at: string; status: number | null; detail: string | null; milliseconds: number }[];
  next_try_at: string | null;
  created_at: string;
}

export interface Amount {
  used: number;
  limit: number | null;
}

export interface Usage {
  queued_jobs: Amount;
  running_jobs: Amount;
  stored_bytes: Amount;
  gpu_seconds: Amount;
  gpu_days: number;
  open_uploads: Amount;
  webhooks: Amount;
  requests_per_second: number | null;
  requests_burst: number | null;
  key: KeyUsage | null;
}

export interface KeyUsage {
  queued_jobs: Amount;
  running_jobs: Amount;
  stored_bytes: Amount;
  gpu_seconds: Amount;
}

export interface AuditEntry {
  id: string;
  key: string | null;
  action: string;
  subject: string | null;
  request_id: string;
  at: string;
}
