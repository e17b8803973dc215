/** Rooms of a team's own under plain Node, as `hibiki/testing`. */
export type { LiveRoom } from "../client/live-room.ts";
export type { GameKit, GamePlayer, Told, ToldPlayer } from "./game-kit.ts";
export type { AfterRecord, NoticeRecord, WebhookRecord } from "./records.ts";
export type { Joining, RoomKit, TestRoomOptions } from "./room-kit.ts";
export { testGame } from "./test-game.ts";
export { testRoom } from "./test-kit.ts";
