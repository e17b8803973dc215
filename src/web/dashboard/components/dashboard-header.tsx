import { Brand } from "../../components/brand.tsx";
import { ConnectionStatus } from "../../components/connection-status.tsx";
import { Icon } from "../../components/icon.tsx";
import { PageLinks } from "../../components/page-links.tsx";
import { SignOut } from "../../components/sign-out.tsx";
import type { Connection } from "../../connection/connection.ts";
import { SPANS, type Span, spanOf } from "../span.ts";

/** Which topic this is, how it is connected, and how it is looked at. */
export function DashboardHeader(props: {
  readonly topic: string;
  readonly connection: Connection;
  readonly span: Span;
  readonly setSpan: (span: Span) => void;
  readonly isPaused: boolean;
  readonly setPaused: (isPaused: boolean) => void;
  readonly signOut: () => void;
}) {
  const { isPaused } = props;
  return (
    <header class="top">
      <Brand />
      <div class="title">
        <h1>{props.topic}</h1>
        <ConnectionStatus connection={props.connection} />
      </div>
      <PageLinks current="/dashboard" />
      <div class="controls">
        <select
          class="field"
          aria-label="Time shown"
          onChange={(event: Event) => {
            if (event.target instanceof HTMLSelectElement) {
              props.setSpan(spanOf(Number(event.target.value)));
            }
          }}
        >
          {SPANS.map(({ seconds, words }) => (
            <option key={seconds} value={String(seconds)} selected={seconds === props.span.seconds}>
              {capitalized(words)}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button"
          aria-pressed={String(isPaused)}
          onClick={() => props.setPaused(!isPaused)}
        >
          <Icon name={isPaused ? "play" : "pause"} />
          Pause
        </button>
        <SignOut signOut={props.signOut} />
      </div>
    </header>
  );
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
