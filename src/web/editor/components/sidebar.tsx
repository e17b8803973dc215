import { Drawer } from "../../components/drawer.tsx";
import { OpenPlace } from "../../components/open-place.tsx";
import { Avatar } from "../../people/avatar.tsx";
import { shownName } from "../../people/shown-name.ts";
import { DOCUMENTS } from "../documents.ts";
import type { Person } from "../state/person.ts";

/** Documents, the people in this one, and oneself. On a narrow page it is folded away. */
export function Sidebar(props: {
  readonly name: string;
  readonly names: readonly string[];
  /** Oneself first. */
  readonly people: readonly Person[];
  readonly myName: string;
  readonly isOpen: boolean;
  readonly close: () => void;
  readonly signOut: () => void;
}) {
  const [me] = props.people;
  return (
    <Drawer
      words="Documents and people"
      current="/editor"
      myName={props.myName}
      isOpen={props.isOpen}
      close={props.close}
      signOut={props.signOut}
    >
      <nav aria-label="Documents">
        <h2>Documents</h2>
        <ul class="rooms">
          {props.names.map((name) => (
            <li key={name}>
              <a
                href={DOCUMENTS.pathOf(name)}
                aria-current={name === props.name ? "page" : undefined}
              >
                <bdi class="room-name">{name}</bdi>
              </a>
            </li>
          ))}
        </ul>
        <OpenPlace places={DOCUMENTS} what="document" />
      </nav>
      <section class="people" aria-label="People here">
        <h2>Here now</h2>
        <ul>
          {props.people.map((person) => (
            <li key={person.id}>
              <Avatar name={person.name} seed={person.id} />
              <span class="name" dir="auto" title={shownName(person.name)}>
                {shownName(person.name)}
              </span>
              {person === me && <span class="you">you</span>}
            </li>
          ))}
        </ul>
      </section>
    </Drawer>
  );
}
