import { describe, expect, it } from "vitest";
import type { Permission } from "../../../src/client/index.ts";
import { unreadCount } from "../../../src/web/chat/state/receipts.ts";
import type { Action } from "../../../src/web/chat/state/reduce.ts";
import { rows } from "../../../src/web/chat/state/rows.ts";
import type { ChatState } from "../../../src/web/chat/state/state.ts";
import { frame, joined, message, roomAfter, said } from "./room-fixture.ts";

const mine = (seq: number) => message(seq, { userId: "ben", userName: "Ben" });
const read = (userId: string, upTo: number) => frame("messages_read", { userId, upTo });
const seen = (state: ChatState) => rows(state).map((row) => ("seen" in row ? row.seen : ""));

it("lets those delete others' messages whose token says that they moderate", () => {
  const granted = (...permissions: Permission[]) => ({ type: "granted", permissions }) as const;
  const mayModerate = (...actions: Action[]) => roomAfter(joined(), ...actions).rights.mayModerate;
  expect(mayModerate()).toBe(false);
  expect(mayModerate(granted("read", "write"))).toBe(false);
  expect(mayModerate(granted("read", "moderate"))).toBe(true);
  expect(mayModerate(granted("moderate"), granted("read"))).toBe(false);
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

  it("counts those whose name it does not know, and cuts a long list short", () => {
    const users = ["Cleo", "Dan", "Eva", "Fay"].map((name) => ({ userId: name, name }));
    const reads = Object.fromEntries(["ann", "Cleo", "Dan", "Eva", "zz"].map((id) => [id, 1]));
    const history = [mine(1)];
    expect(seen(roomAfter(joined({ history, users, reads })))).toEqual([
      "Cleo, Dan, Eva and 2 more",
    ]);
    expect(seen(roomAfter(joined({ history, users, reads: { zz: 1 } })))).toEqual(["1 person"]);
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
