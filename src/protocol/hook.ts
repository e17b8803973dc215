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
  | "empty";
