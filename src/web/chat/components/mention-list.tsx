import { Avatar } from "../../people/avatar.tsx";
import { Name } from "../../people/name.tsx";
import type { Tails } from "../../people/namesakes.ts";
import type { Mentionable } from "../text/mention.ts";

/** Ids that the composer's field refers to. */
export function mentionOptionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** The people an unfinished mention may mean. The focus stays in the field. */
export function MentionList(props: {
  readonly id: string;
  readonly people: readonly Mentionable[];
  readonly tails: Tails;
  readonly chosen: number;
  readonly pick: (user: Mentionable) => void;
}) {
  return (
    <div class="mentions" role="listbox" id={props.id} aria-label="People to mention">
      {props.people.map((user, index) => (
        <div
          key={user.userId}
          class="mention-option"
          role="option"
          id={mentionOptionId(props.id, index)}
          aria-selected={String(index === props.chosen)}
          tabIndex={-1}
          // Before the field would lose the focus.
          onMouseDown={(event: MouseEvent) => {
            event.preventDefault();
            props.pick(user);
          }}
        >
          <Avatar name={user.name} tail={props.tails.get(user.userId)} />
          <span class="name">
            <Name of={user.name} tail={props.tails.get(user.userId)} />
          </span>
          {!user.isHere && <small class="absent">not here now</small>}
        </div>
      ))}
    </div>
  );
}
