/** One tab at a time. */

/** Runs the work unless another tab does it already; where the browser has no locks (http), the server's keys keep it single. */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as Partial<Navigator>;
  if (!locks) return work();
  await locks.request(`ion.${name}`, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
  });
}
