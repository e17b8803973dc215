import { ARENAS } from "../arenas.ts";
import type { PlayState } from "../state/play-state.ts";
import { watchingWords } from "../text/words.ts";

/** That one watches and does not play, why, and the way to play. */
export function WatchingNotice(props: {
  readonly state: PlayState;
  /** It is the address that says so. */
  readonly watches: boolean;
  readonly name: string;
  readonly signOut: () => void;
}) {
  if (props.watches) {
    return (
      <div class="read-only" role="note">
        <p>You are watching: nobody sees you, and you have no player.</p>
        <a class="button" href={ARENAS.pathOf(props.name)}>
          Play
        </a>
      </div>
    );
  }
  const words = watchingWords(props.state);
  if (words === undefined) return null;
  return (
    <div class="read-only" role="note">
      <p>{words}</p>
      <button type="button" class="button" onClick={props.signOut}>
        Sign in as someone else
      </button>
    </div>
  );
}
