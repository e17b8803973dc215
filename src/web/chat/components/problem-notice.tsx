import { Icon } from "../../components/icon.tsx";
import type { Problem } from "../../connection/connection.ts";
import { problemWords } from "../../connection/words.ts";

/** What was refused last, until it is put away. */
export function ProblemNotice(props: { readonly problem: Problem; readonly dismiss: () => void }) {
  return (
    <div class="problem">
      <p role="alert">{problemWords(props.problem)}</p>
      <button type="button" class="action" aria-label="Dismiss" onClick={props.dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}
