export type { ChatRules } from "./chat-rules.ts";
export { hibiki, type ObjectClass, type Realtime } from "./hibiki.ts";
export type { Options } from "./options.ts";
export type { RoomCaller } from "./room-caller.ts";
export type { WebhookOptions } from "./webhooks.ts";
