import { refusal } from "../protocol/error.ts";

/** What the sender of one request is told when that request stumbles over our code or a kind's. */
export const REQUEST_FAILED = refusal(
  "internal",
  "Something went wrong on our side with this request alone; nothing changed.",
);
