import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import { comingWords } from "../../people/coming-words.ts";
import type { DocumentState } from "../state/document-state.ts";
import type { Person } from "../state/person.ts";

/** Cursors that go and come back within this were only on their way. */
const SETTLED_MS = 1_500;

/** Who comes and goes, and that what waited is saved, for whoever does not see it. */
export function Announcements(props: {
  readonly state: DocumentState;
  /** Where one's changes are while they cannot be sent. */
  readonly kept: string;
}) {
  const { kept } = props;
  const { people, isSynced, isSaved, connection } = props.state;
  const [words, say] = useState("");
  const known = useRef<readonly Person[]>(null);
  const waited = useRef(false);
  useLayoutEffect(() => {
    // Everybody is away while one is offline oneself.
    if (!isSynced || connection.state !== "open") return;
    const timer = setTimeout(() => {
      // Who was here before one came oneself did not come.
      const coming = comingWords(known.current ?? people, people);
      known.current = people;
      if (coming !== "") say(coming);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [people.map(({ id }) => id).join("\n"), isSynced, connection.state]);
  useLayoutEffect(() => {
    if (kept !== "") {
      waited.current = true;
      say(kept);
    } else if (isSaved && waited.current === true) {
      waited.current = false;
      say("What you wrote meanwhile is saved.");
    }
  }, [kept, isSaved]);
  return (
    <p class="visually-hidden" aria-live="polite">
      {words}
    </p>
  );
}
