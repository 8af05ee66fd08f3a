/** The figures of this instance, asked for every other second while somebody looks. */

import { signal } from "@preact/signals";
import { call } from "../access/call";

export interface Status {
  version: string;
  region: string;
  model: string;
  uptime_s: number;
  cache: { hit_rate: number | null; latency_ms: Record<string, { p95: number | null }>; l1: { entries: number; bytes: number } };
  cost?: { month: string; total: Cost; by_persona: Record<string, Cost>; by_model: Record<string, Cost> };
}

export interface Cost {
  answers: number;
  input_tokens: number;
  output_tokens: number;
  nano_usd: number;
}

export interface Health {
  status: string;
  dependencies: { cache: string; store: string; personas: Record<string, { breaker: string }>; models: Record<string, { breaker: string }> };
}

/** One line of a plot: its newest values. */
export interface Series {
  name: string;
  unit: string;
  values: number[];
}

const HEALTH = "/api/v2/health";
const EVERY_MS = 2_000;
const KEPT = 60;

export const status = signal<Status | null>(null);
export const health = signal<Health | null>(null);
export const refused = signal(false);
export const series = signal<Series[]>([]);

async function got<T>(path: string): Promise<T | null> {
  try {
    const response = await call(path);
    if (response.status === 401 || response.status === 403) refused.value = true;
    return response.ok || path === HEALTH ? ((await response.json()) as T) : null; // who is not well says so with a 503
  } catch {
    return null;
  }
}

function noted(name: string, unit: string, value: number): Series {
  const before = series.value.find((one) => one.name === name)?.values ?? [];
  return { name, unit, values: [...before, value].slice(-KEPT) };
}

async function look(): Promise<void> {
  const before = status.value?.cost?.total.answers;
  const [now, well] = await Promise.all([got<Status>("/api/v2/status"), got<Health>(HEALTH)]);
  health.value = well;
  if (!now) return;
  if (!now.cost) refused.value = true;
  const answers = now.cost?.total.answers ?? 0;
  series.value = [
    noted("operate.hits", "%", (now.cache.hit_rate ?? 0) * 100),
    noted("operate.answers", "", before === undefined ? 0 : Math.max(0, answers - before) * (60_000 / EVERY_MS)),
    noted("operate.miss", "ms", now.cache.latency_ms["miss"]?.p95 ?? 0),
    noted("operate.usd", "$", (now.cost?.total.nano_usd ?? 0) / 1e9),
  ];
  status.value = now;
}

/** Looks until it is told to stop. */
export function watch(): () => void {
  void look();
  const timer = setInterval(() => !document.hidden && void look(), EVERY_MS);
  return () => clearInterval(timer);
}
