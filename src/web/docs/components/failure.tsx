/** What is shown when there is nothing to show. */
export function Failure() {
  return (
    <main class="failure">
      <h1>HTTP API</h1>
      <p role="alert">
        <a href="/openapi.json">/openapi.json</a> could not be loaded. Load this page again.
      </p>
    </main>
  );
}
