import { describe, expect, it } from "vitest";
import { EncodedFrame } from "../../../../src/protocol/encoded-frame.ts";
import type { Connection } from "../../../../src/room/connections/connection.ts";
import type { Audience, Outgoing } from "../../../../src/room/hooks/effect.ts";
import { fanOut } from "../../../../src/room/outlet/fan-out.ts";
import { connection } from "../support/connection.ts";
import { T0 } from "../support/scene.ts";

describe("the fan-out", () => {
  const out = (data: number, audience: Audience, owed = false): Outgoing => ({
    audience,
    frame: EncodedFrame.of({
      type: "event",
      timestamp: "t",
      payload: { event: "e", data, userId: "u" },
    }),
    place: data,
    ...(owed ? { owedToNewcomers: true } : {}),
  });

  /** What each connection is sent: the `data` of the frames of each message. */
  function heard(connections: readonly Connection[], outgoing: readonly Outgoing[]) {
    const sent: Record<string, number[][]> = {};
    const parcels = fanOut(connections, outgoing, T0);
    for (let next = parcels.next(T0); !next.done; next = parcels.next(T0)) {
      const { connection, message } = next.value;
      const { id } = connection;
      const frame = JSON.parse(String(message));
      const frames: readonly { payload: { data: number } }[] =
        frame.type === "batch" ? frame.payload : [frame];
      sent[id] = [...(sent[id] ?? []), frames.map(({ payload }) => payload.data)];
    }
    return sent;
  }

  it("tells each audience in order: all, the others, other people, one alone", () => {
    const connections = [
      connection("ada-1", { userId: "ada" }),
      connection("ada-2", { userId: "ada" }),
      connection("ben"),
    ];
    const outgoing = [
      out(0, { to: "all" }),
      out(1, { to: "connection", connectionId: "ada-1" }),
      out(2, { to: "all-but-user", userId: "ada" }),
      out(3, { to: "all-but-connection", connectionId: "ada-1" }),
      out(4, { to: "connection", connectionId: "ada-1" }),
      out(5, { to: "connection", connectionId: "gone" }),
    ];
    expect(heard(connections, outgoing)).toEqual({
      "ada-1": [[0, 1, 4]],
      "ada-2": [[0, 3]],
      ben: [[0, 2, 3]],
    });
  });

  it("publishes over HTTP, from no connection, to everyone", () => {
    const outgoing = [out(0, { to: "all-but-connection", connectionId: undefined })];
    expect(heard([connection("ada")], outgoing)).toEqual({ ada: [[0]] });
  });

  it("answers nobody for a request that has no connection", () => {
    const outgoing = [out(0, { to: "connection", connectionId: undefined })];
    expect(heard([connection("ada")], outgoing)).toEqual({});
  });

  it("spares who joined in the middle what was told before, but not what is stored", () => {
    const outgoing = [
      out(0, { to: "all" }),
      out(1, { to: "all" }, true),
      out(2, { to: "all" }),
      out(3, { to: "all" }, true),
    ];
    expect(heard([connection("old"), connection("new", { joinedAt: 2 })], outgoing)).toEqual({
      old: [[0, 1, 2, 3]],
      new: [[1, 2, 3]],
    });
  });

  it("tells a connection whose token has ended only what answers its own frames", () => {
    const outgoing = [
      out(0, { to: "all" }),
      out(1, { to: "connection", connectionId: "ended" }),
      out(2, { to: "all" }),
    ];
    const ended = connection("ended", { expiresAt: T0 });
    expect(heard([ended, connection("ben")], outgoing)).toEqual({ ended: [[1]], ben: [[0, 2]] });
  });

  it("stops in the middle of a plain reader's frames when its token ends, and still answers it", () => {
    const outgoing = [
      out(0, { to: "all" }),
      out(1, { to: "connection", connectionId: "ada" }),
      out(2, { to: "all" }),
    ];
    const ada = connection("ada", { wire: "plain", expiresAt: T0 + 1 });
    const parcels = fanOut([ada], outgoing, T0);
    const told = [parcels.next(T0), parcels.next(T0 + 1), parcels.next(T0 + 1)].map(({ value }) =>
      value === undefined ? undefined : JSON.parse(String(value.message)).payload.data,
    );
    expect(told).toEqual([0, 1, undefined]);
  });

  it("sends nothing to whoever is owed nothing, and one frame a message to a plain reader", () => {
    const outgoing = [
      out(0, { to: "all-but-user", userId: "ada" }),
      out(1, { to: "all-but-user", userId: "ada" }),
    ];
    const connections = [connection("ada"), connection("ben", { wire: "plain" })];
    expect(heard(connections, outgoing)).toEqual({ ben: [[0], [1]] });
  });
});
