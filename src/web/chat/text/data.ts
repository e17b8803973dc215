import type { Json } from "../../../client/index.ts";

/** More of a message's data would push the conversation away. */
const DATA_CHARS = 280;

/** The data of a message that has no text, as it is written in JSON, or the beginning of it. */
export function dataWords(data: Json): string {
  const text = JSON.stringify(data);
  return text.length > DATA_CHARS ? `${text.slice(0, DATA_CHARS)}…` : text;
}
