import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import { ClosedNotice } from "../../components/closed-notice.tsx";
import { RefusalNotice } from "../../components/refusal-notice.tsx";
import type { Connection, Problem } from "../../connection/connection.ts";
import { refusalOf } from "../../connection/from-sdk.ts";
import { closedWords } from "../../connection/words.ts";
import { spanOf } from "../span.ts";
import { inOrder, stretch } from "../state/board.ts";
import { EXAMPLE_TOPIC } from "../topic-address.ts";
import type { Watch } from "../watch.ts";
import { Chart } from "./chart.tsx";
import { DashboardHeader } from "./dashboard-header.tsx";
import { OpenTopic } from "./open-topic.tsx";
import { useBoard, useConnection } from "./use-watch.ts";

/** A topic's charts, and how they are looked at. */
export function Dashboard(props: {
  readonly topic: string;
  readonly watch: Watch;
  /** Why a guest cannot be let in again, while that is so. */
  readonly entryProblem: Problem | undefined;
  readonly watchAgain: () => void;
  readonly signOut: () => void;
}) {
  const { topic, watch } = props;
  const [span, setSpan] = useState(spanOf(300));
  const [isPaused, setPaused] = useState(false);
  const connection = useConnection(watch);
  const board = useBoard(watch, isPaused);
  const refusal = refusalOf(connection, props.entryProblem);
  const shown = useMemo(() => stretch(board, span.seconds), [board, span]);
  useLayoutEffect(() => {
    document.title = `${topic} · Hibiki`;
  }, [topic]);
  return (
    <div class="dashboard">
      <DashboardHeader
        topic={topic}
        connection={connection}
        span={span}
        setSpan={setSpan}
        isPaused={isPaused}
        setPaused={setPaused}
        signOut={props.signOut}
      />
      <main>
        {refusal !== undefined && <RefusalNotice problem={refusal} signInAgain={props.signOut} />}
        {connection.state === "closed" && (
          <ClosedNotice
            words={closedWords(connection.problem, location.origin)}
            againWords="Enter again"
            again={props.watchAgain}
            signInAgain={props.signOut}
          />
        )}
        {shown === undefined ? (
          <Nothing topic={topic} connection={connection} />
        ) : (
          <div class="charts">
            {inOrder(board).map(([name, track]) => (
              <Chart key={name} name={name} track={track} stretch={shown} span={span} />
            ))}
          </div>
        )}
      </main>
    </div>
  );
}

function Nothing(props: { readonly topic: string; readonly connection: Connection }) {
  if (props.connection.state !== "open") return null;
  return (
    <div class="nothing">
      <p>Nothing was published here yet. The first value shows as it comes.</p>
      {props.topic === EXAMPLE_TOPIC && (
        <p>
          For an example, run <code>npm run example:metrics</code>
        </p>
      )}
      <OpenTopic />
    </div>
  );
}
