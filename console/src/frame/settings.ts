/** What a person, or the page that embeds the console, has set. */

const embedded = new URLSearchParams(location.hash.slice(1));

/** The value of a setting out of those that there are: by the address first, then as it was chosen here before. */
export function setting<T extends string>(name: string, values: readonly T[]): T | null {
  const chosen = embedded.get(name) ?? remembered(name);
  return values.find((value) => value === chosen) ?? null;
}

/** A value of the address's fragment, which is sent to no server. */
export function fromAddress(name: string): string {
  return embedded.get(name) ?? "";
}

/** A value that was chosen here before. */
export function remembered(name: string): string {
  try {
    return localStorage.getItem(`ion.${name}`) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

/** Remembers a choice, where the browser lets us. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`ion.${name}`, value);
  } catch {
    return;
  }
}
