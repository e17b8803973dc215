import type { Doc, Transaction } from "yjs";
import type { Cancel, Environment } from "./environment.ts";
import { Unsaved } from "./unsaved.ts";

/** How long it may take until what was sent is told again, in milliseconds, before a receipt is asked for. */
const RECEIPT_MS = 3_000;
const LONGEST_MS = 60_000;

/** Knows whether the server has stored all that was changed here, and asks where it does not say so by itself. */
export class SaveWatch {
  readonly #environment: Environment;
  readonly #ask: () => boolean;
  readonly #changed: () => void;
  readonly #unsaved = new Unsaved();
  #isSaved = true;
  #isOpen = false;
  #cancel: Cancel | undefined;
  #delayMs = RECEIPT_MS;

  /**
   * @param ask asks the server for a receipt of all that was changed so far; `false` when it cannot.
   * @param changed is told when {@link isSaved} is another.
   */
  constructor(environment: Environment, ask: () => boolean, changed: () => void) {
    this.#environment = environment;
    this.#ask = ask;
    this.#changed = changed;
  }

  get isSaved(): boolean {
    return this.#isSaved;
  }

  /** What a document held before it was opened here. */
  brought(doc: Doc): void {
    this.#unsaved.addAll(doc);
    this.#look();
  }

  /** Something was changed here. */
  edited(transaction: Transaction): void {
    this.#unsaved.add(transaction);
    this.#look();
  }

  /** The server has stored an update. */
  stored(update: Uint8Array): void {
    // It stores what is sent, so what is still awaited may come as well.
    if (this.#unsaved.stored(update)) this.#stop();
    this.#look();
  }

  /** The server has stored all of an encoded state vector. */
  has(vector: Uint8Array): void {
    this.#unsaved.has(vector);
    this.#look();
  }

  /** The receipt has come. */
  receipt(): void {
    this.#unsaved.receipt();
    this.#look();
  }

  /** Whether the server takes nothing: then there is no receipt of what was deleted, and none to ask for. */
  restrict(isReadOnly: boolean): void {
    this.#unsaved.trust(isReadOnly);
    this.#look();
  }

  /** All that was changed so far has been sent. */
  open(): void {
    this.#isOpen = true;
    // The server does not say by itself that it had this already.
    if (this.#unsaved.isVague) this.#inquire();
    this.#expect();
  }

  /** What is changed is not sent any more. */
  suspend(): void {
    this.#isOpen = false;
    this.#stop();
  }

  #look(): void {
    const isSaved = this.#unsaved.isEmpty;
    if (isSaved) this.#stop();
    else this.#expect();
    if (isSaved === this.#isSaved) return;
    this.#isSaved = isSaved;
    this.#changed();
  }

  #expect(): void {
    if (!this.#isOpen || this.#unsaved.isEmpty || this.#cancel !== undefined) return;
    this.#cancel = this.#environment.after(this.#delayMs, () => {
      this.#cancel = undefined;
      // What the server refuses it never has, however often it is asked.
      this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_MS);
      this.#inquire();
      this.#expect();
    });
  }

  #inquire(): void {
    if (this.#ask()) this.#unsaved.asked();
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#delayMs = RECEIPT_MS;
  }
}
