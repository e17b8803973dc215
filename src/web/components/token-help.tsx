import { useState } from "hono/jsx/dom";

/** What asks a server for a token, by its API key. */
function command(origin: string): string {
  return [
    `curl -X POST '${origin}/v1/tokens' \\`,
    `  -H "Authorization: Bearer $API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"sub":"ada","name":"Ada","rooms":{"*":["read","write","publish"]}}'`,
  ].join("\n");
}

/** How to get a token where guests are not let in. */
export function TokenHelp({ isOpen }: { readonly isOpen: boolean }) {
  const [words, setWords] = useState("Copy");
  const text = command(location.origin);
  const copy = async () => {
    try {
      // Absent, not only forbidden, on pages that are served over plain HTTP.
      await navigator.clipboard.writeText(text);
      setWords("Copied");
    } catch {
      setWords("Select it to copy");
    }
  };
  return (
    <details class="token-help" open={isOpen}>
      <summary>How to get a token</summary>
      <p>
        Your own backend asks for one for each of its users, with the API key. To try it, do so by
        hand:
      </p>
      <pre>
        <code>{text}</code>
      </pre>
      <button
        type="button"
        class="button"
        onClick={() => void copy()}
        onBlur={() => setWords("Copy")}
      >
        <span aria-live="polite">{words}</span>
      </button>
      <p>
        Then paste the answer, or the <code>token</code> in it, above. <code>$API_KEY</code> is what
        was set with <code>wrangler secret put API_KEY</code>; with <code>npm run dev</code> it is
        in <code>.dev.vars</code>. More in the <a href="/docs#mintToken">API docs</a>.
      </p>
    </details>
  );
}
