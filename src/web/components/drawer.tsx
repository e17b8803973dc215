import { Name } from "../people/name.tsx";
import { Brand } from "./brand.tsx";
import { Icon } from "./icon.tsx";
import { PageLinks } from "./page-links.tsx";
import { SignOut } from "./sign-out.tsx";

/** What stands beside a page: places to go to, people, and oneself. On a narrow page it is folded away. */
export function Drawer(props: {
  /** What is in it, such as "Rooms and people". */
  readonly words: string;
  /** The page's own path. */
  readonly current: Parameters<typeof PageLinks>[0]["current"];
  readonly myName: string;
  readonly isOpen: boolean;
  readonly close: () => void;
  readonly signOut: () => void;
  readonly children: unknown;
}) {
  return (
    <aside class={props.isOpen ? "sidebar open" : "sidebar"} id="sidebar" aria-label={props.words}>
      <div class="sidebar-head">
        <Brand />
        <button
          type="button"
          class="action menu"
          aria-label={`Close ${props.words.toLowerCase()}`}
          onClick={props.close}
        >
          <Icon name="close" />
        </button>
      </div>
      {props.children}
      <PageLinks current={props.current} />
      <div class="self">
        <p>
          Signed in as{" "}
          <strong>
            <Name of={props.myName} />
          </strong>
        </p>
        <SignOut signOut={props.signOut} />
      </div>
    </aside>
  );
}

/** Opens the {@link Drawer} on a narrow page. */
export function DrawerButton(props: {
  readonly words: string;
  readonly isOpen: boolean;
  readonly open: () => void;
}) {
  return (
    <button
      type="button"
      class="action menu"
      aria-label={props.words}
      aria-expanded={String(props.isOpen)}
      aria-controls="sidebar"
      onClick={props.open}
    >
      <Icon name="menu" />
    </button>
  );
}
