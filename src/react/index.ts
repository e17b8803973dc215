/** The SDK as hooks, as `hibiki/react`. */
export { HibikiProvider, type HibikiProviderProps } from "./provider.ts";
export { type UsedDocument, useDocument } from "./use-document.ts";
export { type UsedGame, useGame } from "./use-game.ts";
export { useGameFrame } from "./use-game-frame.ts";
export { useInbox } from "./use-inbox.ts";
export { useMessages } from "./use-messages.ts";
export { usePresence } from "./use-presence.ts";
export { usePresenceFrame } from "./use-presence-frame.ts";
export { type UsedRoom, type UseRoomOptions, useRoom } from "./use-room.ts";
export { useTopic } from "./use-topic.ts";
export { type UsedTyping, useTyping } from "./use-typing.ts";
export { type UsedUnread, useUnread } from "./use-unread.ts";
