import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import { Brand } from "../../components/brand.tsx";
import { PageLinks } from "../../components/page-links.tsx";
import { SignIn } from "../../components/sign-in.tsx";
import { useClient } from "../../components/use-client.ts";
import { useIdentity } from "../../components/use-identity.ts";
import type { Identity } from "../../identity/identity.ts";
import { topicOf } from "../topic-address.ts";
import { Watch } from "../watch.ts";
import { Dashboard } from "./dashboard.tsx";
import { OpenTopic } from "./open-topic.tsx";

/** The page: who one is, then the topic that the address names. */
export function App() {
  const { identity, lastName, signIn, signOut } = useIdentity();
  const topic = topicOf(location.search);
  if (topic === undefined) return <NoTopic />;
  if (identity === undefined) {
    return (
      <SignIn
        title={`Watch ${topic}`}
        about="A dashboard on Hibiki, a realtime backend: it draws what is published to a topic as it comes."
        page="/dashboard"
        name={lastName}
        signedIn={signIn}
      />
    );
  }
  return <SignedIn key={identity.token} identity={identity} topic={topic} signOut={signOut} />;
}

function SignedIn(props: {
  readonly identity: Identity;
  readonly topic: string;
  readonly signOut: () => void;
}) {
  const { identity, topic, signOut } = props;
  const { client, problem } = useClient(identity, signOut);
  const [visit, setVisit] = useState(1);
  const watch = useMemo(() => new Watch(client.topic(topic)), [client, visit]);
  useLayoutEffect(() => () => void watch.close(), [watch]);
  return (
    <Dashboard
      key={visit}
      topic={topic}
      watch={watch}
      entryProblem={problem}
      watchAgain={() => setVisit(visit + 1)}
      signOut={signOut}
    />
  );
}

function NoTopic() {
  return (
    <main class="sign-in">
      <div class="card">
        <Brand />
        <h1>There is no such topic</h1>
        <p>A topic's name has letters, digits, and . _ ~ : - in it, 122 at most.</p>
        <OpenTopic />
        <PageLinks current="/dashboard" />
      </div>
    </main>
  );
}
