/** The browser's copy of the conversations, in IndexedDB; in memory alone where the browser keeps nothing. */

import { opened, result, within } from "./indexed";
import { type Conversation, merged } from "./model";

const [TALKS, DRAFTS] = ["conversations", "drafts"] as const;
const BOTH = [TALKS, DRAFTS];
type Store = (name: string) => IDBObjectStore;

export type Kept = "kept" | "full" | "forbidden";

/** Reads and writes conversations and drafts. Nothing here throws: `told` hears how it went. */
export class Keeper {
  private database: IDBDatabase | null = null;
  private opening: Promise<void> | null = null;
  private readonly memory = { conversations: new Map<string, Conversation>(), drafts: new Map<string, string>() };

  /** `whose` is asked for when it is opened: each person's is one of its own. */
  constructor(
    private readonly told: (kept: Kept) => void,
    private readonly whose: () => string = () => "",
  ) {}

  /** Opens the database, once. */
  open(): Promise<void> {
    this.opening ??= this.opened();
    return this.opening;
  }

  private async opened(): Promise<void> {
    try {
      const make = (database: IDBDatabase) => {
        database.createObjectStore(TALKS, { keyPath: "id" });
        database.createObjectStore(DRAFTS);
      };
      this.database = await opened(["ion-mentoring", this.whose()].filter(Boolean).join("."), make, () => this.told("forbidden"));
    } catch {
      this.told("forbidden");
    }
  }

  async all(): Promise<Conversation[]> {
    const kept = await this.read<Conversation[]>(TALKS, (store) => store.getAll(), []);
    return [...kept, ...[...this.memory.conversations.values()].filter((one) => !kept.some((other) => other.id === one.id))];
  }

  async one(id: string): Promise<Conversation | undefined> {
    return (await this.read<Conversation | undefined>(TALKS, (store) => store.get(id), undefined)) ?? this.memory.conversations.get(id);
  }

  async draft(id: string): Promise<string> {
    return (await this.read<string | undefined>(DRAFTS, (store) => store.get(id), undefined)) ?? this.memory.drafts.get(id) ?? "";
  }

  /** Writes a conversation beside what another tab has written of it, and returns both together. */
  async write(conversation: Conversation): Promise<Conversation> {
    this.memory.conversations.set(conversation.id, conversation);
    return this.change(async (store) => {
      const whole = merged(conversation, (await result(store(TALKS).get(conversation.id))) as Conversation | undefined);
      store(TALKS).put(whole);
      return whole;
    }, conversation);
  }

  /** Writes a question down and takes away its draft, both or neither. */
  async writeSent(conversation: Conversation, draft: string): Promise<Conversation> {
    this.memory.conversations.set(conversation.id, conversation);
    this.memory.drafts.delete(draft);
    return this.change(async (store) => {
      const whole = merged(conversation, (await result(store(TALKS).get(conversation.id))) as Conversation | undefined);
      store(TALKS).put(whole);
      store(DRAFTS).delete(draft);
      return whole;
    }, conversation);
  }

  async writeDraft(id: string, text: string): Promise<void> {
    this.memory.drafts.set(id, text);
    await this.change((store) => void (text ? store(DRAFTS).put(text, id) : store(DRAFTS).delete(id)), undefined);
  }

  async remove(id: string): Promise<void> {
    this.memory.conversations.delete(id);
    this.memory.drafts.delete(id);
    await this.change((store) => BOTH.forEach((name) => store(name).delete(id)), undefined);
  }

  async removeAll(): Promise<void> {
    this.memory.conversations.clear();
    this.memory.drafts.clear();
    await this.change((store) => BOTH.forEach((name) => store(name).clear()), undefined);
  }

  /** Lets go of the database. */
  close(): void {
    this.database?.close();
  }

  private read<T>(name: string, work: (store: IDBObjectStore) => IDBRequest, otherwise: T): Promise<T> {
    return this.tried((database) => within(database, [name], "readonly", (store) => result(work(store(name)))), otherwise);
  }

  private change<T>(work: (store: Store) => T | Promise<T>, otherwise: T): Promise<T> {
    return this.tried((database) => within(database, BOTH, "readwrite", work), otherwise);
  }

  private async tried<T>(work: (database: IDBDatabase) => Promise<T>, otherwise: T): Promise<T> {
    await this.open();
    if (!this.database) return otherwise;
    try {
      const done = await work(this.database);
      this.told("kept");
      return done;
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      this.told(full ? "full" : "forbidden");
      return otherwise;
    }
  }
}
