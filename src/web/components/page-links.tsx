/** The pages of a server, by the path they are at. */
const PAGES = [
  ["/", "Chat"],
  ["/editor", "Editor"],
  ["/game", "Arena"],
  ["/dashboard", "Dashboard"],
  ["/docs", "Docs"],
  ["/ops", "Operations"],
] as const;

/** The way from each page to the others. */
export function PageLinks(props: { readonly current: (typeof PAGES)[number][0] }) {
  return (
    <nav class="page-links" aria-label="Pages of this server">
      <ul>
        {PAGES.map(([path, words]) => (
          <li key={path}>
            <a href={path} aria-current={path === props.current ? "page" : undefined}>
              {words}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
