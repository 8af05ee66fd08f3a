/** Text as it is spoken: without marks and emoji, a sentence at a time. */

const LONGEST = 180; // characters: an engine that falls silent after 14 s shall not reach them

/** The sentences of a text. */
export function sentencesOf(text: string, language: string): string[] {
  const plain = text
    .replaceAll(/```[\s\S]*?(```|$)/g, "\n")
    .replaceAll(/^\s*(?:#{1,6}|>|[-*•]|\d{1,3}[.)])\s+/gm, "")
    .replaceAll(/[*`_]/g, "")
    .replaceAll(/https:\/\/\S+/g, "")
    .replaceAll(/\p{Extended_Pictographic}[\u{FE0F}\u{200D}\p{Extended_Pictographic}]*/gu, "");
  return plain
    .split(/\n+/)
    .flatMap((line) => [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(line)].map((one) => one.segment.trim()))
    .flatMap(short)
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** A long sentence in parts, cut at commas and spaces. */
function short(sentence: string): string[] {
  if (sentence.length <= LONGEST) return [sentence];
  const at = Math.max(sentence.lastIndexOf(",", LONGEST), sentence.lastIndexOf(" ", LONGEST)) + 1 || LONGEST;
  return [sentence.slice(0, at).trim(), ...short(sentence.slice(at).trim())];
}
