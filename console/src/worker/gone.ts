/// <reference lib="webworker" />
/** What stands at /sw.js where the worker is to go: it forgets everything it kept, and unregisters itself. */
export {};
declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      await Promise.all((await caches.keys()).filter((name) => name.startsWith("ion.")).map((name) => caches.delete(name)));
      await self.registration.unregister();
    })(),
  ),
);
