import { createElement, useRef } from "react";
import { arena } from "../../../src/kinds/game/arena.ts";
import { useGame, useGameFrame } from "../../../src/react/index.ts";
import { count, show } from "./react-shown.ts";

/** A game, of which a click starts the own player; where each is, is drawn without React. */
export function Field({ name, label }: { readonly name: string; readonly label: string }) {
  const { game, status, playerId, canPlay, people, shared, error } = useGame(arena, name, {
    idle: { dx: 0, dy: 0 },
    discrete: ["score"],
  });
  const canvas = useRef<HTMLOutputElement>(null);
  useGameFrame(game, (players) => {
    count(`${label} frames`);
    const places = players.map(({ userId, state }) => [userId, Math.round(state.x)] as const);
    if (canvas.current !== null) canvas.current.value = JSON.stringify(Object.fromEntries(places));
  });
  count(`${label} renders`);
  const names = people.map(({ userId }) => userId).sort();
  const words = `${status} ${canPlay && playerId !== undefined} [${names}] ${error?.code ?? "-"}`;
  show(label, words);
  const go = () => game?.want({ dx: -1, dy: 0 });
  return createElement(
    "div",
    { title: String(shared?.coinX) },
    createElement("button", { type: "button", id: label, onClick: go }, words),
    createElement("output", { id: `${label}-places`, ref: canvas }),
  );
}
