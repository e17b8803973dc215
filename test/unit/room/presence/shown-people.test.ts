import { expect, it } from "vitest";
import { RoomScene } from "../support/scene.ts";

it.each([
  ["general", ["ada", "ben"]],
  ["topic:prices", []],
  ["user:ada", []],
])("in %s the greeting and the list of people show %j", (name, shown) => {
  const scene = new RoomScene(name);
  scene.join("ada");
  scene.join("ben");
  const [greeting] = scene.sockets.payloads("ben", "joined_room");
  const users = greeting?.["users"] as readonly { readonly userId: string }[];
  expect(users.map(({ userId }) => userId)).toEqual(shown);
  expect(scene.room.shownUsers.map(({ userId }) => userId)).toEqual(shown);
  expect(scene.room.users).toHaveLength(2);
});
