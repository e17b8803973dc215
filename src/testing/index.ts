/** Rooms of a team's own under plain Node, as `hibiki/testing`. */
export type { LiveRoom } from "../client/live-room.ts";
export type { AfterRecord, NoticeRecord, WebhookRecord } from "./records.ts";
export type { Joining, RoomKit, TestRoomOptions } from "./room-kit.ts";
export { testRoom } from "./test-kit.ts";
