/** Copies a text, and shows for a moment that it did. */

import { useState } from "preact/hooks";
import { Icon } from "../frame/Icon";
import { text } from "../words";
import { copy } from "./copy";

const SHOWN_MS = 2_000;

export function CopyButton({ what }: { what: string }) {
  const [copied, setCopied] = useState(false);

  async function act(): Promise<void> {
    await copy(what);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  }

  return (
    <button type="button" onClick={() => void act()} aria-label={text("do.copy")} title={text("do.copy")}><Icon name={copied ? "done" : "copy"} /></button>
  );
}
