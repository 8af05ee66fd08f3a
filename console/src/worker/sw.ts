/// <reference lib="webworker" />
/** The worker: it keeps the console's own files, each verified, and answers with them where there is no network. Nothing else passes through it. */
export {};
declare const self: ServiceWorkerGlobalScope;
/** The console's files and their SHA-256, put in by the build. */
declare const LIST: Record<string, string>;

const NAME = "ion.";
const VERSION = `${NAME}${Object.values(LIST).join("").slice(0, 12)}${Object.keys(LIST).length}`;
const PATIENCE_MS = 2_000;

async function digest(bytes: ArrayBuffer): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Gets a file as the list has it; an error where another release answers, so that the old console stays whole. */
async function verified(name: string, sum: string): Promise<Response> {
  const shell = /^index\.(\w+)\.html$/.exec(name);
  const headers: HeadersInit = shell ? { "accept-language": shell[1] ?? "en" } : {};
  const response = await fetch(shell ? "/" : `/${name}`, { headers, cache: shell ? "no-cache" : "default" });
  const bytes = await response.clone().arrayBuffer();
  if (!response.ok || (await digest(bytes)) !== sum) throw new Error(`another release answers for ${name}`);
  return response;
}

async function install(): Promise<void> {
  const cache = await caches.open(VERSION);
  const got = await Promise.all(Object.entries(LIST).map(async ([name, sum]) => [name, await verified(name, sum)] as const));
  await Promise.all(got.map(([name, response]) => cache.put(`/${name}`, response)));
}

/** Lets go of what earlier workers kept: nobody uses it once this one is active, since it never takes over by itself. */
async function tidy(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(NAME) && name !== VERSION).map((name) => caches.delete(name)));
}

/** The page: from the server within two seconds, else as it was kept. */
async function page(request: Request): Promise<Response> {
  const kept = () => {
    const language = (self.navigator.language ?? "en").startsWith("ko") ? "ko" : "en";
    return caches.match(`/index.${language}.html`, { cacheName: VERSION });
  };
  const late = new Promise<Response | undefined>((resolve) => setTimeout(() => void kept().then(resolve), PATIENCE_MS));
  try {
    const first = await Promise.race([fetch(request), late]);
    if (first && first.status < 500) return first;
  } catch {
    // no network: what was kept answers
  }
  return (await kept()) ?? Response.error();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && pathname === "/") event.respondWith(page(event.request));
  else if (pathname.slice(1) in LIST) event.respondWith(caches.match(event.request, { cacheName: VERSION }).then((found) => found ?? fetch(event.request)));
});
