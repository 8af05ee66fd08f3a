/** What was missing in an answer, to choose from with a tap. */

import { text } from "../words/later";
import { reveal } from "./scroll";

const REASONS = ["cold", "vague", "wrong", "off", "long"] as const;
const shown = (node: Element | null) => reveal(node);

export function Reasons({ choose }: { choose: (reason: string) => void }) {
  return (
    <div class="reasons" ref={shown}>
      <p class="soft">{text("rate.reason")}</p>
      {REASONS.map((reason) => (
        <button type="button" key={reason} onClick={() => choose(reason)}>{text(`rate.${reason}`)}</button>
      ))}
    </div>
  );
}
