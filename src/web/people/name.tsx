import { shownName } from "./shown-name.ts";

/** A person's name: of its own direction, and told from a namesake's by the end of the id. */
export function Name(props: { readonly of: string; readonly tail?: string | undefined }) {
  return (
    <>
      <bdi>{shownName(props.of)}</bdi>
      {props.tail !== undefined && <small class="tail">{` ·${props.tail}`}</small>}
    </>
  );
}
