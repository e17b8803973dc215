import { afterEach, describe, expect, it } from "vitest";
import { AwarenessBook, type KeptShown } from "../../../src/document/awareness.ts";
import { readAwareness, writeShown } from "../../../src/document/awareness-message.ts";
import { YJS_BOUNDS } from "../../../src/protocol/yjs-limits.ts";
import { AwarenessClient } from "./support/awareness-client.ts";
import { Random } from "./support/random.ts";

// A failure names it; give it back as SEED to see it again. RUNS=500 is the long one.
const SEED = Number(process.env["SEED"] ?? 20_261_127);
const RUNS = Number(process.env["RUNS"] ?? 8);
const T0 = 1_800_000_000_000;

/** A document's presence among stock clients: the part of an object that moves messages. */
class Scene {
  book = new AwarenessBook();
  now = T0;
  readonly clients: AwarenessClient[] = [];
  /** Sockets that are open for the server: also those whose client is gone. */
  readonly open = new Map<string, AwarenessClient>();
  /** Awareness messages that clients sent. */
  heard = 0;
  #sockets = 0;

  client(id: number, userId = `user-${id}`): AwarenessClient {
    const client = new AwarenessClient(id, userId);
    this.clients.push(client);
    return client;
  }

  connect(client: AwarenessClient): string {
    const connection = `socket-${this.#sockets++}`;
    client.connect(connection);
    this.open.set(connection, client);
    const greeting = this.book.greet(this.now);
    if (greeting) client.down.push(greeting);
    return connection;
  }

  /** The client loses its connection; the server hears of it with {@link end}. */
  drop(client: AwarenessClient): string {
    const { connection } = client;
    if (connection === undefined) throw new Error("it is not connected");
    client.disconnect();
    return connection;
  }

  end(connection: string): void {
    this.open.delete(connection);
    this.book.leave(connection, this.now);
  }

  /** The server hears one message of a client. */
  hear(client: AwarenessClient): void {
    const update = client.up.shift();
    if (update === undefined || client.connection === undefined) return;
    const read = readAwareness(update);
    if (!read.ok) throw new Error(read.fault);
    this.heard++;
    const { connection, userId } = client;
    const { greeting } = this.book.hear({ connection, userId }, read.shown, this.now);
    if (greeting) client.down.push(greeting);
  }

  tick(): void {
    const news = this.book.takeNews();
    if (news === undefined) return;
    for (const [connection, client] of this.open)
      if (client.connection === connection) client.down.push(news);
  }

  listen(client: AwarenessClient): void {
    const update = client.down.shift();
    if (update) client.hear(update);
  }

  /** Until nobody has anything to say. */
  settle(): void {
    for (let round = 0; round < 100; round++) {
      const isQuiet = this.clients.every(({ up, down }) => up.length === 0 && down.length === 0);
      if (isQuiet && round > 0) return;
      for (const client of this.clients) while (client.up.length > 0) this.hear(client);
      this.tick();
      for (const client of this.clients) while (client.down.length > 0) this.listen(client);
    }
    throw new Error("they never fall silent");
  }

  /** The object slept: all that is left is what the attachments kept. */
  sleep(): void {
    const kept = [...this.open].map(([connection, { userId }]) => {
      const shown = this.book.keep(connection);
      return {
        connection,
        userId,
        shown: shown && (JSON.parse(JSON.stringify(shown)) as KeptShown[]),
      };
    });
    this.book = new AwarenessBook();
    for (const { connection, userId, shown } of kept)
      if (shown) this.book.restore({ connection, userId }, shown);
  }
}

let scene = new Scene();
afterEach(() => {
  for (const client of scene.clients) client.destroy();
  scene = new Scene();
});

