import { expect, it } from "vitest";
import { ChatRoom } from "../../../src/react/chat-room.ts";
import { frame, openScene } from "../client/support/scene.ts";

it("takes nobody for a typist who has left, whether or not the room says that they stopped", async () => {
  const { network, room } = await openScene();
  const chat = new ChatRoom(room);
  const bob = { userId: "bob", name: "Bob" };
  network.socket.say(frame("user_typing", { ...bob, typing: true }));
  expect(chat.typists).toEqual([bob]);
  network.socket.say(frame("user_left", bob));
  expect(chat.typists).toEqual([]);
  void chat.leave();
});
