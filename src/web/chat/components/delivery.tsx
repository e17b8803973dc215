import { problemWords } from "../../connection/words.ts";
import type { Outgoing } from "../state/outgoing.ts";
import type { LineActions } from "./line-actions.ts";

/** How far a message of one's own has come, and what to do when it has not. */
export function Delivery(props: {
  readonly message: Outgoing;
  readonly actions: Pick<LineActions, "retry" | "discard">;
}) {
  const { messageId, delivery } = props.message;
  switch (delivery.state) {
    case "waiting":
      return <p class="note waiting">Waiting to send</p>;
    case "sent":
      return <p class="note">Sent</p>;
    case "failed":
      return (
        <div class="failed">
          <p class="note">
            <strong>
              {delivery.problem.outcome === "unknown" ? "Perhaps sent." : "Not sent."}
            </strong>{" "}
            {problemWords(delivery.problem)}
          </p>
          <div class="buttons">
            {delivery.problem.retryable !== false && (
              <button type="button" class="button" onClick={() => props.actions.retry(messageId)}>
                Try again
              </button>
            )}
            <button type="button" class="button" onClick={() => props.actions.discard(messageId)}>
              Discard
            </button>
          </div>
        </div>
      );
  }
}
