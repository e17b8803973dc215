import {
  collab,
  getSyncedVersion,
  receiveUpdates,
  sendableUpdates,
  type Update,
} from "@codemirror/collab";
import { ChangeSet, EditorState } from "@codemirror/state";
import WebSocket from "ws";
import { type Frame, framesIn } from "./frame.ts";
import { until } from "./until.ts";

/** An update of `@codemirror/collab` in JSON. */
interface SentUpdate {
  readonly clientID: string;
  readonly changes: unknown;
}

/** What was sent and not yet taken. */
interface Push {
  readonly messageId: string;
  readonly version: number;
  readonly changes: readonly SentUpdate[];
}

interface DocumentPayload {
  readonly epoch?: string;
  readonly version?: number;
  readonly from?: number;
  readonly snapshot?: { readonly version: number; readonly snapshot: string } | null;
  readonly changes?: readonly SentUpdate[];
  readonly success?: boolean;
  readonly error?: { readonly code: string };
}

/**
 * An editor of stock `@codemirror/collab` on the JSON channel, with nothing but the protocol between: one
 * push at a time, again under the same messageId until it is taken.
 */
export class CollabWriter {
  readonly id: string;
  /** How long each edit took from the key to the version that it is in, in milliseconds. */
  readonly confirmedMs: number[] = [];
  readonly faults: string[] = [];
  conflicts = 0;
  duplicates = 0;
  recoveries = 0;
  readonly #url: string;
  readonly #token: string;
  #state: EditorState;
  #epoch: string | undefined;
  #socket: WebSocket | undefined;
  #push: Push | undefined;
  #pushes = 0;
  #isJoined = false;
  #ponged: () => void = () => {};
  /** When the edits that are not confirmed yet were made, oldest first. */
  readonly #typedAt: number[] = [];

  constructor(url: string, token: string, id: string) {
    this.id = id;
    this.#url = url;
    this.#token = token;
    this.#state = this.#begin("", 0);
  }

  get text(): string {
    return this.#state.doc.toString();
  }

  get version(): number {
    return getSyncedVersion(this.#state);
  }

  get isSettled(): boolean {
    return sendableUpdates(this.#state).length === 0 && this.#push === undefined;
  }

  async connect(): Promise<void> {
    const cursor = this.#epoch === undefined ? "" : `?since=${this.version}&epoch=${this.#epoch}`;
    const protocols = ["hibiki.v1.json", `bearer.${this.#token}`];
    const socket = new WebSocket(`${this.#url}${cursor}`, protocols);
    this.#socket = socket;
    this.#isJoined = false;
    socket.on("error", () => {});
    socket.on("message", (data) => {
      if (socket !== this.#socket) return;
      for (const frame of framesIn(data)) this.#take(frame);
      this.#send();
    });
    await until(
      () => this.#isJoined,
      () => `${this.id}'s joined_document`,
    );
  }

  /** Drops the connection without a word. */
  drop(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  /** Types some text somewhere. */
  type(insert: string, at: number): void {
    this.#typedAt.push(performance.now());
    this.#state = this.#state.update({ changes: { from: at, insert } }).state;
    this.#send();
  }

  /** How long a frame and its answer take, in milliseconds. */
  roundTripMs(): Promise<number> {
    const began = performance.now();
    this.#socket?.send('{"type":"ping","asks":"the room"}');
    return new Promise((resolve) => {
      this.#ponged = () => resolve(performance.now() - began);
    });
  }

  /** Writes down what the document is, of which this editor has everything. */
  snapshot(): void {
    if (!this.isSettled) return;
    this.#socket?.send(
      JSON.stringify({
        type: "document_snapshot",
        messageId: `${this.id}-snapshot-${this.version}`,
        payload: { version: this.version, snapshot: this.text },
      }),
    );
  }

  #begin(doc: string, startVersion: number): EditorState {
    return EditorState.create({ doc, extensions: [collab({ startVersion, clientID: this.id })] });
  }

  #take({ type, messageId, payload: told }: Frame): void {
    const payload = told as DocumentPayload;
    if (type === "joined_document") this.#join(payload);
    else if (type === "remote_change") this.#apply(payload);
    else if (type === "ack" && messageId === this.#push?.messageId) this.#answered(payload);
    else if (type === "pong") this.#ponged();
    else if (type === "error") this.faults.push(JSON.stringify(payload));
  }

  #join({ epoch, from = 0, snapshot }: DocumentPayload): void {
    this.#isJoined = true;
    if (this.#epoch !== undefined) {
      this.recoveries += 1;
      if (from !== this.version || snapshot !== null) this.faults.push(`resumed at ${from}`);
      // As it was: whether it had been stored, nobody here knows.
      if (this.#push !== undefined) this.#transmit(this.#push);
      return;
    }
    this.#epoch = epoch;
    this.#state = this.#begin(snapshot?.snapshot ?? "", snapshot?.version ?? 0);
  }

  #apply({ from = 0, changes = [] }: DocumentPayload): void {
    const { version } = this;
    if (from > version) {
      this.faults.push(`${this.id} is at ${version}, and was told what follows ${from}`);
      return;
    }
    // What was told before may come again after a refusal.
    const updates = changes.slice(version - from).map(updateOf);
    const unconfirmed = sendableUpdates(this.#state).length;
    this.#state = receiveUpdates(this.#state, updates).state;
    const confirmed = unconfirmed - sendableUpdates(this.#state).length;
    for (const typedAt of this.#typedAt.splice(0, confirmed)) {
      this.confirmedMs.push(performance.now() - typedAt);
    }
  }

  #answered({ success, error, ...more }: DocumentPayload): void {
    if (success === true) {
      if ("duplicate" in more) this.duplicates += 1;
      this.#push = undefined;
      return;
    }
    if (error?.code !== "conflict") {
      this.faults.push(`${this.id} was refused: ${error?.code}`);
      return;
    }
    this.conflicts += 1;
    this.#push = this.#push && { ...this.#push, changes: [] };
  }

  /** Sends what there is, once what was sent before is taken; what was refused again, on top of what came since. */
  #send(): void {
    const push = this.#push;
    const isRefused = push?.changes.length === 0;
    if (!this.#isJoined || (push !== undefined && !isRefused)) return;
    if (isRefused && push !== undefined && push.version >= this.version) return;
    const updates = sendableUpdates(this.#state);
    if (updates.length === 0) {
      // All of it was among what was missed.
      this.#push = undefined;
      return;
    }
    if (!isRefused) this.#pushes += 1;
    this.#push = {
      messageId: push?.messageId ?? `${this.id}-${this.#pushes}`,
      version: this.version,
      changes: updates.map(({ clientID, changes }) => ({ clientID, changes: changes.toJSON() })),
    };
    this.#transmit(this.#push);
  }

  #transmit({ messageId, version, changes }: Push): void {
    const frame = { type: "document_change", messageId, payload: { version, changes } };
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}

function updateOf({ clientID, changes }: SentUpdate): Update {
  return { clientID, changes: ChangeSet.fromJSON(changes) };
}
