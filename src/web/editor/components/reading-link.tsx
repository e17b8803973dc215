import { useId, useState } from "hono/jsx/dom";
import { Icon } from "../../components/icon.tsx";
import { usePopup } from "../../components/use-popup.ts";
import { problemWords } from "../../connection/words.ts";
import { requestGuest } from "../../identity/guest.ts";
import type { Identity } from "../../identity/identity.ts";
import { DOCUMENTS } from "../documents.ts";

/** Whether somebody who opens the link could read by it. */
type Way = "unknown" | "open" | "no guests" | { readonly words: string };

/** Gives a link with which one reads only. */
export function ReadingLink(props: { readonly name: string; readonly identity: Identity }) {
  const { name, identity } = props;
  const popup = usePopup();
  const id = useId();
  const [way, setWay] = useState<Way>(identity.guest ? "open" : "unknown");
  const look = async () => {
    // Only who asks as a guest learns whether guests are let in here. A token's own name may be none.
    const result = await requestGuest("Reader", undefined, {
      [DOCUMENTS.roomOf(name)]: ["read"],
    });
    if (result.kind === "guest") return setWay("open");
    if (result.kind === "guests_off") return setWay("no guests");
    return setWay({ words: problemWords(result.problem) });
  };
  return (
    <div class="sharing" ref={popup.frame}>
      <button
        type="button"
        class="button folding"
        aria-expanded={String(popup.isOpen)}
        aria-controls={id}
        onClick={() => {
          // What was refused may be let in now.
          if (!popup.isOpen && way !== "open" && way !== "no guests") void look();
          popup.toggle();
        }}
      >
        <Icon name="link" />
        <span>Read-only link</span>
      </button>
      {popup.isOpen && (
        <div class="popup share" id={id} role="dialog" aria-label="Read-only link" tabIndex={-1}>
          <Offer name={name} way={way} />
        </div>
      )}
    </div>
  );
}

function Offer({ name, way }: { readonly name: string; readonly way: Way }) {
  if (way === "unknown") return <p>One moment…</p>;
  if (way === "open") return <Link name={name} />;
  if (way !== "no guests") return <p role="alert">{way.words}</p>;
  return (
    <>
      <p>
        This server lets no guests in, so that a link alone cannot let anybody read. Your backend
        can: have it make a token for the reader with
      </p>
      <pre>
        <code>{JSON.stringify({ rooms: { [DOCUMENTS.roomOf(name)]: ["read"] } })}</code>
      </pre>
      <p>
        (<a href="/docs#createToken">POST /v1/tokens</a>); who signs in with it here reads, and does
        not write.
      </p>
    </>
  );
}

function Link({ name }: { readonly name: string }) {
  const [words, setWords] = useState("Copy");
  const address = new URL(DOCUMENTS.lessPathOf(name), location.href).href;
  const copy = async () => {
    try {
      // Absent, not only forbidden, on pages that are served over plain HTTP.
      await navigator.clipboard.writeText(address);
      setWords("Copied");
    } catch {
      setWords("Select it to copy");
    }
  };
  return (
    <>
      <p>
        Whoever opens this link reads along, as a guest whose token cannot write. It is no lock:
        guests of this server may also write, at the address without <code>?read</code>.
      </p>
      <input
        class="field"
        readOnly
        value={address}
        aria-label="Address"
        onFocus={(event: Event) => {
          if (event.target instanceof HTMLInputElement) event.target.select();
        }}
      />
      <button
        type="button"
        class="button primary"
        onClick={() => void copy()}
        onBlur={() => setWords("Copy")}
      >
        <span aria-live="polite">{words}</span>
      </button>
    </>
  );
}
