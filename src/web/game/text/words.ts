import { isolated } from "../../people/shown-name.ts";
import type { PlayState } from "../state/play-state.ts";
import type { Standing } from "../state/standing.ts";

/** What is added to a round trip, to choose from, in milliseconds. */
export const LATENCIES_MS = [0, 100, 250] as const;

/** A latency that can be chosen, in words. */
export function latencyWords(latencyMs: number): string {
  return latencyMs === 0 ? "None" : `${latencyMs} ms`;
}

/** What one's own player does with and without prediction, in a sentence. */
export function predictionWords(predicts: boolean, latencyMs: number): string {
  if (predicts) {
    return "Your player moves at the press of a key, and is put right when the server has answered.";
  }
  const more = latencyMs === 0 ? "" : `, ${latencyMs} ms later than your line alone would take`;
  return `Your player moves when the server has answered${more}.`;
}

/** Who leads, in a sentence. */
export function leaderWords(standings: readonly Standing[]): string {
  const [first, second] = standings;
  if (first === undefined) return "Nobody plays.";
  if (first.score === 0) return "Nobody has a coin yet.";
  const coins = coinWords(first.score);
  return second?.score === first.score
    ? `The most is ${coins}, and more than one player has that.`
    : `${isolated(first.name)} leads with ${coins}.`;
}

/** How many look on, in a sentence; empty when nobody does. */
export function watcherWords(watchers: number): string {
  if (watchers === 0) return "";
  return watchers === 1 ? "One person watches." : `${watchers} people watch.`;
}

/** What is on the field, for whoever does not see it. */
export function fieldWords(standings: readonly Standing[]): string {
  const { length } = standings;
  if (length === 0) return "The arena. Nobody plays.";
  return `The arena, with ${length === 1 ? "one player" : `${length} players`}. ${leaderWords(standings)}`;
}

/** Why one watches and does not play, in a sentence; `undefined` while one plays. */
export function watchingWords({ part, lacksSocket, refusal }: PlayState): string | undefined {
  if (part.does !== "watch") return undefined;
  if (lacksSocket)
    return "You are watching: this network lets no WebSocket through, and by it one plays.";
  if (refusal?.code === "too_many_connections") {
    return "You are watching: all places are taken. Come again when somebody has left.";
  }
  return "You are watching: your sign-in does not let you play.";
}

function coinWords(score: number): string {
  return score === 1 ? "one coin" : `${score} coins`;
}
