import { Brand } from "../../components/brand.tsx";
import { PageLinks } from "../../components/page-links.tsx";
import { type OpenApi, operationsOf } from "../document.ts";
import { Contents } from "./contents.tsx";
import { OperationView } from "./operation-view.tsx";
import { Inline, RichText } from "./rich-text.tsx";
import { Shape } from "./shape.tsx";

/** The whole API, for people. */
export function Page({
  api,
  origin,
  hasOtherPages,
}: {
  api: OpenApi;
  origin: string;
  hasOtherPages: boolean;
}) {
  const operations = operationsOf(api);
  const { info, tags, components } = api;
  return (
    <div class="docs">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <Brand />
        {hasOtherPages && <PageLinks current="/docs" />}
        <Contents api={api} operations={operations} />
      </header>
      <main id="content" tabindex={-1}>
        <h1>HTTP API</h1>
        <p class="version">
          Version {info.version} · <a href="/openapi.json">openapi.json</a> ·{" "}
          <a href="/asyncapi.json">asyncapi.json</a>, the frames of WebSockets and event streams
        </p>
        <RichText text={info.description} />
        <ul class="schemes">
          {Object.values(components.securitySchemes).map(({ description }) => (
            <li>
              <Inline text={description} />
            </li>
          ))}
        </ul>
        {tags.map((tag) => (
          <section id={tag.name} aria-labelledby={`${tag.name}-title`}>
            <h2 id={`${tag.name}-title`}>{tag.name}</h2>
            <RichText text={tag.description} />
            {operations
              .filter(({ tags: of }) => of.includes(tag.name))
              .map((operation) => (
                <OperationView operation={operation} origin={origin} />
              ))}
          </section>
        ))}
        <section id="errors" aria-labelledby="errors-title">
          <h2 id="errors-title">Errors</h2>
          <dl class="fields">
            {Object.entries(components.examples).map(([code, { value }]) => (
              <>
                <dt id={`error-${code}`}>
                  <code>{code}</code>
                </dt>
                <dd>
                  <code>{JSON.stringify(value)}</code>
                </dd>
              </>
            ))}
          </dl>
        </section>
        <section id="shapes" aria-labelledby="shapes-title">
          <h2 id="shapes-title">Shapes</h2>
          {Object.entries(components.schemas).map(([name, schema]) => (
            <section id={`shape-${name}`} aria-label={name}>
              <h3>{name}</h3>
              {schema.description === undefined ? null : <RichText text={schema.description} />}
              <Shape schema={schema} />
            </section>
          ))}
        </section>
      </main>
    </div>
  );
}
