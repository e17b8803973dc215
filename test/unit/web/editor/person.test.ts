import { expect, it } from "vitest";
import { peopleIn, personOf } from "../../../../src/web/editor/state/person.ts";

const me = { id: "aiko", name: "Aiko" };

it("lists everybody once, oneself first and the others by name", () => {
  const states = new Map<number, unknown>([
    [1, { user: { id: "rei", name: "Rei" } }],
    [2, { user: { ...me, name: "Another name" } }],
    [3, { user: { id: "ben", name: "Ben" } }],
    [4, { user: { id: "ben", name: "Ben" }, cursor: null }],
  ]);
  expect(peopleIn(states, me)).toEqual([
    me,
    { id: "ben", name: "Ben" },
    { id: "rei", name: "Rei" },
  ]);
});

it.each([
  ["an editor that says no id", { user: { name: "Ada", color: "#fff" } }, "client 7", "Ada"],
  ["nothing", {}, "client 7", ""],
  ["null", null, "client 7", ""],
  ["what is no text", { user: { id: 5, name: ["x"] } }, "client 7", ""],
  ["too long a name", { user: { id: "a", name: "n".repeat(500) } }, "a", "n".repeat(80)],
])("knows whoever a client says it is of: %s", (_, state, id, name) => {
  expect(personOf(7, state)).toEqual({ id, name });
});
