/** Why a command cannot do what it is asked, in words for whoever asked. */
export class Problem extends Error {
  override readonly name = "Problem";
}
