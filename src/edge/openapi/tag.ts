/** What the operations are about, in the order in which they are told. */
export const TAGS = {
  Tokens: "How to get in. Everything else wants a token, or a backend's API key.",
  Messages: "What was said in a room: read it, say something, change it.",
  Listening: "Four ways to hear a room, with one cursor: change between them at will.",
  Documents: "What people write together: by Yjs, or change by change without it.",
  Rooms: "Who is there, what they have read, and what is said but never stored.",
  Notifications: "A user's inbox. It is the room `user:<userId>` and can be listened to as well.",
  "Own kinds": "What this deployment's own kinds of room take, and how their rooms stand.",
  Operations: "How the system is.",
} as const;

/** One of {@link TAGS}. */
export type Tag = keyof typeof TAGS;
