import { IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";
import { guardUpdates } from "./update-guard.ts";

/** A copy that takes longer to be read is not waited for. */
const READ_MS = 2_000;

/**
 * What one person has of a document, kept on this device: it is there at once when the page is opened
 * again, and what could not be sent goes out then.
 */
export class LocalCopy {
  readonly #copy: IndexeddbPersistence;
  #isKeeping = true;

  constructor(userId: string, name: string, doc: Y.Doc) {
    this.#copy = new IndexeddbPersistence(`${prefixOf(userId)}${name}`, doc);
    guardUpdates(this.#copy, () => {
      this.#isKeeping = false;
    });
  }

  /** Whether what is written is kept: not where the browser keeps nothing for the page, or does so no more. */
  get isKept(): boolean {
    return this.#copy.synced && this.#isKeeping;
  }

  /** Resolves when the document has what was kept, or when that is not to be had. */
  async read(): Promise<void> {
    await Promise.race([
      this.#copy.whenSynced,
      new Promise((resolve) => setTimeout(resolve, READ_MS)),
    ]);
  }

  /** Forgets what was kept; the document itself stays as it is. */
  async forget(): Promise<void> {
    this.#isKeeping = false;
    await this.#copy.clearData();
  }

  async close(): Promise<void> {
    await this.#copy.destroy();
  }
}

/** Forgets what a person has of any document on this device. */
export async function forgetCopies(userId: string): Promise<void> {
  // Firefox before 126 does not say what it keeps; the document that is open is forgotten by itself.
  const databases = await indexedDB.databases?.();
  for (const { name } of databases ?? []) {
    if (name?.startsWith(prefixOf(userId)) === true) indexedDB.deleteDatabase(name);
  }
}

function prefixOf(userId: string): string {
  return `hibiki.document:${JSON.stringify(userId)}:`;
}
