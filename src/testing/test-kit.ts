import { RealtimeClient } from "../client/client.ts";
import type { LiveRoom } from "../client/live-room.ts";
import type { AnyContract, RoomName, State } from "../contract/contract.ts";
import type { Kind } from "../contract/kind.ts";
import type { Caller, Permission } from "../contract/rules.ts";
import { BUILT_IN } from "../kinds/built-in.ts";
import { KindTable } from "../kinds/kind-table.ts";
import { grantedBy } from "../kinds/running/granted.ts";
import type { Granted } from "../protocol/authority.ts";
import { nameOutside } from "../room/hooks/subscription.ts";
import { Device } from "./device.ts";
import { driven } from "./driven.ts";
import { Pump } from "./pump.ts";
import { type AfterRecord, type NoticeRecord, Records, type WebhookRecord } from "./records.ts";
import type { Guise, RoomKit, TestRoomOptions } from "./room-kit.ts";
import { afterRulesOf } from "./rules-after.ts";
import { seededRandom } from "./seeded-random.ts";
import { sqlite } from "./sqlite.ts";
import { stateIn, systemCaller } from "./system-caller.ts";
import type { TestRoom } from "./test-room.ts";
import { TestServer } from "./test-server.ts";
import { TOKEN_MS, testToken } from "./test-token.ts";

const MEMBER: readonly Permission[] = ["read", "write", "publish"];
/** Whoever waits for it waits for what is due now, not for a busy room's next flush. */
const VARS = { FLUSH_GAP_MS: "0", LIMIT_JOINS_PER_MINUTE: "0" };

/**
 * Makes a room of a kind to be tested: the real room with its rules, on real SQLite, in memory. Runs on
 * plain Node, from 22.13 on, under any test runner.
 *
 * @throws {Error} on an older Node.
 */
export function testRoom<C extends AnyContract>(
  kind: Kind<C>,
  options: TestRoomOptions = {},
): RoomKit<C> {
  return new Kit(kind, options);
}

class Kit<C extends AnyContract> implements RoomKit<C> {
  readonly name: RoomName<C>;
  readonly send: Caller<C>["send"];
  readonly query: Caller<C>["query"];
  readonly #kind: Kind<C>;
  readonly #server: TestServer;
  readonly #pump: Pump;
  readonly #records: Records;
  readonly #people: LiveRoom<C>[] = [];
  /** What each person may do, and what the rules know of them. */
  readonly #granted = new Map<string, Granted>();
  /** Answers that somebody waits for. */
  #awaited = 0;
  /** How often a rule has failed of which somebody is told what its being late comes to. */
  #failuresOutside = 0;

  constructor(kind: Kind<C>, { seed = 1, env = {}, now }: TestRoomOptions) {
    // Said at once, and not by the first who joins.
    sqlite();
    const { prefix, events } = kind.contract;
    const name: RoomName<C> = `${prefix}:test`;
    const kinds = new KindTable([...BUILT_IN, kind]);
    const running = kinds.of(name);
    const names = new Set(Object.keys(events).map((type) => nameOutside(running, type)));
    const caller: Caller<C> = systemCaller(name, running, () => this.#room);
    this.name = name;
    this.#kind = kind;
    this.#records = new Records({
      name,
      env,
      after: afterRulesOf(kind, {
        room: caller,
        env,
        running: (run) => this.#pump.waitFor(run),
      }),
      isEvent: (event) => names.has(event),
      failed: (error) => this.#failedOutside(error),
    });
    const { carriers } = this.#records;
    this.#server = new TestServer({
      seed,
      vars: VARS,
      ...(now === undefined ? {} : { now }),
      deployment: {
        kinds,
        granted: (room, userId) => (room === name ? this.#granted.get(userId) : undefined),
        authorizes: (room) => room === name,
        reviews: {
          env,
          running: (review) => this.#pump.waitFor(review),
          failed: (error) => this.#failedOutside(error),
        },
        subscriptions: (room) => this.#records.subscriptionsTo(room),
        carriers,
      },
      notified: (inbox, notice) => this.#records.notified(inbox, notice),
    });
    this.#pump = new Pump(this.#server.clock);
    this.query = (query, input) => this.#awaiting(caller.query(query, input));
    this.send = (type, data, key) => this.#awaiting(caller.send(type, data, key));
  }

  async join(
    userId: string,
    { name = userId, can = MEMBER, member }: Guise & { readonly member?: unknown } = {},
  ): Promise<LiveRoom<C>> {
    const { contract } = this.#kind;
    const { random } = this.#server;
    this.#granted.set(userId, grantedBy(contract, { can, member }));
    const device = new Device(this.#server, seededRandom(random() * 2 ** 32));
    const token = testToken({
      userId,
      name,
      grants: { [this.name]: can },
      expiresAt: this.now + TOKEN_MS,
    });
    const dialed = Promise.withResolvers<void>();
    const { environment } = device;
    const client = new RealtimeClient({
      url: "https://edge.test",
      transport: "websocket",
      token,
      environment: {
        ...environment,
        openSocket(...socket) {
          dialed.resolve();
          return environment.openSocket(...socket);
        },
      },
    });
    const room = client.room(contract, this.name);
    this.#people.push(room);
    // What the SDK fetches before takes real time, in which none of the room's passes.
    await this.#pump.waitFor(dialed.promise);
    await this.#pump.pass(() => room.status === "open" || room.status === "closed");
    const { reason } = room;
    if (room.status === "closed") throw Object.assign(new Error(reason?.message), reason);
    return driven(room, (answer) => this.#awaiting(answer));
  }

  flush(): Promise<void> {
    return this.#pump.pass(
      () =>
        this.#awaited === 0 &&
        this.#pump.outside === 0 &&
        this.#people.every(({ status }) => status === "open" || status === "closed"),
    );
  }

  crash(): Promise<void> {
    this.#room.crash();
    return this.#pump.settle();
  }

  async hibernate(): Promise<void> {
    await this.#pump.settle();
    if (!this.#room.hibernate()) throw new Error("The room is at work, and stays awake.");
  }

  advance(ms: number): Promise<void> {
    return this.#pump.advance(ms);
  }

  get state(): State<C> {
    return stateIn(this.#room.stored.room.special.poll());
  }

  get now(): number {
    return this.#server.clock.now();
  }

  get writes(): number {
    return this.#room.writes;
  }

  get afters(): readonly AfterRecord[] {
    return this.#records.afters;
  }

  get webhooks(): readonly WebhookRecord[] {
    return this.#records.webhooks;
  }

  get notices(): readonly NoticeRecord[] {
    return this.#records.notices;
  }

  get failures(): readonly unknown[] {
    return this.#room.failures;
  }

  get #room(): TestRoom {
    return this.#server.room(this.name);
  }

  /**
   * Passes time until there is an answer. What a rule threw meanwhile is the answer: in production it
   * is `internal`, and tried again, which helps no test.
   */
  async #awaiting<T>(answer: Promise<T>): Promise<T> {
    const before = this.#thrown;
    const hasThrown = () => this.#thrown > before;
    this.#awaited += 1;
    try {
      await this.#pump.passFor(answer, hasThrown);
      if (hasThrown()) throw this.#room.failures.at(-1);
      return await answer;
    } finally {
      this.#awaited -= 1;
    }
  }

  /** How often a rule has thrown in the room's own transactions. */
  get #thrown(): number {
    return this.#room.failures.length - this.#failuresOutside;
  }

  /** A rule has failed that may wait for the outside: what comes of that is part of the contract. */
  #failedOutside(error: unknown): void {
    this.#failuresOutside += 1;
    this.#room.failures.push(error);
  }
}
