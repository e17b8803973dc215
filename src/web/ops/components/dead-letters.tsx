import { useRef, useState } from "hono/jsx/dom";
import { askAgain, askLetters } from "../letters/ask.ts";
import { type Letters, letterWords, reasonWords } from "../letters/page.ts";

/** What is shown of one room's dead letters. */
interface Shown extends Letters {
  readonly room: string;
}

/** What a room has given up, and the way to send it again. */
export function DeadLetters({ apiKey }: { readonly apiKey: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const [words, setWords] = useState("");
  const show = async (room: string, done = "") => {
    const answer = await askLetters(apiKey, room);
    setShown(answer.ok ? { room, ...answer.value } : undefined);
    setWords(answer.ok ? `${done}${countWords(answer.value.count, room)}` : answer.words);
  };
  const again = async (room: string, id?: number) => {
    const answer = await askAgain(apiKey, room, id);
    if (answer.ok) await show(room, `Sent again: ${answer.value}. `);
    else setWords(answer.words);
  };
  return (
    <section class="letters" aria-label="Dead letters">
      <h2>Dead letters</h2>
      <p class="note">
        Webhook messages, rules, notices and timers that a room has given up. Sending again uses the
        same key.
      </p>
      <form
        class="letters-form"
        aria-label="Which room's dead letters"
        onSubmit={(event: Event) => {
          event.preventDefault();
          const room = field.current?.value.trim() ?? "";
          if (room !== "") void show(room);
        }}
      >
        <label for="letters-room">Room</label>
        <input class="field" id="letters-room" ref={field} required autocomplete="off" />
        <button type="submit" class="button">
          Show
        </button>
        {shown !== undefined && shown.count > 0 && (
          <button type="button" class="button" onClick={() => void again(shown.room)}>
            Send all again
          </button>
        )}
      </form>
      <p role="status">{words}</p>
      {shown !== undefined && shown.letters.length > 0 && (
        <Table shown={shown} again={(id) => void again(shown.room, id)} />
      )}
    </section>
  );
}

function Table(props: { readonly shown: Shown; readonly again: (id: number) => void }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">What, for whom</th>
          <th scope="col">Why</th>
          <th scope="col">Given up</th>
          <th scope="col">Again</th>
        </tr>
      </thead>
      <tbody>
        {props.shown.letters.map((letter) => (
          <tr key={letter.id}>
            <th scope="row">{letterWords(letter)}</th>
            <td>{reasonWords(letter.reason)}</td>
            <td>{whenWords(letter.givenUpAt)}</td>
            <td>
              <button
                type="button"
                class="button"
                aria-label={`Send again: ${letterWords(letter)}`}
                onClick={() => props.again(letter.id)}
              >
                Send again
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function countWords(count: number, room: string): string {
  if (count === 0) return `${room} has given up nothing.`;
  return `${room} has given up ${count}.`;
}

function whenWords(at: string): string {
  return at === "" ? "" : new Date(at).toLocaleString();
}