describe("presence among stock clients", () => {
  it("shows everybody to everybody, and drops the echoes", () => {
    const clients = [1, 2, 3, 4, 5].map((id) => scene.client(id));
    for (const client of clients) {
      client.show({ name: client.userId });
      scene.connect(client);
    }
    scene.settle();
    const all = Object.fromEntries(clients.map(({ userId }, at) => [at + 1, { name: userId }]));
    for (const client of clients) expect(client.sees).toEqual(all);

    const before = scene.heard;
    clients[0]?.show({ name: "moved" });
    scene.settle();
    expect(clients[4]?.sees[1]).toEqual({ name: "moved" });
    // Itself, and an echo of each of the four others: none of which is told again.
    expect(scene.heard - before).toBe(5);
  });

  it("removes whoever leaves, and late echoes do not bring it back", () => {
    const [one, two] = [scene.client(1), scene.client(2)];
    scene.connect(one);
    scene.connect(two);
    scene.settle();
    one.show({ at: 5 });
    scene.hear(one);
    scene.tick();
    while (two.down.length > 0) scene.listen(two);
    expect(two.up).not.toHaveLength(0);
    scene.end(scene.drop(one));
    scene.settle();
    expect(two.sees).toEqual({ 2: {} });
    expect(scene.book.size).toBe(1);
  });

  it("shows a client again that came back after a drop with the clock it had", () => {
    const [one, two] = [scene.client(1), scene.client(2)];
    one.show({ at: 5 });
    scene.connect(one);
    scene.connect(two);
    scene.settle();
    scene.end(scene.drop(one));
    scene.settle();
    expect(two.sees).toEqual({ 2: {} });
    scene.connect(one);
    scene.settle();
    expect(two.sees).toEqual({ 1: { at: 5 }, 2: {} });
  });

  it("shows it also while its old socket hangs, whose end then removes nothing", () => {
    const [one, two] = [scene.client(1), scene.client(2)];
    one.show({ at: 5 });
    scene.connect(one);
    scene.connect(two);
    scene.settle();
    const hanging = scene.drop(one);
    two.awareness.states.delete(1);
    scene.connect(one);
    scene.settle();
    expect(two.sees).toEqual({ 1: { at: 5 }, 2: {} });
    scene.end(hanging);
    scene.settle();
    expect(two.sees).toEqual({ 1: { at: 5 }, 2: {} });
  });

  it("does not let another person take a client over who is there", () => {
    const [one, thief] = [scene.client(1), scene.client(1, "thief")];
    one.show({ at: 5 });
    scene.connect(one);
    scene.settle();
    for (let clock = 0; clock < 5; clock++) thief.show({ at: "stolen" });
    scene.connect(thief);
    scene.settle();
    const joiner = scene.client(3);
    scene.connect(joiner);
    scene.settle();
    expect(joiner.sees[1]).toEqual({ at: 5 });
  });

  it("keeps what is shown over a sleep, and who showed it", () => {
    const [one, two] = [scene.client(1), scene.client(2)];
    one.show({ at: 5 });
    two.show({ at: 6 });
    const socket = scene.connect(one);
    scene.connect(two);
    scene.settle();
    scene.sleep();
    const joiner = scene.client(3);
    scene.connect(joiner);
    scene.settle();
    expect(joiner.sees).toEqual({ 1: { at: 5 }, 2: { at: 6 }, 3: {} });
    scene.drop(one);
    scene.end(socket);
    scene.settle();
    expect(joiner.sees).toEqual({ 2: { at: 6 }, 3: {} });
  });

  it("tells a joiner nothing of whoever has not renewed its state for 30 s", () => {
    const [gone, here] = [scene.client(1), scene.client(2)];
    scene.connect(gone);
    scene.connect(here);
    scene.settle();
    scene.now += YJS_BOUNDS.awarenessOutdatedMs - 1_000;
    here.show({ at: 1 });
    scene.settle();
    scene.now += 1_000;
    const joiner = scene.client(3);
    scene.connect(joiner);
    scene.listen(joiner);
    expect(joiner.sees).toEqual({ 2: { at: 1 }, 3: {} });
  });

  for (let run = 0; run < RUNS; run++) {
    const seed = SEED + run;
    it(`ends with what is shown by who is there, however they drop, return and echo (SEED=${seed})`, () => {
      const random = new Random(seed);
      const clients = [1, 2, 3, 4].map((id) => scene.client(id, id < 3 ? "ann" : `user-${id}`));
      const hanging: string[] = [];
      const moves: (() => void)[] = [
        () => random.pick(clients).show(random.next() < 0.1 ? null : { at: random.below(100) }),
        () => scene.hear(random.pick(clients)),
        () => scene.hear(random.pick(clients)),
        () => scene.listen(random.pick(clients)),
        () => scene.listen(random.pick(clients)),
        () => scene.tick(),
        () => {
          const client = random.pick(clients);
          if (client.connection === undefined) scene.connect(client);
          else if (random.next() < 0.3) hanging.push(scene.drop(client));
        },
        () => {
          const socket = hanging.shift();
          if (socket !== undefined) scene.end(socket);
        },
        () => {
          if (random.next() < 0.05) scene.sleep();
        },
      ];
      for (let step = 0; step < 500; step++) random.pick(moves)();
      for (const client of clients) if (client.connection === undefined) scene.connect(client);
      scene.settle();
      for (const socket of hanging) scene.end(socket);
      scene.settle();
      // Whoever is there speaks once more at the latest when it renews its state, every 15 s.
      const shown: Record<number, unknown> = {};
      for (const { awareness } of clients) {
        const state = awareness.getLocalState();
        awareness.setLocalState(state);
        if (state !== null) shown[awareness.clientID] = state;
      }
      scene.settle();
      for (const client of clients) expect(client.sees).toEqual(shown);
    });
  }
});

describe("what one connection may show", () => {
  const speaker = { connection: "socket", userId: "ann" };
  const large = JSON.stringify({ text: "x".repeat(YJS_BOUNDS.awarenessBytes) });

  it("is bounded in bytes and in clients, and the rest of a message is heard", () => {
    const book = new AwarenessBook();
    const many = Array.from({ length: YJS_BOUNDS.awarenessClients + 3 }, (_, client) => ({
      client: client + 1,
      clock: 1,
      state: "{}",
    }));
    expect(book.hear(speaker, [{ client: 99, clock: 1, state: large }, ...many], T0)).toMatchObject(
      {
        isNews: true,
        refused: 4,
      },
    );
    expect(book.size).toBe(YJS_BOUNDS.awarenessClients);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "5"],
    ["a list", "[]"],
    ["nesting without end", `{"a":${"[".repeat(200)}${"]".repeat(200)}}`],
  ])("must be an object as JSON: %s is refused", (_, state) => {
    expect(readAwareness(writeShown([{ client: 1, clock: 1, state }]))).toMatchObject({
      ok: false,
    });
  });
});
