/** Lengths and cuts as people count, not as UTF-16 does. */

export const LONGEST = 4_000; // code points of a question, as the server counts them

/** The number of code points of a text as it is sent. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text.normalize("NFC").trim()) count += 1;
  return count;
}

/** The beginning of a text, whole letters of any script, in one line. */
export function titleOf(text: string, letters = 48): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  let cut = "";
  let count = 0;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(line)) {
    if (++count > letters) break;
    cut += segment;
  }
  return cut.length < line.length ? `${cut.trimEnd()}…` : cut;
}

/** True if the words of a search stand in a text, whatever form their syllables have. */
export function finds(search: string, text: string): boolean {
  const plain = (value: string) => value.normalize("NFC").toLocaleLowerCase();
  const within = plain(text);
  return plain(search).split(/\s+/).every((word) => within.includes(word));
}
