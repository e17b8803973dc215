import { describe, expect, it } from "vitest";
import type { Permission } from "../../../src/client/index.ts";
import { mentionable } from "../../../src/web/chat/state/people.ts";
import { unreadCount } from "../../../src/web/chat/state/receipts.ts";
import { type Action, reduce } from "../../../src/web/chat/state/reduce.ts";
import { rows } from "../../../src/web/chat/state/rows.ts";
import type { ChatState } from "../../../src/web/chat/state/state.ts";
import { tailsOf } from "../../../src/web/people/namesakes.ts";
import { frame, joined, message, outgoing, page, roomAfter, said } from "./room-fixture.ts";

const mine = (seq: number) => message(seq, { userId: "ben", userName: "Ben" });
const read = (userId: string, upTo: number) => frame("messages_read", { userId, upTo });
const seen = (state: ChatState) =>
  rows(state).map((row) => {
    if (!("seen" in row)) return "";
    const { names, others } = row.seen;
    return [...names, ...(others === 0 ? [] : [`${others} others`])].join(", ");
  });

it("lets those delete others' messages whose token says that they moderate", () => {
  const granted = (...permissions: Permission[]) => ({ type: "granted", permissions }) as const;
  const mayModerate = (...actions: Action[]) => roomAfter(joined(), ...actions).rights.mayModerate;
  expect(mayModerate()).toBe(false);
  expect(mayModerate(granted("read", "write"))).toBe(false);
  expect(mayModerate(granted("read", "moderate"))).toBe(true);
  expect(mayModerate(granted("moderate"), granted("read"))).toBe(false);
});

it("tells what the server said before it ended the connection once, as the reason for that", () => {
  const refusal = { code: "too_many_connections", message: "Too many.", retryable: true } as const;
  const elsewhere = { code: "rate_limited", message: "Too fast.", retryable: true } as const;
  const problemAfter = (told: typeof refusal | typeof elsewhere) =>
    roomAfter(joined(), frame("error", told), {
      type: "connection",
      connection: { state: "reconnecting", attempt: 1, refusal },
    }).problem;
  expect(problemAfter(refusal)).toBeUndefined();
  expect(problemAfter(elsewhere)).toEqual(elsewhere);
});

describe("seen by", () => {
  const room = joined({ history: [mine(1), mine(2), mine(5)] });

  it("names each reader at the last message they have read, and moves up only", () => {
    expect(seen(roomAfter(room, read("ann", 2)))).toEqual(["", "Ann", ""]);
    expect(seen(roomAfter(room, read("ann", 2), read("ann", 1)))).toEqual(["", "Ann", ""]);
    expect(seen(roomAfter(room, read("ann", 2), read("ann", 5)))).toEqual(["", "", "Ann"]);
  });

  it("takes a receipt between two messages as the earlier one's", () => {
    expect(seen(roomAfter(room, read("ann", 4)))).toEqual(["", "Ann", ""]);
  });

  it("leaves out oneself and the message's own author", () => {
    const state = roomAfter(
      joined({ history: [mine(1), message(2)] }),
      read("ben", 2),
      read("ann", 2),
    );
    expect(seen(state)).toEqual(["", ""]);
  });

  it("names all, and counts those whose name it does not know", () => {
    const users = ["Cleo", "Dan", "Eva", "Fay"].map((name) => ({ userId: name, name }));
    const reads = Object.fromEntries(["ann", "Cleo", "Dan", "Eva", "zz"].map((id) => [id, 1]));
    const history = [mine(1)];
    expect(seen(roomAfter(joined({ history, users, reads })))).toEqual([
      "Cleo, Dan, Eva, 2 others",
    ]);
    expect(seen(roomAfter(joined({ history, users, reads: { zz: 1 } })))).toEqual(["1 others"]);
  });

  it("comes with the room, and counts what oneself has not read", () => {
    const state = roomAfter(
      joined({ history: [message(1), mine(2), message(3)], reads: { ben: 1 } }),
    );
    expect(unreadCount(state.entries, state.reads, "ben")).toBe(1);
  });
});

