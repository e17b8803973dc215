import type { PersonHere, PresentUser } from "../client/index.ts";
import type { AnyContract, RoomName } from "../contract/contract.ts";
import { type Anywhere, useAnywhere } from "./use-anywhere.ts";
import { useView } from "./use-view.ts";

type Someone = PresentUser | PersonHere<AnyContract>;

const NOBODY: readonly Someone[] = [];

/** Who is in a chat, with what each shows, as of the last that was heard. */
export function usePresence(name: string): readonly PresentUser[];
/** Who is in a room of a team's own kind, with what each shows. */
export function usePresence<C extends AnyContract>(
  contract: C,
  name: RoomName<NoInfer<C>>,
): readonly PersonHere<C>[];
export function usePresence(of: string | AnyContract, name = ""): readonly Someone[] {
  return useView(useAnywhere(of, name), usersOf, NOBODY);
}

/** Who is somewhere, whatever it is. */
export function usersOf(here: Anywhere): readonly Someone[] {
  return "room" in here ? here.room.users : here.users;
}
