import type { ChatState } from "../state/state.ts";
import { connectionWords } from "../text/words.ts";
import { useNow } from "./use-now.ts";
import { useOnline } from "./use-online.ts";

/** How the connection is, in words. The seconds are shown and not read out. */
export function ConnectionStatus({ state }: { readonly state: ChatState }) {
  const { connection, outgoing } = state;
  const isOnline = useOnline();
  const now = useNow(connection.state === "reconnecting");
  const { words, countdown } = connectionWords(connection, isOnline, now);
  const waiting = outgoing.filter(({ delivery }) => delivery.state === "waiting").length;
  const isWaiting = waiting > 0 && connection.state !== "open";
  return (
    <p class={`status ${connection.state}`} role="status">
      {words}
      <span aria-hidden="true">{countdown}</span>
      {isWaiting && ` ${waiting} waiting to send.`}
    </p>
  );
}
