/** What a person, or the page that embeds the console, has set. */

const embedded = new URLSearchParams(fragment().slice(1));

/** The fragment that the page was opened with; on the way back from signing in, the one that it was left with. */
function fragment(): string {
  try {
    const left = location.pathname === "/signed-in" ? (JSON.parse(sessionStorage.getItem("ion.sign-in") ?? "{}") as { fragment?: string }) : {};
    return left.fragment ?? location.hash;
  } catch {
    return location.hash;
  }
}

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
