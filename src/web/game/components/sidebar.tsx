import { Drawer } from "../../components/drawer.tsx";
import { OpenPlace } from "../../components/open-place.tsx";
import { ARENAS } from "../arenas.ts";

/** Arenas, and oneself. On a narrow page it is folded away. */
export function Sidebar(props: {
  readonly name: string;
  readonly names: readonly string[];
  readonly myName: string;
  readonly isOpen: boolean;
  readonly close: () => void;
  readonly signOut: () => void;
}) {
  return (
    <Drawer
      words="Arenas and pages"
      current="/game"
      myName={props.myName}
      isOpen={props.isOpen}
      close={props.close}
      signOut={props.signOut}
    >
      <nav class="people" aria-label="Arenas">
        <h2>Arenas</h2>
        <ul class="rooms">
          {props.names.map((name) => (
            <li key={name}>
              <a href={ARENAS.pathOf(name)} aria-current={name === props.name ? "page" : undefined}>
                <bdi class="room-name">{name}</bdi>
              </a>
            </li>
          ))}
        </ul>
        <OpenPlace places={ARENAS} what="arena" />
      </nav>
    </Drawer>
  );
}
