const KEPT = "guest-token";

/**
 * A token by which anyone may come in, while GUESTS is on. An earlier one of this browser's is renewed,
 * so that whoever reloads the page stays the same person. In an application of your own, ask your backend
 * for a token here: it makes one by POST /v1/tokens with the API key.
 */
export async function guestToken(): Promise<string> {
  const renew = localStorage.getItem(KEPT);
  const kept = renew === null ? undefined : await ask({ name: "Guest", renew });
  const response = kept?.ok === true ? kept : await ask({ name: "Guest" });
  if (!response.ok) throw new Error(`No guest is let in: ${await response.text()}`);
  const { token } = (await response.json()) as { token: string };
  localStorage.setItem(KEPT, token);
  return token;
}

function ask(guest: object): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return fetch("/v1/guests", { method: "POST", headers, body: JSON.stringify(guest) });
}
