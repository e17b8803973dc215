import type { Message } from "../../../client/index.ts";
import { Icon } from "../../components/icon.tsx";
import { Name } from "../../people/name.tsx";

/** Which message the next one will answer, above the field. */
export function ReplyBanner(props: { readonly message: Message; readonly end: () => void }) {
  return (
    <div class="replying" role="status">
      <p>
        Replying to{" "}
        <strong>
          <Name of={props.message.userName} />
        </strong>
        <span class="quote-text" dir="auto">
          {props.message.content}
        </span>
      </p>
      <button type="button" class="action" aria-label="Do not reply" onClick={props.end}>
        <Icon name="close" />
      </button>
    </div>
  );
}
