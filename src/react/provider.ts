import { createContext, createElement, type ReactNode, useContext } from "react";
import type { RealtimeClient } from "../client/index.ts";

const ClientContext = createContext<RealtimeClient | undefined>(undefined);

/** What the hooks of `hibiki/react` enter rooms with. */
export interface HibikiProviderProps {
  /** Made once, outside of what is rendered; closing it is its maker's. */
  readonly client: RealtimeClient;
  readonly children?: ReactNode;
}

/** Hands a client to every hook below. */
export function HibikiProvider({ client, children }: HibikiProviderProps) {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/**
 * The client of the provider above.
 *
 * @throws {Error} where there is none.
 */
export function useClient(): RealtimeClient {
  const client = useContext(ClientContext);
  if (client !== undefined) return client;
  throw new Error("There is no client here: put a <HibikiProvider client={client}> around it.");
}
