// The page of `react.test.ts`: hooks of `hibiki/react` under StrictMode, mounted as the test says.
import {
  Component,
  createElement,
  type ReactNode,
  StrictMode,
  Suspense,
  useEffect,
  useRef,
  useState,
} from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { RealtimeClient } from "../../../src/client/index.ts";
import {
  HibikiProvider,
  useDocument,
  useInbox,
  useMessages,
  usePresence,
  usePresenceFrame,
  useRoom,
  useTopic,
  useTyping,
  useUnread,
} from "../../../src/react/index.ts";
import { counter } from "../../fixtures/kinds/counter.ts";
import { poll } from "../../fixtures/kinds/poll.ts";
import { Field } from "./react-field.ts";
import { count, counts, show, shown } from "./react-shown.ts";

type PollName = `poll:${string}`;

function Votes({ name, label }: { readonly name: PollName; readonly label: string }) {
  const room = useRoom(poll, name, { suspense: true });
  const votes = JSON.stringify(room.state.votes);
  const here = usePresence(poll, name);
  show(label, `${room.status} ${votes}`);
  const vote = () => {
    void room.send("vote", { option: "soup" }, { optimistic: true }).catch(() => {});
  };
  return createElement(
    "button",
    { type: "button", id: label, onClick: vote, title: here.map(({ userId }) => userId).join() },
    votes,
  );
}

function Open({ name, label }: { readonly name: PollName; readonly label: string }) {
  const { state, on } = useRoom(poll, name, {
    select: ({ open }) => {
      count(`${label} selects`);
      return { open };
    },
  });
  count(`${label} renders`);
  useEffect(() => on("hover", () => count(`${label} hears`)), [on, label]);
  const [heard, setHeard] = useState(0);
  useEffect(() => on("vote", () => setHeard((count) => count + 1)), [on]);
  show(label, JSON.stringify(state ?? null));
  return createElement("p", { id: label }, `${JSON.stringify(state ?? null)} ${heard}`);
}

function Marks({ name }: { readonly name: `counter:${string}` }) {
  const { unread, read } = useUnread(counter, name);
  return createElement("button", { type: "button", id: "marks", onClick: () => read() }, unread);
}

function Refused({ name }: { readonly name: PollName }) {
  const { error, status } = useRoom(poll, name);
  return createElement("p", { id: "refused" }, `${status} ${error?.code ?? "no error"}`);
}

/** Shows the code of what is thrown below it. */
class Boundary extends Component<
  { readonly label: string; readonly children?: ReactNode },
  { readonly code?: unknown }
> {
  override state: { readonly code?: unknown } = {};

  static getDerivedStateFromError(error: object) {
    return { code: "code" in error ? error.code : String(error) };
  }

  override render(): ReactNode {
    const { code } = this.state;
    if (code === undefined) return this.props.children;
    return createElement("p", { id: this.props.label }, `threw ${code}`);
  }
}

function Thrown({ name, label }: { readonly name: PollName; readonly label: string }) {
  return createElement(
    Boundary,
    { label },
    createElement(Suspense, { fallback: "waits" }, createElement(Votes, { name, label })),
  );
}

function Chat({ name }: { readonly name: string }) {
  const { messages, send, pending, present } = useMessages(name);
  const users = usePresence(name);
  const { typists, typing } = useTyping(name);
  const { unread, read } = useUnread(name);
  const text = {
    messages: messages.map(({ content }) => content),
    users: users.map(({ userId }) => userId),
    moods: users.flatMap(({ data }) => (data === undefined ? [] : [data])),
    typists: typists.map(({ userId }) => userId),
    unread,
    pending: pending.length,
  };
  const say = () => void send("hello");
  return createElement(
    "div",
    null,
    createElement("button", { type: "button", id: "say", onClick: say }, "say"),
    createElement("button", { type: "button", id: "show", onClick: () => present("glad") }, "show"),
    createElement("button", { type: "button", id: "type", onClick: () => typing() }, "type"),
    createElement("button", { type: "button", id: "read", onClick: () => read() }, "read"),
    createElement("output", { id: "chat" }, JSON.stringify(text)),
  );
}

