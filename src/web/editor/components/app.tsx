import { useMemo } from "hono/jsx/dom";
import { PlacePage, type PlaceView } from "../../components/place-page.tsx";
import { useClient } from "../../components/use-client.ts";
import { DOCUMENTS } from "../documents.ts";
import { Editor } from "./editor.tsx";

/** The page: who one is, then the document that the address names. */
export function App() {
  return (
    <PlacePage
      places={DOCUMENTS}
      what="document"
      todo={(isReading) => (isReading ? "Read" : "Write in")}
      about="A document on Hibiki, a realtime backend: everybody writes in it at the same time, offline too, and nothing that anybody saw is lost."
      view={SignedIn}
    />
  );
}

function SignedIn({ identity, name, isLess, signOut }: PlaceView) {
  const less = useMemo(() => ({ [DOCUMENTS.roomOf(name)]: ["read"] as const }), [name]);
  const access = useClient(identity, signOut, isLess ? less : undefined);
  return <Editor access={access} name={name} isReading={isLess} signOut={signOut} />;
}
