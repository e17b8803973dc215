import { expect, it } from "vitest";
import * as z from "zod";
import { refusal } from "../../../src/client/live-room.ts";
import { contract, server } from "../../../src/contract/index.ts";
import { openScene } from "./support/scene.ts";

const poll = contract("poll", {
  events: {
    vote: z.object({ option: z.string() }),
    rated: z.object({ stars: z.string().transform(Number) }),
    closed: server(z.object({ winner: z.string() })),
  },
  signals: { hover: z.object({ option: z.string() }) },
  state: z.object({ open: z.boolean(), votes: z.record(z.string(), z.string()) }),
  initial: { open: true, votes: {} },
  member: z.object({ role: z.enum(["owner", "voter"]) }),
  presence: z.object({ color: z.string() }),
  queries: {
    tally: { input: z.object({ top: z.number() }), output: z.record(z.string(), z.number()) },
  },
  errors: ["closed", "not_a_member"],
});

const board = contract("board", { events: { put: z.object({}) }, receipts: true });

it("types a room by its contract, and takes nothing that the contract does not", async () => {
  const { client } = await openScene();
  const checked = async () => {
    const room = client.room(poll, "poll:lunch");
    const { seq, duplicate } = await room.send("vote", { option: "soup" }, { optimistic: true });
    const whole: [number, boolean] = [seq, duplicate];
    const told: boolean = room.signal("hover", { option: "soup" });
    room.present({ color: "red" });
    room.present(null);
    const answer: Record<string, number> = await room.query("tally", { top: 3 }, { timeoutMs: 5 });
    room.on("closed", ({ data, actorId, seq: at }) => [data.winner.length, actorId.length, at + 1]);
    room.on("hover", ({ data }) => data.option.length);
    room.on("error", ({ code, message, retryAfterMs, data }) => {
      const isRefused: boolean = code === "not_a_member" || code === "access_denied";
      // @ts-expect-error: no code of the contract, nor of Hibiki's.
      const isSold: boolean = code === "sold_out";
      return [isRefused, isSold, message.length, retryAfterMs?.toFixed(), data];
    });
    const read: number | undefined = room.reads["ada"];
    client.room(board, "board:a").read(3);
    // @ts-expect-error: its contract has no receipts.
    room.read(3);
    // @ts-expect-error: no seq.
    client.room(board, "board:a").read("3");
    // What is heard is the schema's output, what is sent its input.
    room.on("rated", ({ data }) => data.stars.toFixed());
    void room.send("rated", { stars: "5" });
    const open: boolean | undefined = room.state?.open;
    const role: "owner" | "voter" | undefined = room.you?.member.role;
    const color: string | undefined = room.users[0]?.data?.color;
    const error = refusal(poll, undefined);
    const isOver: boolean = error?.code === "closed" || error?.code === "access_denied";

    // @ts-expect-error: a payload of another shape.
    void room.send("vote", { choice: "soup" });
    // @ts-expect-error: no payload.
    void room.send("vote");
    // @ts-expect-error: what a transform puts out.
    void room.send("rated", { stars: 5 });
    // @ts-expect-error: no such event.
    void room.send("voted", { option: "soup" });
    // @ts-expect-error: kept for the server.
    void room.send("closed", { winner: "soup" });
    // @ts-expect-error: a signal is no event.
    void room.send("hover", { option: "soup" });
    // @ts-expect-error: an event is no signal.
    room.signal("vote", { option: "soup" });
    // @ts-expect-error: not what may be shown.
    room.present({ colour: "red" });
    // @ts-expect-error: not what is asked with.
    void room.query("tally", { top: "3" });
    // @ts-expect-error: no such query.
    void room.query("count", {});
    // @ts-expect-error: no such event to hear of.
    room.on("voted", () => {});
    // @ts-expect-error: a signal is not stored.
    room.on("hover", ({ seq: at }) => at);
    // @ts-expect-error: data of another type.
    room.on("vote", ({ data }) => data.option.toFixed());
    // @ts-expect-error: a room of another kind,
    client.room(poll, "chat:lunch");
    // @ts-expect-error: or of none.
    client.room(poll, "lunch");
    // @ts-expect-error: nobody writes into the state.
    if (room.state !== undefined) room.state.open = false;
    // @ts-expect-error: however deep.
    if (room.state !== undefined) room.state.votes["ann"] = "soup";
    // @ts-expect-error: no field of the state.
    const closed = room.state?.closed;
    // @ts-expect-error: no role of a member.
    const isGuest = room.you?.member.role === "guest";
    // @ts-expect-error: no code of the contract, nor of Hibiki's.
    const isFull = error?.code === "full";
    return [whole, told, answer, read, open, role, color, isOver, closed, isGuest, isFull];
  };
  expect(checked).toBeTypeOf("function");
});
