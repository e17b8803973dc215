import type { OpenApi, Operation } from "../document.ts";

/** Where everything is. */
export function Contents({ api, operations }: { api: OpenApi; operations: readonly Operation[] }) {
  return (
    <nav class="contents" aria-label="Contents">
      <ul>
        <li>
          <a href="/docs/kind">Guides</a>
        </li>
        {api.tags.map(({ name }) => (
          <li>
            <a href={`#${name}`}>{name}</a>
            <ul>
              {operations
                .filter(({ tags }) => tags.includes(name))
                .map(({ operationId, summary }) => (
                  <li>
                    <a href={`#${operationId}`}>{summary}</a>
                  </li>
                ))}
            </ul>
          </li>
        ))}
        <li>
          <a href="#errors">Errors</a>
        </li>
        <li>
          <a href="#shapes">Shapes</a>
        </li>
      </ul>
    </nav>
  );
}
