import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from "y-protocols/awareness";
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector, type Transaction } from "yjs";
import type { Refusal } from "../protocol/error.ts";
import { Audience } from "./audience.ts";
import { Connection } from "./connection.ts";
import { DocumentChannel, GREETING_MS } from "./document-channel.ts";
import type { DocumentPeer } from "./document-conversation.ts";
import type { DocumentEvents, DocumentOptions } from "./document-event.ts";
import { writeAwareness, writeUpdate } from "./document-wire.ts";
import type { Cancel } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { Outgoing } from "./outgoing.ts";
import { onPageExit } from "./page-exit.ts";
import type { StatusChange } from "./room-event.ts";
import type { SessionOptions } from "./room-session.ts";
import { SaveWatch } from "./save-watch.ts";

/** Who changed what shown is, in an event of an `Awareness`. */
interface AwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

/** A document and its connection, which all handles of it share. */
export class DocumentSession implements DocumentPeer {
  readonly doc: Doc;
  readonly awareness: Awareness;
  /** Everyone who holds it. */
  readonly audience = new Audience<DocumentEvents>();
  readonly connection: Connection;
  readonly options: SessionOptions;
  readonly saves: SaveWatch;
  readonly #outgoing: Outgoing;
  readonly #isOurAwareness: boolean;
  readonly #endOnExit: Cancel;
  #channel: DocumentChannel | undefined;
  #holders = 0;
  #isSynced = false;
  #isReadOnly = false;

