import { Avatar } from "../../people/avatar.tsx";
import { Name } from "../../people/name.tsx";
import { tailsOf } from "../../people/namesakes.ts";
import { shownName } from "../../people/shown-name.ts";
import type { Standing } from "../state/standing.ts";
import { watcherWords } from "../text/words.ts";

/** Who has how many coins, and how many look on. */
export function ScoreTable(props: {
  readonly standings: readonly Standing[];
  /** How many people watch, and do not play. */
  readonly watchers: number;
  readonly myId: number | undefined;
}) {
  const tails = tailsOf(new Map(props.standings.map(({ userId, name }) => [userId, name])));
  return (
    <div>
      <table class="scores">
        <caption>Scores</caption>
        <thead>
          <tr>
            <th scope="col">Player</th>
            <th scope="col">Coins</th>
          </tr>
        </thead>
        <tbody>
          {props.standings.map(({ id, userId, name, score }) => (
            <tr key={id} class={id === props.myId ? "own" : undefined}>
              <th scope="row">
                <span class="who">
                  <Avatar name={name} seed={userId} />
                  <span class="name" title={shownName(name)}>
                    <Name of={name} tail={tails.get(userId)} />
                  </span>
                  {id === props.myId && <span class="you">you</span>}
                </span>
              </th>
              <td>{score}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="watchers">{watcherWords(props.watchers)}</p>
    </div>
  );
}
