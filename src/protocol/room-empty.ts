/** What it is called outside of a room that nobody is left in it. No event of its log says so. */
export const ROOM_EMPTY = "room_empty";
