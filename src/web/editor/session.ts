import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import type { RealtimeClient, SharedDocument } from "../../client/index.ts";
import type { Connection } from "../connection/connection.ts";
import { connectionOf, problemOf } from "../connection/from-sdk.ts";
import { hueColor } from "../people/hue.ts";
import { LocalCopy } from "./local-copy.ts";
import { closingOf } from "./state/closing.ts";
import type { DocumentState } from "./state/document-state.ts";
import { type Person, peopleIn, type ToldUser } from "./state/person.ts";

/** The shared text of a document, as `documents.md` and its examples call it. */
const TEXT = "content";

/** What a session is about. */
export interface SessionOptions {
  readonly client: RealtimeClient;
  readonly name: string;
  readonly me: Person;
  /** One reads only, whatever one may: nothing is kept on the device. */
  readonly isReading: boolean;
}

/** One visit to a document: its text, who is there, and what became of what one has written. */
export class DocumentSession {
  readonly text: Y.Text;
  readonly awareness: Awareness;
  readonly #options: SessionOptions;
  readonly #doc = new Y.Doc();
  readonly #copy: LocalCopy | undefined;
  readonly #listeners = new Set<() => void>();
  #shared: SharedDocument | undefined;
  #connection: Connection = { state: "connecting" };
  #isRead = false;
  #isClosed = false;
  #state: DocumentState;

  constructor(options: SessionOptions) {
    const { me, name, isReading } = options;
    this.#options = options;
    this.text = this.#doc.getText(TEXT);
    this.awareness = new Awareness(this.#doc);
    const user: ToldUser = { ...me, color: hueColor(me.id) };
    this.awareness.setLocalState({ user });
    this.#copy = isReading ? undefined : new LocalCopy(me.id, name, this.#doc);
    this.#state = this.#now();
    this.awareness.on("change", this.#tell);
    void this.#open();
  }

  /** What is known now. A new object whenever there is more. */
  get state(): DocumentState {
    return this.#state;
  }

  /** The document on the server, once there is a way to it. */
  get shared(): SharedDocument | undefined {
    return this.#shared;
  }

  /** Calls back after every change of {@link state}. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets what this device keeps of the document, be it on the server or not. */
  async forget(): Promise<void> {
    await this.#copy?.forget();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    await this.#shared?.close();
    this.awareness.destroy();
    await this.#copy?.close();
    this.#doc.destroy();
  }

  async #open(): Promise<void> {
    const { client, name } = this.#options;
    // What was kept comes first: else all of it would go out as something new.
    await this.#copy?.read();
    this.#isRead = true;
    if (this.#isClosed) return;
    try {
      const shared = await client.document(name, { doc: this.#doc, awareness: this.awareness });
      if (this.#isClosed) return await shared.close();
      this.#shared = shared;
      shared.on("status", (change) => {
        this.#connection = connectionOf(change, this.#connection, Date.now());
        // Who opens it again must not bring back what was deleted.
        if (closingOf(change.reason) === "deleted") void this.forget();
        this.#tell();
      });
      shared.subscribe(this.#tell);
      this.#connection = connectionOf({ status: shared.status }, this.#connection, Date.now());
    } catch (error) {
      this.#connection = { state: "closed", problem: problemOf(error) };
    }
    this.#tell();
  }

  readonly #tell = (): void => {
    this.#state = this.#now();
    for (const listener of this.#listeners) listener();
  };

  #now(): DocumentState {
    const shared = this.#shared;
    return {
      connection: this.#connection,
      isSynced: shared?.synced ?? false,
      isSaved: shared?.saved ?? true,
      isRefused: shared?.readOnly ?? false,
      isKept: this.#copy?.isKept ?? false,
      isRead: this.#isRead,
      people: peopleIn(this.awareness.getStates(), this.#options.me),
    };
  }
}
