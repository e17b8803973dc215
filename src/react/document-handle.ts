import {
  type DocumentOptions,
  type RealtimeClient,
  RealtimeError,
  type RoomStatus,
  type SharedDocument,
  type StatusReason,
} from "../client/index.ts";
import type { Handle, Sort } from "./held.ts";

/** How long until the code of documents is asked for again that could not be had, in milliseconds. */
const REST_MS = 1_000;

/** A document as components share it, also while its code is on its way. */
export class DocumentHandle implements Handle {
  readonly #open: () => Promise<SharedDocument>;
  #document: SharedDocument | undefined;
  #refusal: RealtimeError | undefined;
  #changed: () => void = () => {};
  #left: Promise<void> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(open: () => Promise<SharedDocument>) {
    this.#open = open;
    void this.#load();
  }

  /** `undefined` until its code is there. */
  get document(): SharedDocument | undefined {
    return this.#document;
  }

  get status(): RoomStatus {
    const isOver = this.#refusal !== undefined || this.#left !== undefined;
    return this.#document?.status ?? (isOver ? "closed" : "connecting");
  }

  get reason(): StatusReason | undefined {
    return this.#document?.reason ?? this.#refusal;
  }

  /** Calls whenever something of it may be another. */
  watch(changed: () => void): void {
    this.#changed = changed;
  }

  leave(): Promise<void> {
    clearTimeout(this.#again);
    this.#left ??= this.#document?.close() ?? Promise.resolve();
    return this.#left;
  }

  async #load(): Promise<void> {
    try {
      const opened = await this.#open();
      if (this.#left !== undefined) {
        await opened.close();
        return;
      }
      this.#document = opened;
      opened.subscribe(() => this.#changed());
      this.#changed();
    } catch (error) {
      if (this.#left !== undefined) return;
      if (error instanceof RealtimeError) {
        this.#refusal = error;
        this.#changed();
      } else this.#again = setTimeout(() => void this.#load(), REST_MS);
    }
  }
}

/** How a document is opened and watched. */
export function documentSort(
  client: RealtimeClient,
  name: string,
  options: DocumentOptions,
): Sort<DocumentHandle> {
  return {
    open: () => new DocumentHandle(() => client.document(name, options)),
    watch: (handle, changed) => handle.watch(changed),
    isReady: ({ document }) => document !== undefined,
    isBusy: ({ document, status }) => status !== "closed" && document?.saved === false,
  };
}
