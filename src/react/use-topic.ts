import { useCallback, useMemo } from "react";
import type {
  LastValues,
  RealtimeClient,
  RealtimeError,
  RoomStatus,
  Topic,
} from "../client/index.ts";
import { closedError } from "./closed-error.ts";
import type { Sort } from "./held.ts";
import { usePlace } from "./place.ts";
import { useView } from "./use-view.ts";

/** What is published in a topic. */
interface View<Events> {
  /** The newest value of each event, by its name. */
  readonly last: LastValues<Events>;
  readonly status: RoomStatus;
  /** Why the topic is closed for good. */
  readonly error: RealtimeError | undefined;
}

type Anything = Readonly<Record<string, unknown>>;

const BEFORE: View<Anything> = { last: {}, status: "connecting", error: undefined };

/** Watches a topic, named with or without `topic:` before it. */
export function useTopic<Events = Anything>(
  name: string,
): View<Events> & Pick<Topic<Events>, "publish"> {
  const watch = useCallback((client: RealtimeClient) => sortOf(client, name), [name]);
  const place = usePlace(`topic ${name.replace(/^topic:/, "")}`, watch);
  const view = useView(place, viewOf, BEFORE);
  const acts = useMemo(() => {
    const publish: Topic<Anything>["publish"] = (event, data, options) =>
      place.held.handle.publish(event, data, options);
    return { publish };
  }, [place]);
  const used: unknown = useMemo(() => ({ ...acts, ...view }), [acts, view]);
  // The events are what the application says they are: nobody can check.
  return used as View<Events> & Pick<Topic<Events>, "publish">;
}

function viewOf(topic: Topic<Anything>): View<Anything> {
  const { last, status } = topic;
  return { last, status, error: closedError(topic) };
}

function sortOf(client: RealtimeClient, name: string): Sort<Topic<Anything>> {
  return {
    open: () => client.topic<Anything>(name),
    watch: (topic, changed) => {
      for (const type of ["last", "status"] as const) topic.on(type, changed);
    },
    isReady: ({ joined }) => joined !== undefined,
    isBusy: () => false,
  };
}
