/** IndexedDB in promises: as much of it as is used here. */

/** What a request comes to. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Opens a database, and makes it where there is none; `lost` hears that the browser closed it. */
export async function opened(name: string, make: (database: IDBDatabase) => void, lost: () => void): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => make(opening.result);
  const database = await result(opening);
  database.onclose = lost;
  return database;
}

/** Runs the work in one transaction over these stores, and returns what it comes to once all of that is written. */
export async function within<T>(database: IDBDatabase, stores: string[], mode: IDBTransactionMode, work: (store: (name: string) => IDBObjectStore) => T | Promise<T>): Promise<T> {
  const transaction = database.transaction(stores, mode);
  const whole = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  const [done] = await Promise.all([work((name) => transaction.objectStore(name)), whole]);
  return done;
}
