import type { User } from "../../../client/index.ts";
import { Name } from "../../people/name.tsx";
import type { Tails } from "../../people/namesakes.ts";

/** Who is writing; nothing when nobody is. */
export function Typing(props: { readonly typists: readonly User[]; readonly tails: Tails }) {
  return (
    <p class="typing" role="status">
      {wordsOf(props.typists, props.tails)}
    </p>
  );
}

function wordsOf([first, second, third]: readonly User[], tails: Tails) {
  const name = ({ userId, name: of }: User) => <Name of={of} tail={tails.get(userId)} />;
  if (first === undefined) return null;
  if (second === undefined) return <>{name(first)} is typing…</>;
  if (third !== undefined) return <>Several people are typing…</>;
  return (
    <>
      {name(first)} and {name(second)} are typing…
    </>
  );
}
