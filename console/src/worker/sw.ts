/// <reference lib="webworker" />
/** The worker: the console without a network. */
declare const LIST: Record<string, string>;
declare const self: ServiceWorkerGlobalScope;
void LIST;
void self;
export {};
