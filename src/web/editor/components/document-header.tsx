import { ConnectionStatus } from "../../components/connection-status.tsx";
import { DrawerButton } from "../../components/drawer.tsx";
import { Drawing } from "../../components/icon.tsx";
import type { Connection } from "../../connection/connection.ts";
import type { Identity } from "../../identity/identity.ts";
import { ReadingLink } from "./reading-link.tsx";

const MAGNIFIER = "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20 20";
const CLOCK = "M12 4a8 8 0 1 1-7.4 5M4 4v5h5M12 8v4.5l3 2";

/** Which document this is, how it is connected, what became of one's changes, and what can be done with it. */
export function DocumentHeader(props: {
  readonly name: string;
  readonly connection: Connection;
  readonly saving: string;
  readonly identity: Identity;
  readonly isMenuOpen: boolean;
  readonly openMenu: () => void;
  readonly find: () => void;
  readonly hasVersions: boolean;
  readonly toggleVersions: () => void;
}) {
  return (
    <header class="header">
      <DrawerButton words="Documents and people" isOpen={props.isMenuOpen} open={props.openMenu} />
      <div class="title">
        <h1>{props.name}</h1>
        <div class="how">
          <ConnectionStatus connection={props.connection} />
          <p class="saving">{props.saving}</p>
        </div>
      </div>
      <button type="button" class="action" aria-label="Find" title="Find" onClick={props.find}>
        <Drawing path={MAGNIFIER} />
      </button>
      <button
        type="button"
        class="button folding"
        id="versions-toggle"
        aria-expanded={String(props.hasVersions)}
        aria-controls="versions"
        onClick={props.toggleVersions}
      >
        <Drawing path={CLOCK} />
        <span>Versions</span>
      </button>
      <ReadingLink name={props.name} identity={props.identity} />
    </header>
  );
}
