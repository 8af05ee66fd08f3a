/** The browser's copy of the conversations, in IndexedDB; in memory alone where the browser keeps nothing. */

import type { DBSchema, IDBPDatabase } from "idb";
import { type Conversation, merged } from "./model";

interface Schema extends DBSchema {
  conversations: { key: string; value: Conversation };
  drafts: { key: string; value: string };
}

export type Kept = "kept" | "full" | "forbidden";

/** Reads and writes conversations and drafts. Nothing here throws: `told` hears how it went. */
export class Keeper {
  private database: IDBPDatabase<Schema> | null = null;
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
      const { openDB } = await import("idb"); // one can write before what was kept is read
      this.database = await openDB<Schema>(["ion-mentoring", this.whose()].filter(Boolean).join("."), 1, {
        upgrade(database) {
          database.createObjectStore("conversations", { keyPath: "id" });
          database.createObjectStore("drafts");
        },
        terminated: () => this.told("forbidden"),
      });
    } catch {
      this.told("forbidden");
    }
  }

  async all(): Promise<Conversation[]> {
    const kept = await this.tried<Conversation[]>((database) => database.getAll("conversations"), []);
    return [...kept, ...[...this.memory.conversations.values()].filter((one) => !kept.some((other) => other.id === one.id))];
  }

  async one(id: string): Promise<Conversation | undefined> {
    return (await this.tried((database) => database.get("conversations", id), undefined)) ?? this.memory.conversations.get(id);
  }

  async draft(id: string): Promise<string> {
    return (await this.tried((database) => database.get("drafts", id), undefined)) ?? this.memory.drafts.get(id) ?? "";
  }

  /** Writes a conversation beside what another tab has written of it, and returns both together. */
  async write(conversation: Conversation): Promise<Conversation> {
    this.memory.conversations.set(conversation.id, conversation);
    return this.tried(async (database) => {
      const writing = database.transaction("conversations", "readwrite");
      const whole = merged(conversation, await writing.store.get(conversation.id));
      await Promise.all([writing.store.put(whole), writing.done]);
      return whole;
    }, conversation);
  }

  /** Writes a question down and takes away its draft, both or neither. */
  async writeSent(conversation: Conversation, draft: string): Promise<Conversation> {
    this.memory.conversations.set(conversation.id, conversation);
    this.memory.drafts.delete(draft);
    return this.tried(async (database) => {
      const writing = database.transaction(["conversations", "drafts"], "readwrite");
      const whole = merged(conversation, await writing.objectStore("conversations").get(conversation.id));
      await Promise.all([writing.objectStore("conversations").put(whole), writing.objectStore("drafts").delete(draft), writing.done]);
      return whole;
    }, conversation);
  }

  async writeDraft(id: string, text: string): Promise<void> {
    this.memory.drafts.set(id, text);
    await this.tried((database) => (text ? database.put("drafts", text, id) : database.delete("drafts", id)), undefined);
  }

  async remove(id: string): Promise<void> {
    this.memory.conversations.delete(id);
    this.memory.drafts.delete(id);
    await this.tried(async (database) => {
      await Promise.all([database.delete("conversations", id), database.delete("drafts", id)]);
    }, undefined);
  }

  async removeAll(): Promise<void> {
    this.memory.conversations.clear();
    this.memory.drafts.clear();
    await this.tried(async (database) => {
      await Promise.all([database.clear("conversations"), database.clear("drafts")]);
    }, undefined);
  }

  /** Lets go of the database. */
  close(): void {
    this.database?.close();
  }

  private async tried<T>(work: (database: IDBPDatabase<Schema>) => Promise<unknown>, otherwise: T): Promise<T> {
    await this.open();
    if (!this.database) return otherwise;
    try {
      const done = (await work(this.database)) as T;
      this.told("kept");
      return done;
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      this.told(full ? "full" : "forbidden");
      return otherwise;
    }
  }
}
