/** Registers the worker once nothing else waits, and tells of a new version without taking anything away. */

import { signal } from "@preact/signals";

/** A worker of a new version that waits; null where there is none. */
export const waiting = signal<ServiceWorker | null>(null);

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The worker's address, the one string that may become a script's. */
function address(): string {
  const policies = (window as unknown as { trustedTypes?: Policies }).trustedTypes;
  const shell = policies?.createPolicy("shell", {
    createScriptURL(url) {
      if (url !== "/sw.js") throw new TypeError("the one script of this page is its worker");
      return url;
    },
  });
  return shell ? shell.createScriptURL("/sw.js") : "/sw.js";
}

export async function register(): Promise<void> {
  if (!(navigator as Partial<Navigator>).serviceWorker) return;
  try {
    const registration = await navigator.serviceWorker.register(address(), { updateViaCache: "none" });
    const look = () => {
      waiting.value = registration.waiting && navigator.serviceWorker.controller ? registration.waiting : null;
    };
    look();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  } catch {
    return; // a worker that is forbidden, or that another release answers for: the page works without
  }
}

/** Changes to the new version; drafts are kept by then. */
export function takeOver(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.value?.postMessage("take over");
}
