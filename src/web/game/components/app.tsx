import { useMemo } from "hono/jsx/dom";
import { platform } from "../../../client/environment.ts";
import { PlacePage, type PlaceView } from "../../components/place-page.tsx";
import { useClient } from "../../components/use-client.ts";
import { ARENAS } from "../arenas.ts";
import { LongLine } from "../latency/long-line.ts";
import { Arena } from "./arena.tsx";

/** The page: who one is, then the arena that the address names. */
export function App() {
  return (
    <PlacePage
      places={ARENAS}
      what="arena"
      todo={(isWatching) => (isWatching ? "Watch" : "Play in")}
      about="An arena on Hibiki, a realtime backend: everybody who has it open plays in the same one, and sees the others move as they do."
      view={SignedIn}
    />
  );
}

function SignedIn({ identity, name, isLess, signOut }: PlaceView) {
  const less = useMemo(() => ({ [ARENAS.roomOf(name)]: ["read"] as const }), [name]);
  const line = useMemo(
    () => new LongLine(platform, { after: platform.after, now: () => performance.now() }),
    [],
  );
  const access = useClient(identity, signOut, isLess ? less : undefined, {
    environment: { openSocket: line.openSocket },
    // A guest's token that only reads has no player; of another one's the server knows it by the stream.
    ...(isLess && !identity.guest ? { transport: "sse" } : {}),
  });
  return <Arena access={access} line={line} name={name} watches={isLess} signOut={signOut} />;
}
