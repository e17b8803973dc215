import { useEffect } from "react";
import type { PersonHere, PresentUser } from "../client/index.ts";
import type { AnyContract, RoomName } from "../contract/contract.ts";
import { useAnywhere } from "./use-anywhere.ts";
import { useFrame } from "./use-frame.ts";
import { usersOf } from "./use-presence.ts";

/** Draws people; the same list as long as none of them changes. `now` is as in `requestAnimationFrame`. */
type DrawPeople<P> = (people: readonly P[], now: number) => void;

/**
 * Has those who are in a chat drawn with each picture that the screen shows, without rendering the
 * component again: for cursors, which move thirty times a second and person.
 */
export function usePresenceFrame(name: string, draw: DrawPeople<PresentUser>): void;
/** The same of a room of a team's own kind. */
export function usePresenceFrame<C extends AnyContract>(
  contract: C,
  name: RoomName<NoInfer<C>>,
  draw: DrawPeople<PersonHere<C>>,
): void;
export function usePresenceFrame(
  of: string | AnyContract,
  ...rest: readonly [DrawPeople<never>] | readonly [string, DrawPeople<never>]
): void {
  const [name, draw] = rest.length === 1 ? ["", ...rest] : rest;
  const place = useAnywhere(of, name);
  useEffect(() => place.held.hold(() => {}), [place]);
  // By the room's contract, as its overload says.
  useFrame((now) => (draw as DrawPeople<unknown>)(usersOf(place.held.handle), now));
}
