/** Batches: hand one in as a file, see how far each is, take its results. */

import { useEffect, useState } from "preact/hooks";
import { call } from "../access/call";
import { text } from "../words/later";

interface Batch {
  id: string;
  name?: string | null;
  state: string;
  total: number;
  counts: Record<string, number>;
}

const ROOT = "/api/v2/batches";
const TYPES: Record<string, string> = { csv: "text/csv", ndjson: "application/x-ndjson", jsonl: "application/x-ndjson", json: "application/json" };
const EVERY_MS = 3_000;

export function Batches() {
  const [batches, show] = useState<Batch[] | null>(null);
  const [told, tell] = useState("");

  async function look(): Promise<void> {
    const response = await call(ROOT).catch(() => null);
    if (response?.ok) show(((await response.json()) as { batches: Batch[] }).batches);
  }
  useEffect(() => {
    void look();
    const timer = setInterval(() => !document.hidden && void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);

  async function hand(file: File): Promise<void> {
    const type = TYPES[file.name.split(".").pop()?.toLowerCase() ?? ""] ?? "application/x-ndjson";
    const named = type === "application/json" ? "" : `?${new URLSearchParams({ name: file.name.slice(0, 60) })}`;
    const response = await call(`${ROOT}${named}`, { method: "POST", headers: { "content-type": type }, body: file });
    const view = (await response.json()) as { error?: { message: string; details?: { errors?: { line: number; field: string; reason: string }[] } } };
    const wrong = view.error?.details?.errors?.slice(0, 5).map((one) => `${one.line}: ${one.field} ${one.reason}`);
    tell(response.ok ? text("operate.taken") : [view.error?.message, ...(wrong ?? [])].join(" · "));
    await look();
  }

  if (!batches) return null;
  return (
    <section class="batches">
      <h2>{text("operate.batches")}</h2>
      <label class="quiet file">
        {text("operate.upload")}
        <input type="file" accept=".csv,.ndjson,.jsonl,.json" onChange={(event) => event.currentTarget.files?.[0] && void hand(event.currentTarget.files[0])} />
      </label>
      <p role="status" class="soft">{told}</p>
      <ul>{batches.map((one) => <Row key={one.id} batch={one} look={look} />)}</ul>
    </section>
  );
}

function Row({ batch, look }: { batch: Batch; look: () => Promise<void> }) {
  const left = batch.counts["pending"] ?? 0;
  const name = batch.name || batch.id;

  async function take(): Promise<void> {
    const response = await call(`${ROOT}/${batch.id}/results`, { headers: { accept: "text/csv" } });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = `${name}.results.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  return (
    <li>
      <strong>{name}</strong> <small>{batch.state}</small>
      <progress max={batch.total} value={batch.total - left} aria-label={name} />
      <small>{`${batch.total - left} / ${batch.total}`}</small>
      <button type="button" class="quiet" onClick={() => void take()}>{text("operate.results")}</button>
      {batch.state === "running" && (
        <button type="button" class="danger" onClick={() => void call(`${ROOT}/${batch.id}`, { method: "DELETE" }).then(look)}>{text("operate.cancel")}</button>
      )}
    </li>
  );
}
