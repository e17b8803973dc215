import { ConnectionStatus } from "../../components/connection-status.tsx";
import { DrawerButton } from "../../components/drawer.tsx";
import type { Connection } from "../../connection/connection.ts";
import { ARENAS } from "../arenas.ts";

/** Which arena this is, how it is connected, and the way from playing to watching. */
export function ArenaHeader(props: {
  readonly name: string;
  readonly connection: Connection;
  readonly watches: boolean;
  readonly isMenuOpen: boolean;
  readonly openMenu: () => void;
}) {
  const { name, watches } = props;
  return (
    <header class="header">
      <DrawerButton words="Arenas and pages" isOpen={props.isMenuOpen} open={props.openMenu} />
      <div class="title">
        <h1>{name}</h1>
        <ConnectionStatus connection={props.connection} />
      </div>
      <a class="button" href={watches ? ARENAS.pathOf(name) : ARENAS.lessPathOf(name)}>
        {watches ? "Play" : "Watch only"}
      </a>
    </header>
  );
}
