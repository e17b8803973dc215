/**
 * An object's own answer to an upgrade, to which headers can be added: middleware of a team's own does
 * that to every answer, and what comes from another object takes none.
 */
export function ownAnswer({ status, headers, webSocket }: Response): Response {
  return new Response(null, { status, headers, webSocket });
}
