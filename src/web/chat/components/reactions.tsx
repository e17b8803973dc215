import type { Reactions as ReactionMap } from "../../../client/index.ts";
import { isolated, listNames, shownName } from "../../people/shown-name.ts";
import { emojiName } from "../emoji.ts";

/** The reactions to a message, each a switch for one's own. */
export function Reactions(props: {
  readonly reactions: ReactionMap;
  readonly me: string;
  readonly names: ReadonlyMap<string, string>;
  readonly mayToggle: boolean;
  readonly toggle: (emoji: string, isMine: boolean) => void;
}) {
  return (
    <ul class="reactions" aria-label="Reactions" aria-live="off">
      {Object.entries(props.reactions).map(([emoji, userIds]) => {
        const isMine = userIds.includes(props.me);
        const who = userIds.map((id) => nameOf(id, props.me, props.names));
        return (
          <li key={emoji}>
            <button
              type="button"
              class="reaction"
              // Still to be reached and read by those who may only look.
              aria-disabled={props.mayToggle ? undefined : "true"}
              aria-pressed={String(isMine)}
              aria-label={`${emojiName(emoji)}, ${userIds.length}: ${listNames(who.map(shownName))}`}
              title={listNames(who.map(isolated))}
              onClick={() => {
                if (props.mayToggle) props.toggle(emoji, isMine);
              }}
            >
              <span class="emoji">{emoji}</span> {userIds.length}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function nameOf(userId: string, me: string, names: ReadonlyMap<string, string>): string {
  return userId === me ? "you" : (names.get(userId) ?? "someone");
}
