import { expect, it } from "vitest";
import type { Json } from "../../../src/protocol/json.ts";
import { openScene } from "./support/scene.ts";

interface Point {
  readonly x: number;
  readonly label?: string;
}
interface Prices {
  price: { symbol: string; value: number };
}

it("takes any type that JSON can carry as data, an interface too, and no other", async () => {
  const { client, room } = await openScene();
  const point: Point = { x: 1 };
  const json = JSON.parse("1") as Json;
  const checked = () => {
    void room.send("a", { data: point });
    void room.send("a", { data: json, timeoutMs: 5 });
    room.publish("cursor", json);
    room.publish("cursor", point);
    room.publish("cursor", [point, null, "text", { nested: [point] }]);
    // @ts-expect-error: JSON carries no functions.
    room.publish("cursor", { f: () => 1 });
    // @ts-expect-error: nor symbols,
    room.publish("cursor", { s: Symbol("a") });
    // @ts-expect-error: nor bigints,
    room.publish("cursor", 1n);
    // @ts-expect-error: nor undefined in a list, which a reader would get as null,
    room.publish("cursor", [1, undefined]);
    room.publish("cursor", { a: undefined });
    // @ts-expect-error: nor dates, which a reader would get as text.
    void room.send("a", { data: { at: new Date() } });

    const topic = client.topic<Prices>("prices");
    topic.publish("price", { symbol: "a", value: 1 });
    // @ts-expect-error: no such event.
    topic.publish("prise", { symbol: "a", value: 1 });
    // @ts-expect-error: not its data.
    topic.publish("price", { symbol: 1 });
    const value: number | undefined = topic.last.price?.data.value;
    topic.on("event", ({ event, data }) => {
      const name: "price" = event;
      return [name, data.symbol.length, value];
    });

    const typed = client.room<{ data: Point; events: { cursor: Point } }>("typed");
    void typed.send("a", { data: point });
    // @ts-expect-error: not this room's data.
    void typed.send("a", { data: { y: 1 } });
    typed.on("new_message", ({ data }) => data?.x.toFixed());
    typed.on("event", ({ data }) => data.x.toFixed());
  };
  expect(checked).toBeTypeOf("function");
});

it("refuses at run time what JSON cannot carry, and leaves out what is undefined", async () => {
  const { network, room } = await openScene();
  const careless = (data: unknown) => () => room.publish("e", data as string);
  for (const data of [
    () => 1,
    1n,
    new Date(),
    new Map(),
    Number.NaN,
    2 ** 53,
    "\ud800",
    JSON.parse('{"__proto__": 1}'),
    Array.from({ length: 16 }).reduce((inner) => [inner], [1]),
  ]) {
    expect(careless(data)).toThrow(expect.objectContaining({ code: "invalid_frame" }));
  }
  expect(room.publish("e", { a: undefined, b: 1e21 })).toBe(true);
  expect(network.socket.of("publish")[0]?.payload?.data).toEqual({ b: 1e21 });
});
