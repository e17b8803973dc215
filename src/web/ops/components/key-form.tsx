import { useLayoutEffect, useRef } from "hono/jsx/dom";
import { Brand } from "../../components/brand.tsx";
import { PageLinks } from "../../components/page-links.tsx";

/** Asks for the API key. It stays in this tab, and never gets into the address. */
export function KeyForm(props: { readonly problem: string; readonly open: (key: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), [props.problem]);
  return (
    <main class="sign-in">
      <form
        class="card"
        aria-label="API key"
        onSubmit={(event: Event) => {
          event.preventDefault();
          const key = field.current?.value.trim() ?? "";
          if (key !== "") props.open(key);
        }}
      >
        <Brand />
        <h1>Operations</h1>
        <p class="about">
          What this Hibiki server is doing right now. The key is the one that was set with{" "}
          <code>wrangler secret put API_KEY</code>; it stays in this tab.
        </p>
        <label for="api-key">The server's API key</label>
        <input
          class="field"
          id="api-key"
          ref={field}
          type="password"
          required
          autocomplete="off"
          spellcheck={false}
          aria-invalid={props.problem === "" ? undefined : "true"}
          aria-describedby="api-key-problem"
        />
        <p class="problem-text" id="api-key-problem" role="alert">
          {props.problem}
        </p>
        <button type="submit" class="button primary">
          Show the numbers
        </button>
        <PageLinks current="/ops" />
      </form>
    </main>
  );
}
