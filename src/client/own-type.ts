/** Frames that only rooms of a team's own kinds bring. */
export type OwnType = "answer" | "state" | "you";