describe("people", () => {
  it("come and go, each once", () => {
    const cleo = { userId: "cleo", name: "Cleo" };
    const state = roomAfter(joined(), frame("user_joined", cleo), frame("user_joined", cleo));
    expect(state.users.filter(({ userId }) => userId === "cleo")).toHaveLength(1);
    const gone = roomAfter(joined(), frame("user_joined", cleo), frame("user_left", cleo));
    expect(gone.users.map(({ userId }) => userId)).toEqual(["ann", "ben"]);
    expect(gone.names.get("cleo")).toBe("Cleo");
  });

  it("type until they stop, send or leave", () => {
    const typing = (on: boolean) =>
      frame("user_typing", { userId: "ann", name: "Ann", typing: on });
    const typists = (...actions: readonly Action[]) => roomAfter(joined(), ...actions).typists;
    expect(typists(typing(true), typing(true))).toEqual([{ userId: "ann", name: "Ann" }]);
    expect(typists(typing(true), typing(false))).toEqual([]);
    expect(typists(typing(true), said(message(1)))).toEqual([]);
    expect(typists(typing(true), frame("user_left", { userId: "ann", name: "Ann" }))).toEqual([]);
    expect(typists(typing(true), joined({ recovered: true }))).toEqual([]);
  });
});

describe("what is new", () => {
  const news = (state: ChatState) =>
    rows(state).flatMap((row) => (row.isFirstNew && row.kind === "message" ? row.message.seq : []));
  const history = [message(1), mine(2), message(3), message(4)];

  it("begins at the first message of others after where one left off, until one writes", () => {
    const state = roomAfter(joined({ history, reads: { ben: 1 } }), read("ben", 4));
    expect(news(state)).toEqual([3]);
    const written = { type: "written", message: outgoing("m") } as const;
    expect(news(roomAfter(joined({ history, reads: { ben: 1 } }), written))).toEqual([]);
  });

  it("has no beginning on a first visit, nor when nothing is new", () => {
    expect(news(roomAfter(joined({ history })))).toEqual([]);
    expect(news(roomAfter(joined({ history, reads: { ben: 4 } })))).toEqual([]);
  });

  it("begins elsewhere in another life of the log, and for another person", () => {
    const before = joined({ history, reads: { ben: 1 } });
    const after = { history: [message(1), message(2)], epoch: "e2" };
    expect(news(roomAfter(before, joined(after)))).toEqual([]);
    expect(news(roomAfter(before, joined({ ...after, reads: { ben: 1 } })))).toEqual([2]);
    // An imported log has another epoch, and goes on.
    expect(news(roomAfter(before, joined({ epoch: "e2", recovered: true })))).toEqual([3]);
    expect(news(roomAfter(before, joined({ history, userId: "cleo" })))).toEqual([]);
  });

  it("has none before the place where one left off is at hand", () => {
    const late = [message(50), message(51)];
    const state = roomAfter(joined({ history: late, reads: { ben: 48 } }));
    expect(news(state)).toEqual([]);
    const older = page([message(48), message(49)], { hasMore: true });
    const asked = { type: "older_asked" } as const;
    const came = { type: "older_came", before: 50, page: older } as const;
    expect(news([asked, came].reduce(reduce, state))).toEqual([49]);
  });
});

describe("people to mention", () => {
  it("are those here, whoever wrote, read, came or went, and never oneself", () => {
    const state = roomAfter(
      joined({
        history: [message(1, { userId: "cleo", userName: "Cleo" }), mine(2)],
        reads: { dan: 1, "guest-1f": 1, ben: 2 },
      }),
      frame("user_joined", { userId: "eva", name: "Eva" }),
      frame("user_left", { userId: "eva", name: "Eva" }),
      frame("user_left", { userId: "fay", name: "Fay" }),
    );
    const people = mentionable(state).map(({ name, isHere }) => `${name} ${isHere}`);
    expect(people.sort()).toEqual([
      "Ann true",
      "Cleo false",
      "Eva false",
      "Fay false",
      "dan false",
    ]);
  });

  it("are told apart by ids that turn no text around and hide nothing", () => {
    const names = new Map(["a\u202Ecod.exe", "a\u202Ecod\u200b.exe"].map((id) => [id, "Ann"]));
    expect([...tailsOf(names).values()]).toEqual(["a[U+202E]cod.exe", "a[U+202E]cod[U+200B].exe"]);
    const short = new Map(["x\u202Ea", "x\u202Eb"].map((id) => [id, "Ann"]));
    expect([...tailsOf(short).values()]).toEqual(["x[U+202E]a", "x[U+202E]b"]);
  });

  it("are told apart by the end of their ids where they share a name", () => {
    const names = new Map([
      ["guest-11aa", "Ann"],
      ["guest-22bb", "ann\u202E"],
      ["ben", "Ben"],
    ]);
    expect(tailsOf(names)).toEqual(
      new Map([
        ["guest-11aa", "11aa"],
        ["guest-22bb", "22bb"],
      ]),
    );
    const alike = new Map([
      ["1-aaaa", "Ann"],
      ["2-aaaa", "Ann"],
    ]);
    expect([...tailsOf(alike).values()]).toEqual(["1-aaaa", "2-aaaa"]);
  });
});
