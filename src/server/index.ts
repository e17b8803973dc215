export type * from "../contract/environment.ts";
export type { ChatRules } from "./chat-rules.ts";
export type { DocumentRules, KeptVersion } from "./document-rules.ts";
export type { GameRoomRules } from "./game-rules.ts";
export { hibiki } from "./hibiki.ts";
export type { Options } from "./options.ts";
export type { ObjectClass, Realtime } from "./realtime.ts";
export type { WebhookOptions } from "./webhooks.ts";