  /** Starts connecting. */
  constructor(options: SessionOptions, { doc, awareness }: DocumentOptions) {
    const { environment } = options;
    this.options = options;
    this.doc = doc ?? awareness?.doc ?? new Doc();
    this.#isOurAwareness = awareness === undefined;
    this.awareness = awareness ?? new Awareness(this.doc);
    this.saves = new SaveWatch(
      environment,
      () => this.#ask(),
      () => this.audience.emit("saved", this.saves.isSaved),
    );
    this.saves.brought(this.doc);
    this.#outgoing = new Outgoing(environment, (updates, isShown) => this.#send(updates, isShown));
    this.connection = new Connection({
      ...options,
      openingMs: GREETING_MS,
      transport: {
        open: (visit, events) => {
          const joined = (isReadOnly: boolean) => this.#joined(isReadOnly);
          this.#channel = new DocumentChannel(options, visit, events, this, joined);
          return this.#channel;
        },
      },
      visit: (token) => ({ room: options.name(token), cursor: undefined, wants: {} }),
      opened: () => this.audience.emit("status", { status: "open", transport: "websocket" }),
      received: () => {},
      changed: (change) => this.#interrupted(change),
      refreshToken: (token) => this.#channel?.renew(token),
      leave: () => this.#leave(),
    });
    this.doc.on("update", this.#edited);
    this.doc.on("destroy", this.#destroyed);
    this.awareness.on("update", this.#showed);
    this.#endOnExit = onPageExit(
      () => this.#leave(),
      () => this.awareness.setLocalState(this.awareness.getLocalState()),
    );
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  /** One more handle holds it. */
  enter(): void {
    this.#holders += 1;
  }

  /** One less, as of a room. */
  async leave(): Promise<void> {
    this.#holders -= 1;
    await Promise.resolve();
    if (this.#holders === 0) await this.close();
  }

  /** Ends it for everyone. Resolves when the connection is closed. */
  close(): Promise<void> {
    return this.connection.close();
  }

  vector(): Uint8Array {
    return encodeStateVector(this.doc);
  }

  missing(vector: Uint8Array): Uint8Array {
    return encodeStateAsUpdate(this.doc, vector);
  }

  shown(): Uint8Array {
    const isShown = this.awareness.getLocalState() !== null;
    return encodeAwarenessUpdate(this.awareness, isShown ? [this.awareness.clientID] : []);
  }

  stored(update: Uint8Array): void {
    this.#try(() => applyUpdate(this.doc, update, this));
    this.saves.stored(update);
  }

  has(vector: Uint8Array): void {
    this.saves.has(vector);
  }

  answered(isReceipt: boolean): void {
    // Of what was dropped meanwhile it says nothing.
    if (isReceipt && !this.#isReadOnly) this.saves.receipt();
    this.#sync(true);
  }

  shows(awareness: Uint8Array): void {
    this.#try(() => applyAwarenessUpdate(this.awareness, awareness, this));
  }

  refused(word: Refusal): void {
    if (word.code === "access_denied") this.#restrict(true);
    // A frame, or a cursor. Whatever else is refused ends the connection, which is told then.
    else if (word.code === "invalid_frame" || word.code === "too_large")
      this.audience.emit("error", RealtimeError.refused(word));
  }

  mayWrite(): void {
    this.#restrict(false);
  }

  readonly #edited = (
    update: Uint8Array,
    origin: unknown,
    _doc: Doc,
    transaction: Transaction,
  ): void => {
    if (origin === this) return;
    this.saves.edited(transaction);
    this.#outgoing.update(update);
  };

  readonly #showed = ({ added, updated, removed }: AwarenessChange): void => {
    // What others show the server has told us. It may also have told us that we are gone: we are not.
    if ([...added, ...updated, ...removed].includes(this.awareness.clientID)) this.#outgoing.show();
  };

  readonly #destroyed = (): void => void this.close();

  /** What was changed so far was sent as what the server lacked. */
  #joined(isReadOnly: boolean): void {
    this.#restrict(isReadOnly);
    // Whoever was told may have closed it.
    if (this.#channel === undefined) return;
    this.#outgoing.drop();
    this.saves.open();
    // Over a connection that takes over, a cursor goes with a higher clock: so it is not taken for gone.
    const shown = this.awareness.getLocalState();
    if (shown !== null) this.#try(() => this.awareness.setLocalState(shown));
    this.#outgoing.flush();
  }

  #send(updates: readonly Uint8Array[], isShown: boolean): void {
    for (const update of updates) this.#channel?.say(writeUpdate(update));
    if (isShown) this.#channel?.say(writeAwareness(this.#own()));
  }

  /** What is shown here, also that it is nothing. */
  #own(): Uint8Array {
    return encodeAwarenessUpdate(this.awareness, [this.awareness.clientID]);
  }

  #ask(): boolean {
    // What may not be written is never stored.
    if (this.#isReadOnly) return false;
    this.#outgoing.flush();
    const isAsked = this.#channel?.ask() === true;
    // The line may be dead: whoever waits for their changes to be saved is not to wait for a heartbeat.
    if (!isAsked && this.#channel?.isOverdue === true) this.connection.probe();
    return isAsked;
  }

  /** The last words of a connection, or of a page. */
  #leave(): void {
    this.#outgoing.flush();
    const { awareness } = this;
    if (awareness.getLocalState() === null) return;
    const gone = encodeAwarenessUpdate(awareness, [awareness.clientID], new Map());
    this.#channel?.say(writeAwareness(gone));
  }

  #interrupted(change: StatusChange): void {
    this.#channel = undefined;
    this.#outgoing.drop();
    this.saves.suspend();
    this.#sync(false);
    this.#forgetOthers();
    if (change.status === "closed") this.#close();
    this.audience.emit("status", change);
    if (change.status === "closed") this.audience.clear();
  }

  #forgetOthers(): void {
    const { awareness } = this;
    const others = [...awareness.getStates().keys()].filter((one) => one !== awareness.clientID);
    this.#try(() => removeAwarenessStates(awareness, others, this));
    // Else they would be ignored until they move: those who are told of again say the same as before.
    for (const client of others) awareness.meta.delete(client);
  }

  #close(): void {
    this.doc.off("update", this.#edited);
    // What is changed from now on is never saved, and one change says as much as many.
    this.doc.once("update", this.#edited);
    this.doc.off("destroy", this.#destroyed);
    this.awareness.off("update", this.#showed);
    this.#endOnExit();
    if (this.#isOurAwareness) this.#try(() => this.awareness.destroy());
    this.options.closed();
  }

  #sync(isSynced: boolean): void {
    if (isSynced === this.#isSynced) return;
    this.#isSynced = isSynced;
    this.audience.emit("synced", isSynced);
  }

  #restrict(isReadOnly: boolean): void {
    if (isReadOnly === this.#isReadOnly) return;
    this.#isReadOnly = isReadOnly;
    this.saves.restrict(isReadOnly);
    this.audience.emit("readOnly", isReadOnly);
  }

  /** An application's observer that throws must not keep what comes after from being heard. */
  #try(apply: () => void): void {
    try {
      apply();
    } catch (error) {
      this.options.environment.report(error);
    }
  }
}
