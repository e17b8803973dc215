import type { Places } from "../places/places.ts";
import { Brand } from "./brand.tsx";
import { OpenPlace } from "./open-place.tsx";
import { PageLinks } from "./page-links.tsx";

/** Shown where an address names no place of its sort. */
export function NoSuchPlace(props: {
  readonly places: Places;
  /** What each of them is, in a word. */
  readonly what: string;
}) {
  const { places, what } = props;
  const { first, chars, page } = places;
  return (
    <main class="sign-in">
      <div class="card">
        <Brand />
        <h1>There is no such {what}</h1>
        <p>The name of one has letters, digits, and . _ ~ : - in it, {chars} at most.</p>
        <OpenPlace places={places} what={what} />
        <p>
          Or go to <a href={places.pathOf(first)}>{first}</a>.
        </p>
        <PageLinks current={page} />
      </div>
    </main>
  );
}
