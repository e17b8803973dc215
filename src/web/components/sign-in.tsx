import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import { problemWords } from "../connection/words.ts";
import { requestGuest } from "../identity/guest.ts";
import { type Identity, identityOfToken, isValid, tokenIn } from "../identity/identity.ts";
import { isComposing } from "../input/composition.ts";
import { Brand } from "./brand.tsx";
import { PageLinks } from "./page-links.tsx";
import { TokenHelp } from "./token-help.tsx";

/** The longest name that the server takes. */
const NAME_CHARS = 80;

/** Asks who one is: a name for a guest, or a token from one's own server. */
export function SignIn(props: {
  readonly title: string;
  /** What this is, in a sentence. */
  readonly about: string;
  readonly page: "/" | "/editor" | "/game" | "/dashboard";
  readonly name: string;
  readonly signedIn: (identity: Identity) => void;
}) {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const [way, setWay] = useState<"name" | "token">("name");
  // The first layout effects run before the page has its elements: what is not there has no focus.
  useLayoutEffect(() => queueMicrotask(() => field.current?.focus()), [way]);
  const [problem, setProblem] = useState("");
  const [hasGuests, setHasGuests] = useState(true);
  const [isAsking, setAsking] = useState(false);

  const byName = async (name: string) => {
    setAsking(true);
    const result = await requestGuest(name);
    setAsking(false);
    switch (result.kind) {
      case "guest":
        return props.signedIn(result.identity);
      case "guests_off":
        setProblem("This server does not let guests in. Paste a token instead.");
        setHasGuests(false);
        return setWay("token");
      case "refused":
        return setProblem(problemWords(result.problem));
    }
  };
  const byToken = (text: string) => {
    const identity = identityOfToken(tokenIn(text));
    if (identity === undefined) return setProblem("That is not a token.");
    if (!isValid(identity, Date.now())) return setProblem("That token has ended. Get a new one.");
    return props.signedIn(identity);
  };

  return (
    <main class="sign-in">
      <form
        class="card"
        aria-label="Sign in"
        onSubmit={(event: Event) => {
          event.preventDefault();
          const value = field.current?.value.trim() ?? "";
          if (value === "" || isAsking) return;
          setProblem("");
          if (way === "name") void byName(value);
          else byToken(value);
        }}
      >
        <Brand />
        <h1>{props.title}</h1>
        <p class="about">
          {props.about} <a href="/docs">How to use it from code</a>
        </p>
        <label for="who">{way === "name" ? "Your name" : "Your token"}</label>
        {way === "name" ? (
          <input
            class="field"
            id="who"
            ref={field}
            dir="auto"
            required
            maxLength={NAME_CHARS}
            value={props.name}
            autocomplete="nickname"
            aria-describedby="sign-in-problem"
          />
        ) : (
          <textarea
            class="field token"
            id="who"
            ref={field}
            required
            rows={4}
            aria-describedby="sign-in-problem"
            // A token has no line breaks.
            onKeyDown={(event: KeyboardEvent) => {
              if (event.key !== "Enter" || isComposing(event)) return;
              event.preventDefault();
              field.current?.form?.requestSubmit();
            }}
          />
        )}
        <p class="problem-text" id="sign-in-problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="button primary" aria-disabled={String(isAsking)}>
          {isAsking ? "One moment…" : "Enter"}
        </button>
        <button
          type="button"
          class="button plain"
          onClick={() => {
            setProblem("");
            setWay(way === "name" ? "token" : "name");
          }}
        >
          {way === "name" ? "Use a token instead" : "Enter as a guest instead"}
        </button>
        {way === "token" && <TokenHelp isOpen={!hasGuests} />}
        <PageLinks current={props.page} />
      </form>
    </main>
  );
}
