/** The mentors' faces: an own small drawing each. */

import type { ComponentChildren } from "preact";
import { personaOf } from "../store/state";

const EYES = <path d="M17 25.5v1.5M31 25.5v1.5" class="stroke" />;

const FACES: Record<string, ComponentChildren> = {
  lua: (
    <>
      <path class="hair" d="M8 30C6 14 15 6 24 6s18 8 16 24c-1-7-5-11-9-12-6 3-13 3-17 1-3 2-5 6-6 11Z" />
      <path class="stroke" d="M15 26c1-1.6 3-1.6 4 0M29 26c1-1.6 3-1.6 4 0M19.5 32.5c2.6 2.6 6.4 2.6 9 0" />
      <path class="mark" d="M34.500 9.500a5 5 0 1 0 3.500 8 4 4 0 0 1-3.500-8Z" />
    </>
  ),
  elro: (
    <>
      <path class="hair" d="M9 24c0-11 6-17 15-17s15 6 15 17l-3-6-23-2-4 8Z" />
      <path class="stroke" d="M12.500 22.500h9v7h-9zM26.500 22.500h9v7h-9zM21.500 25h5M20.500 34h7" />
      {EYES}
    </>
  ),
  riri: (
    <>
      <path class="hair" d="M7 36V22C7 12 14 6 24 6s17 6 17 16v14h-5V24c-4-1-8-4-10-8-3 4-8 7-14 8v12H7Z" />
      {EYES}
      <path class="stroke" d="M20 33c2.500 1.500 5.500 1.500 8 0" />
      <path class="mark" d="M35 13h2.500v6H35zM38.500 10H41v9h-2.500zM31.500 15H34v4h-2.500z" />
    </>
  ),
  nana: (
    <>
      <circle class="hair" cx="24" cy="8" r="5.500" />
      <path class="hair" d="M9 26c-1-10 6-16 15-16s16 6 15 16c-3-6-8-9-15-9s-12 3-15 9Z" />
      {EYES}
      <path class="stroke" d="M18.500 31.500c1 4 10 4 11 0Z" />
      <path class="stroke" d="M13 30h1.500M33.500 30H35" />
    </>
  ),
};

/** The face of a mentor by id or name; the emoji of a card that has no drawing. */
export function Face({ of }: { of: string | undefined }) {
  const persona = personaOf(of);
  const id = persona?.id ?? of?.toLowerCase() ?? "";
  const drawn = FACES[id];
  return (
    <span class={`face mentor-${id}`} aria-hidden="true">
      {drawn ? (
        <svg viewBox="0 0 48 48" focusable="false">
          <path class="body" d="M8 48c1-7 7-10 16-10s15 3 16 10Z" />
          <ellipse class="skin" cx="24" cy="26" rx="13.500" ry="14.500" />
          {drawn}
        </svg>
      ) : (
        <span>{persona?.emoji ?? "…"}</span>
      )}
    </span>
  );
}
