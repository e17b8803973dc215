import { useState } from "hono/jsx/dom";
import { tab } from "../../identity/storage.ts";
import { forgetApiKey, loadApiKey, saveApiKey } from "../api-key.ts";
import { Board } from "./board.tsx";
import { KeyForm } from "./key-form.tsx";

/** The page: the key, then what it opens. */
export function App() {
  const [key, setKey] = useState(() => loadApiKey(tab));
  const [problem, setProblem] = useState("");
  if (key === undefined) {
    const open = (typed: string) => {
      saveApiKey(tab, typed);
      setProblem("");
      setKey(typed);
    };
    return <KeyForm problem={problem} open={open} />;
  }
  const close = (why: string) => {
    forgetApiKey(tab);
    setProblem(why);
    setKey(undefined);
  };
  return (
    <Board
      key={key}
      apiKey={key}
      refused={() => close("That is not the API key of this server.")}
      leave={() => close("")}
    />
  );
}
