import type { User } from "../../../client/index.ts";
import { Avatar } from "./avatar.tsx";

/** Ids that the composer's field refers to. */
export function mentionOptionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** The people an unfinished mention may mean. The focus stays in the field. */
export function MentionList(props: {
  readonly id: string;
  readonly people: readonly User[];
  readonly chosen: number;
  readonly pick: (user: User) => void;
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
          <Avatar name={user.name} />
          {user.name}
        </div>
      ))}
    </div>
  );
}
