/** A rule of a kind by where it runs, as metrics and `GET /stats` call it. */
export type Hook =
  | "authorize"
  | "review"
  | "before"
  | "apply"
  | "timers"
  | "queries"
  | "after"
  | "joined"
  | "left"
  | "empty"
  | GameHook;

/** A function of a game that is a team's, and its schema of input. */
export type GameHook = "world" | "input" | "join" | "steer" | "step" | "leave" | "sees" | "save";
