import { afterEach, expect, it, vi } from "vitest";
import { testRoom } from "../../../src/testing/index.ts";
import { polls } from "../../fixtures/kinds/poll.ts";

afterEach(() => vi.restoreAllMocks());

it("says which Node it needs, on one that has no SQLite", () => {
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
  expect(() => testRoom(polls)).toThrow(
    /Node's own SQLite, which is there from Node 22\.13 on; this is Node v\d/,
  );
});