/** Where others point, drawn and never rendered. */
function Pointers({ name }: { readonly name: string }) {
  const { present } = useMessages(name);
  const drawn = useRef<HTMLOutputElement>(null);
  usePresenceFrame(name, (people) => {
    count("pointers drawn");
    const text = JSON.stringify(people.map(({ userId, data }) => [userId, data ?? null]));
    if (drawn.current !== null) drawn.current.textContent = text;
  });
  count("pointers rendered");
  useEffect(() => {
    const move = ({ clientX }: PointerEvent) => present(clientX);
    addEventListener("pointermove", move);
    return () => removeEventListener("pointermove", move);
  }, [present]);
  return createElement("output", { id: "pointers", ref: drawn });
}

function Numbers({ name }: { readonly name: string }) {
  const { notifications, unread } = useInbox();
  const { last } = useTopic<{ load: number }>(name);
  const text = `${notifications.length} ${unread} ${last.load?.data ?? "none"}`;
  return createElement("p", { id: "numbers" }, text);
}

function Plan({ name, label }: { readonly name: string; readonly label: string }) {
  const { doc, awareness, status, synced, saved, readOnly, error } = useDocument(name);
  const [text, setText] = useState("");
  useEffect(() => {
    const type = doc?.getText();
    const read = () => setText(type?.toString() ?? "");
    read();
    type?.observe(read);
    return () => type?.unobserve(read);
  }, [doc]);
  useEffect(() => awareness?.setLocalStateField("name", label), [awareness, label]);
  const words = `${status} ${[synced, saved, readOnly].map(Number).join("")} ${error?.code ?? "-"}`;
  show(label, words);
  const write = () => doc?.getText().insert(0, "x");
  return createElement(
    "button",
    { type: "button", id: label, onClick: write },
    `${words} [${text}]`,
  );
}

const COMPONENTS = { Votes, Open, Marks, Refused, Thrown, Chat, Pointers, Numbers, Plan, Field };

/** What to mount. */
export interface Part {
  readonly component: keyof typeof COMPONENTS;
  readonly name: string;
  readonly label: string;
}

/** The whole page; also what a server renders. */
export function Page({
  client,
  parts,
}: {
  readonly client: RealtimeClient;
  readonly parts: readonly Part[];
}) {
  const mounted = parts.map(({ component, ...props }) =>
    createElement(
      Suspense,
      { key: props.label, fallback: createElement("p", { id: props.label }, "waits") },
      createElement(COMPONENTS[component] as typeof Chat, props),
    ),
  );
  return createElement(StrictMode, null, createElement(HibikiProvider, { client }, ...mounted));
}

interface TestPage {
  readonly shown: typeof shown;
  readonly counts: typeof counts;
  start(url: string, token: string): void;
  mount(parts: readonly Part[]): void;
  hydrate(parts: readonly Part[]): void;
}

if (typeof document !== "undefined") {
  const container = document.getElementById("root") as HTMLElement;
  let client: RealtimeClient;
  let root: ReturnType<typeof createRoot> | undefined;
  const page: TestPage = {
    shown,
    counts,
    start(url, token) {
      client = new RealtimeClient({ url, token, transport: "websocket" });
    },
    mount(parts) {
      // What a boundary has caught is shown by it.
      root ??= createRoot(container, { onCaughtError: () => {} });
      root.render(createElement(Page, { client, parts }));
    },
    hydrate(parts) {
      root = hydrateRoot(container, createElement(Page, { client, parts }), {
        // A boundary that the server left to the browser is told here, as React has it.
        onRecoverableError: () => {},
      });
    },
  };
  Object.assign(globalThis, { page });
}

declare global {
  var page: TestPage;
}
