import { expect, it } from "vitest";
import * as z from "zod";
import { contract, server } from "../../../src/contract/index.ts";
import {
  useMessages,
  usePresence,
  usePresenceFrame,
  useRoom,
  useTopic,
} from "../../../src/react/index.ts";

const poll = contract("poll", {
  events: { vote: z.object({ option: z.string() }), closed: server(z.object({})) },
  state: z.object({ open: z.boolean(), votes: z.record(z.string(), z.string()) }),
  initial: { open: true, votes: {} },
  presence: z.object({ color: z.string() }),
  errors: ["closed"],
});

it("types what a component sees by the contract, by what it selects and by whether it waits", () => {
  const checked = () => {
    const plain = useRoom(poll, "poll:lunch");
    const open: boolean | undefined = plain.state?.open;
    const waited = useRoom(poll, "poll:lunch", { suspense: true });
    const isOpen: boolean = waited.state.open;
    const selected = useRoom(poll, "poll:lunch", { select: ({ votes }) => Object.keys(votes) });
    const voters: readonly string[] | undefined = selected.state;
    const both = useRoom(poll, "poll:lunch", { select: ({ open }) => open, suspense: true });
    const isBoth: boolean = both.state;
    const isClosed: boolean = plain.error?.code === "closed";
    void plain.send("vote", { option: "soup" }, { optimistic: true });
    // @ts-expect-error: no code of the contract, nor of Hibiki's.
    const isFull = plain.error?.code === "full";
    // @ts-expect-error: before the first join there is no state.
    const unsure: string[] = selected.state;
    // @ts-expect-error: no field of the state.
    useRoom(poll, "poll:lunch", { select: ({ closed }) => closed });
    // @ts-expect-error: a room of another kind.
    useRoom(poll, "chat:lunch");
    // @ts-expect-error: no such event.
    void plain.send("voted", { option: "soup" });
    // @ts-expect-error: kept for the server.
    void plain.send("closed", {});

    const shown: string | undefined = usePresence(poll, "poll:lunch")[0]?.data?.color;
    const someone: string | undefined = usePresence("general")[0]?.name;
    // @ts-expect-error: a room of another kind.
    usePresence(poll, "chat:lunch");

    usePresenceFrame(poll, "poll:lunch", (people, now) => {
      const color: string | undefined = people[0]?.data?.color;
      const at: number = now;
      // @ts-expect-error: not what the contract has people show.
      const size = people[0]?.data?.size;
      return [color, at, size];
    });
    usePresenceFrame("general", (people) => people[0]?.name);
    // @ts-expect-error: a room of another kind.
    usePresenceFrame(poll, "chat:lunch", () => {});

    const { messages } = useMessages<{ data: { color: string } }>("general");
    const color: string | undefined = messages[0]?.data?.color;
    const { last, publish } = useTopic<{ load: number }>("cpu");
    const load: number | undefined = last.load?.data;
    publish("load", 1);
    // @ts-expect-error: not its data.
    publish("load", "1");
    return [open, isOpen, voters, isBoth, isClosed, isFull, unsure, shown, someone, color, load];
  };
  expect(checked).toBeTypeOf("function");
});
