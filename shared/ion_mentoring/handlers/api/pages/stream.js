// An answer as a stream of events; a connection that gets lost is taken up again where it was.
"use strict";

const TRIES = 3;
const PAUSE_MS = 400;

// Yields the events of a response's body as { name, id, data }; comments are heartbeats and left out.
async function* eventsOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n").filter((line) => !line.startsWith(":")).map((line) => line.split(/: ?(.*)/s));
      const fields = Object.fromEntries(lines.map(([name, text]) => [name, text ?? ""]));
      if (fields.data !== undefined) yield { name: fields.event, id: fields.id ?? "", data: JSON.parse(fields.data) };
    }
  }
}

// Asks, and calls hear(name, data) for routing, delta, and last of all done or error. Throws if the server cannot be reached.
async function streamed(body, language, signal, hear) {
  const headers = { "content-type": "application/json", accept: "text/event-stream", "accept-language": language };
  let missed = 0;
  for (;;) {
    try {
      const response = await fetch("/api/v2/process", { method: "POST", headers, body: JSON.stringify(body), signal });
      if (!(response.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
        return hear(response.ok ? "done" : "error", await response.json());
      }
      for await (const event of eventsOf(response.body)) {
        missed = 0;
        if (event.id) headers["last-event-id"] = event.id;
        hear(event.name, event.data);
        if (event.name === "done" || event.name === "error") return undefined;
      }
    } catch (error) {
      if (signal.aborted) throw error;
    }
    missed += 1;
    if (missed > TRIES) throw new Error("the connection was lost");
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS * 2 ** (missed - 1)); });
  }
}
