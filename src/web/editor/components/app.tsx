import { useMemo } from "hono/jsx/dom";
import { SignIn } from "../../components/sign-in.tsx";
import { useClient } from "../../components/use-client.ts";
import { useIdentity } from "../../components/use-identity.ts";
import type { Identity } from "../../identity/identity.ts";
import { documentOfPath, isReading, roomOfDocument } from "../document-path.ts";
import { Editor } from "./editor.tsx";
import { NoDocument } from "./no-document.tsx";

/** The page: who one is, then the document that the address names. */
export function App() {
  const { identity, lastName, signIn, signOut } = useIdentity();
  const name = documentOfPath(location.pathname);
  if (name === undefined) return <NoDocument />;
  if (identity === undefined) {
    return (
      <SignIn
        title={`${isReading(location.search) ? "Read" : "Write in"} ${name}`}
        about="A document on Hibiki, a realtime backend: everybody writes in it at the same time, offline too, and nothing that anybody saw is lost."
        page="/editor"
        name={lastName}
        signedIn={signIn}
      />
    );
  }
  return <SignedIn key={identity.token} identity={identity} name={name} signOut={signOut} />;
}

function SignedIn(props: {
  readonly identity: Identity;
  readonly name: string;
  readonly signOut: () => void;
}) {
  const { name, signOut } = props;
  const reads = isReading(location.search);
  const less = useMemo(() => ({ [roomOfDocument(name)]: ["read"] as const }), [name]);
  const access = useClient(props.identity, signOut, reads ? less : undefined);
  return <Editor access={access} name={name} isReading={reads} signOut={signOut} />;
}
