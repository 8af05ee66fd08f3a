/** The browser around a question. */

import { call } from "../access/call";
import type { World } from "../api/process";
import { online } from "../store/state";

export const world: World = {
  fetch: call,
  now: () => Date.now(),
  online: () => online.value,
  pause: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
    }),
  looked: (signal) =>
    new Promise((resolve, reject) => {
      if (!document.hidden) return resolve();
      const seen = () => !document.hidden && (document.removeEventListener("visibilitychange", seen), resolve());
      document.addEventListener("visibilitychange", seen);
      signal.addEventListener("abort", () => (document.removeEventListener("visibilitychange", seen), reject(signal.reason)), { once: true });
    }),
};
