import { refusal } from "./error.ts";

/** What is refused with the same words in more than one place. */
export const BACKEND_ONLY = refusal("access_denied", "Only the API key may do this.");
