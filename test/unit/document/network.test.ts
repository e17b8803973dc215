import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { contentOf, Editor } from "./support/editor.ts";
import { Random } from "./support/random.ts";
import { StoredDocument } from "./support/stored-document.ts";

// A failure names it; give it back as SEED to see it again. RUNS=300 is the long one.
const SEED = Number(process.env["SEED"] ?? 20_261_127);
const RUNS = Number(process.env["RUNS"] ?? 6);

/** An editor, and the socket between it and the document: what is said is on its way for a while. */
class Client {
  readonly editor: Editor;
  isConnected = false;
  up: Uint8Array[] = [];
  down: Uint8Array[] = [];

  constructor(client: number) {
    this.editor = new Editor(client, (update) => {
      if (this.isConnected) this.up.push(update);
    });
  }

  /** Both sync steps of both sides, as the y-websocket client does them. */
  connect(stored: StoredDocument, others: readonly Client[]): void {
    this.isConnected = true;
    for (const update of stored.answer(Y.encodeStateVector(this.editor.doc)))
      this.editor.hear(update);
    const { vector } = stored.holdings;
    const state = Y.encodeStateVector(new Map(vector));
    const told = stored.take(Y.encodeStateAsUpdate(this.editor.doc, state));
    if (told !== undefined) for (const other of others) other.tell(told);
  }

  tell(update: Uint8Array): void {
    if (this.isConnected) this.down.push(update);
  }

  drop(): void {
    this.isConnected = false;
    this.up = [];
    this.down = [];
  }
}

function play(seed: number): void {
  const random = new Random(seed);
  const stored = new StoredDocument();
  const clients = [9, 4, 4_294_967_295, 70_000].map((client) => new Client(client));
  const moves: (() => void)[] = [
    () => random.pick(clients).editor.edit(random),
    () => random.pick(clients).editor.edit(random),
    () => {
      const [update] = random.pick(clients).up.splice(0, 1);
      const told = update && stored.take(update);
      if (told) for (const client of clients) client.tell(told);
    },
    () => {
      const client = random.pick(clients);
      for (const update of client.down.splice(0, 1 + random.below(5))) client.editor.hear(update);
    },
    () => {
      const client = random.pick(clients);
      if (!client.isConnected) client.connect(stored, clients);
      else if (random.next() < 0.3) client.drop();
    },
    () => {
      if (random.next() < 0.1) stored.compact();
      if (random.next() < 0.1) stored.restart();
      if (random.next() < 0.3) stored.foldLast(1 + random.below(8));
    },
  ];
  for (let step = 0; step < 400; step++) random.pick(moves)();
  for (const client of clients) client.drop();
  // Twice: what a client brings when it comes the first time, those before it hear the second time.
  for (const client of [...clients, ...clients]) client.connect(stored, []);

  const joiner = new Editor(1);
  for (const update of stored.answer(Uint8Array.of(0))) joiner.hear(update);
  const whole = new Y.Doc();
  for (const client of clients) Y.applyUpdate(whole, Y.encodeStateAsUpdate(client.editor.doc));

  expect(contentOf(joiner.doc)).toEqual(contentOf(whole));
  for (const { editor } of clients) expect(contentOf(editor.doc)).toEqual(contentOf(whole));
  expect(Object.fromEntries(stored.holdings.vector)).toEqual(
    Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(whole))),
  );
  expect(stored.holdings.waitingBytes).toBe(0);
  stored.compact();
  for (const { editor } of clients)
    expect(
      stored.take(Y.encodeStateAsUpdate(editor.doc)),
      "what is known is no news",
    ).toBeUndefined();
  const after = new Editor(2);
  for (const update of stored.answer(Uint8Array.of(0))) after.hear(update);
  expect(contentOf(after.doc)).toEqual(contentOf(whole));
}

describe("a document that is stored as a snapshot and a tail", () => {
  for (let run = 0; run < RUNS; run++) {
    const seed = SEED + run;
    it(`ends equal to its editors, who drop and come back while it compacts and restarts (SEED=${seed})`, () => {
      play(seed);
    });
  }
});
