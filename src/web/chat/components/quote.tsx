import { shownName } from "../../people/shown-name.ts";
import { isDeleted } from "../state/entry.ts";
import type { Quoted } from "../state/rows.ts";
import { dataWords } from "../text/data.ts";

/** The message that another one answers, in one line; it leads there. */
export function Quote(props: { readonly quoted: Quoted; readonly jump: (seq: number) => void }) {
  const { seq, entry } = props.quoted;
  const author = entry?.userName === undefined ? "an earlier message" : shownName(entry.userName);
  return (
    <button type="button" class="quote" onClick={() => props.jump(seq)}>
      <span class="visually-hidden">In reply to </span>
      <span class="quote-author" dir="auto">
        {author}
      </span>
      <span class="quote-text" dir="auto">
        {gist(entry)}
      </span>
    </button>
  );
}

function gist(entry: Quoted["entry"]): string {
  if (entry === undefined) return "Show it";
  if (isDeleted(entry)) return "Message deleted";
  return entry.content === "" && entry.data !== undefined ? dataWords(entry.data) : entry.content;
}
