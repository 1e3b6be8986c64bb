// A record to be typed, begun with the first row of the dataset; images are dropped or chosen.
import { useState } from "preact/hooks";
import type { Column, Json, JsonObject } from "../wire/types";

const MOST_FIELDS = 30;

interface Props {
  columns: Column[];
  rows: JsonObject[];
  window: number;
  onSend: (given: JsonObject[] | File) => void;
}

export function RecordForm({ columns, rows, window, onSend }: Props) {
  const names = columns.map((one) => one.name);
  const first = rows
    .slice(0, window)
    .map((row) => Object.fromEntries(names.map((name) => [name, plain(row[name] ?? null)])));
  const asFields = window === 1 && columns.length > 0 && columns.length <= MOST_FIELDS;
  const [record, change] = useState<JsonObject>(first[0] ?? {});
  const [text, type] = useState(JSON.stringify(first, null, 1));
  const [picture, keep] = useState<File | undefined>();
  const send = (event: Event) => {
    event.preventDefault();
    // A record of one image may be the file itself, which need not fit into JSON.
    if (picture && columns.length === 1) onSend(picture);
    else onSend(asFields ? [record] : JSON.parse(text));
  };
  return (
    <form class="stack" onSubmit={send}>
      {asFields ? (
        <div class="grid small">
          {columns.map((column) => (
            <Field
              key={column.name}
              column={column}
              value={record[column.name] ?? null}
              onChange={(value, file) => {
                change({ ...record, [column.name]: value });
                keep(file);
                if (file && columns.length === 1) onSend(file);
              }}
            />
          ))}
        </div>
      ) : (
        <textarea
          class="mono"
          rows={12}
          aria-label="Records, as JSON"
          value={text}
          onInput={(event) => type(event.currentTarget.value)}
        />
      )}
      <div>
        <button type="submit" class="primary">
          Predict
        </button>
      </div>
    </form>
  );
}

// Previews bring images as data URIs; a record wants the bytes alone.
const plain = (value: Json) =>
  typeof value === "string" && value.startsWith("data:image/")
    ? value.slice(value.indexOf(",") + 1)
    : value;

interface FieldProps {
  column: Column;
  value: Json;
  onChange: (value: Json, file?: File) => void;
}

function Field({ column, value, onChange }: FieldProps) {
  const { name, kind, categories } = column;
  if (kind === "image") return <ImageField name={name} value={value} onChange={onChange} />;
  if (categories?.length) {
    return (
      <label class="field">
        <span>{name}</span>
        <select
          value={String(value ?? "")}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {categories.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
    );
  }
  const isNumber = kind === "number" || kind === "integer";
  return (
    <label class="field">
      <span>{name}</span>
      <input
        type="text"
        inputMode={isNumber ? "decimal" : "text"}
        value={typeof value === "object" ? JSON.stringify(value) : String(value)}
        onInput={(event) => onChange(typed(event.currentTarget.value, isNumber, value))}
      />
    </label>
  );
}

function typed(text: string, isNumber: boolean, before: Json): Json {
  if (isNumber) return text === "" ? null : Number(text);
  if (typeof before === "boolean") return text === "true";
  if (typeof before === "object" && before !== null) {
    try {
      return JSON.parse(text);
    } catch {
      return before;
    }
  }
  return text;
}

function ImageField({
  name,
  value,
  onChange,
}: {
  name: string;
  value: Json;
  onChange: (value: Json, file?: File) => void;
}) {
  const take = async (file: File | null | undefined) => {
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => onChange(plain(String(reader.result)), file);
    reader.readAsDataURL(file);
  };
  return (
    <section
      class="drop"
      aria-label={name}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(event.dataTransfer?.files[0]);
      }}
    >
      {typeof value === "string" ? (
        <img class="thumb" src={`data:image/png;base64,${value}`} alt="What will be sent" />
      ) : null}
      <label class="field">
        <span>Drop an image, or choose one</span>
        <input
          type="file"
          accept="image/*"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
    </section>
  );
}
