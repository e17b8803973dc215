import { GoTo } from "../../components/go-to.tsx";
import { ARENA_PATTERN, pathOfArena } from "../arena-path.ts";

/** Goes to an arena by name. */
export function OpenArena() {
  return (
    <GoTo
      what="arena"
      pattern={ARENA_PATTERN}
      rule="Letters, digits, and . _ ~ : -"
      go={(name) => location.assign(pathOfArena(name))}
    />
  );
}
