/** Korean particles, which follow the sound before them. */

const FIRST = 0xac00; // 가; each 28th syllable from there ends in a vowel
const LAST = 28;

/** The text with one particle where both stand: 루아이(가) becomes 루아가. After what is no Hangul both stay. */
export function joined(said: string): string {
  return said.replaceAll(/([가-힣])(이|을)\((가|를)\)/g, (_, last: string, closed: string, open: string) => last + ((last.charCodeAt(0) - FIRST) % LAST ? closed : open));
}
