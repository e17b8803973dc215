/** How many characters of a name that another client has sent are shown: the longest that a token may have. */
const NAME_CHARS = 80;

/** Who a client of the document says it is. Nobody checks that: whoever may write may say any name. */
export interface Person {
  /** Tells people apart: the user's id, or the client's where it is not said. */
  readonly id: string;
  readonly name: string;
}

/** What a client tells the others of its user, as editors on Yjs do. */
export interface ToldUser {
  readonly id: string;
  readonly name: string;
  /** For other editors; this page picks colours that can be read in light and dark. */
  readonly color: string;
}

/** The states that clients have told, by their ids. */
export type States = ReadonlyMap<number, unknown>;

/** Who a state says it is of. */
export function personOf(clientId: number, state: unknown): Person {
  const user = field(state, "user");
  const id = field(user, "id");
  const name = field(user, "name");
  return {
    id: typeof id === "string" && id !== "" ? id : `client ${clientId}`,
    name: typeof name === "string" ? name.slice(0, NAME_CHARS) : "",
  };
}

/** Everybody who is in the document, each once: oneself first, then by name. */
export function peopleIn(states: States, me: Person): readonly Person[] {
  const people = new Map<string, Person>([[me.id, me]]);
  for (const [clientId, state] of states) {
    const person = personOf(clientId, state);
    if (!people.has(person.id)) people.set(person.id, person);
  }
  people.delete(me.id);
  const others = [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
  return [me, ...others];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
