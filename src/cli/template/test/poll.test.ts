import assert from "node:assert/strict";
import { test } from "node:test";
import { testRoom } from "hibiki/testing";
import { OPEN_MS, polls } from "../src/polls.ts";

test("counts the last vote of each person", async () => {
  const room = testRoom(polls);
  const ada = await room.join("ada");
  const ben = await room.join("ben");

  await ada.send("vote", { option: "Soba" });
  await ben.send("vote", { option: "Soba" });
  await ada.send("vote", { option: "Udon" });

  assert.deepEqual(room.state.votes, { ada: "Udon", ben: "Soba" });
  assert.deepEqual(ben.state, room.state);
});

test("closes an hour after the first vote, even if the room has crashed and slept meanwhile", async () => {
  const room = testRoom(polls);
  const ada = await room.join("ada");
  await ada.send("vote", { option: "Soba" });

  await room.crash();
  await room.flush();
  await room.hibernate();
  await room.advance(OPEN_MS);

  assert.equal(room.state.winner, "Soba");
  await assert.rejects(ada.send("vote", { option: "Udon" }), { code: "closed" });
});
