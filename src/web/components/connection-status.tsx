import type { Connection } from "../connection/connection.ts";
import { connectionWords } from "../connection/words.ts";
import { useNow } from "./use-now.ts";
import { useOnline } from "./use-online.ts";

/** How the connection is, in words. The seconds are shown and not read out. */
export function ConnectionStatus(props: {
  readonly connection: Connection;
  /** Messages of one's own that go out when there is a connection. */
  readonly waiting?: number;
}) {
  const { connection, waiting = 0 } = props;
  const isOnline = useOnline();
  const now = useNow(connection.state === "reconnecting");
  const { words, countdown } = connectionWords(connection, isOnline, now);
  const isUp = connection.state === "open" && isOnline;
  return (
    <p
      class={`status ${isUp || connection.state === "closed" ? connection.state : "reconnecting"}`}
      role="status"
    >
      {words}
      <span aria-hidden="true">{countdown}</span>
      {waiting > 0 && !isUp && ` ${waiting} waiting to send.`}
    </p>
  );
}
